"""An experiment as a Keras script that stands alone: the same rows, initial weights and batches, the same numbers."""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from regdash.codec import identity, to_dict
from regdash.experiment import Experiment, differences
from regdash.export.code.batches import batches_section
from regdash.export.code.data import PURPOSES, data_section
from regdash.export.code.network import network_section
from regdash.export.code.optimizer import optimizer_section
from regdash.export.code.pieces import Constant, Section, imports_of, joined
from regdash.export.code.places import places_of
from regdash.export.code.split import split_section
from regdash.export.code.training import training_section
from regdash.links import to_link

RESULTS = """
if not curves:
    raise SystemExit("The loss was infinite after the first epoch; lower the learning rate.")
best = min(range(len(curves)), key=lambda epoch: curves[epoch]["val_loss"])
for name, epoch in (("best", best), ("last", len(curves) - 1)):
    row = {curve: f"{value:.4f}" for curve, value in curves[epoch].items()}
    print(f"{name} epoch {epoch + 1}:", *(f"{curve} {value}" for curve, value in row.items()))
"""
JSON = """
numbers = {
    "epochs": len(curves),
    "best_epoch": best + 1,
    "best": curves[best],
    "last": curves[-1],
    "kept_l2_norm": sum(np.sum(w**2) for w in kernels()) ** 0.5,  # of the weights at the end
}
print(json.dumps(numbers, default=float))
"""


def script(experiment: Experiment, site: str = "") -> str:
    """The script; `site` is the address of a Regdash, for the link back to the experiment.

    Raises RegdashError with a sentence where a part has no code, such as arrays that a program handed in.
    """
    to_dict(experiment)  # says what to do about arrays that a program handed in
    parts = sections(experiment)
    text = [header(experiment, site), imports(experiment, parts), constants(experiment, parts)]
    for part in parts:
        text += [banner(part.title), *part.blocks]
    return joined_script(text)


def sections(experiment: Experiment) -> tuple[Section, ...]:
    """The sections of an experiment in their order."""
    data = data_section(experiment.data, experiment.split.seed)
    found = (
        data,
        split_section(experiment),
        batches_section(experiment),
        network_section(experiment),
        optimizer_section(experiment),
        training_section(experiment),
        Section("Results", "", (RESULTS, JSON)),
    )
    return _with_purposes(found)


def _with_purposes(found: tuple[Section, ...]) -> tuple[Section, ...]:
    """The names of the purposes of chance that are in use stand in front of the function that asks for them."""
    code = "\n".join(block for part in found for block in part.blocks)
    used = [name for name in PURPOSES if re.search(rf"\b{name}\b", code)]
    numbers = ", ".join(str(PURPOSES.index(name)) for name in used)
    line = f"{', '.join(used)} = {numbers}  # what chance is needed for"
    first = found[0]
    return (Section(first.title, first.words, (line, *first.blocks), first.constants), *found[1:])


def header(experiment: Experiment, site: str = "") -> str:
    """What the script is, in words, and the link to the experiment."""
    link = f"{site.rstrip('/')}/?{urlencode(to_link(experiment))}"
    what = f"{experiment.data.label}, {_lower(experiment.network.label)}: a run of Regdash in plain Keras."
    return "\n".join(
        [
            f'"""{what}',
            "",
            *_changes(experiment),
            f"It draws the same rows, initial weights and batches as run {identity(experiment)},",
            f"so it ends with the same numbers{_but(experiment)}.",
            "It needs keras, tensorflow, numpy and scikit-learn.",
            "The experiment in Regdash:" if site else "The experiment in Regdash, behind the address of yours:",
            link,
            '"""',
        ]
    )


def _but(experiment: Experiment) -> str:
    return " up to the luck of dropout and noise" if places_of(experiment).by_chance else ""


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:] if not label[:2].isupper() else label


def _changes(experiment: Experiment) -> list[str]:
    """What differs from the defaults, a line each; at most a dozen."""
    found = [f"{each.label}: {each.after}" for each in differences(Experiment(), experiment)]
    found = [line for line in found if line.isascii() or len(line) < 90]
    return [*(f"* {line}" for line in found[:12]), ""] if found else []


def banner(title: str) -> str:
    """A comment that parts the sections."""
    return f"# {f' {title} ':-^76}"


def imports(experiment: Experiment, parts: Sequence[Section]) -> str:
    """All imports of the sections."""
    return imports_of("\n".join([constants(experiment, parts), *(block for part in parts for block in part.blocks)]))


def constants(experiment: Experiment, parts: Sequence[Section]) -> str:
    """The values of all sections, under their names."""
    known = {each.name: each for part in parts for each in part.constants}
    seed = Constant("SEED", experiment.training.seed, "of initial weights, order of the rows and dropout")
    lines = [str(each) for each in (*known.values(), seed)]
    if places_of(experiment).by_chance:
        lines.append("keras.utils.set_random_seed(SEED)  # Regdash draws dropout and noise of the same kind")
    return "\n".join(lines)


def joined_script(blocks: Sequence[str]) -> str:
    """The blocks as the text of a file."""
    return joined(blocks) + "\n"
