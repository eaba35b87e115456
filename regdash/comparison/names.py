"""Names for settings side by side, made from what they differ in; the visitor's own name wins."""

from collections.abc import Collection, Sequence

from regdash.comparison.differing import Differing, differing
from regdash.experiment import Experiment, declaration
from regdash.params import params_of
from regdash.regularizers import REGULARIZERS

LONGEST = 60
MOST_WORDS = 4
PLAIN = "No regularisation"
IMPORTED = "Imported curves"
_REGULARIZERS = {kind.name: kind for kind in REGULARIZERS}


def names(experiments: Sequence[Experiment | None], given: Sequence[str]) -> tuple[str, ...]:
    """A name for each setting, unique among them: "L2 0.01", or "Dropout 0.5, Adam".

    `given` are the names that the visitor chose, empty for none; None stands for imported curves.
    """
    columns = differing(experiments)
    found = [
        own or (_name(experiment, [(column, at) for column in columns]) if experiment is not None else IMPORTED)
        for at, (experiment, own) in enumerate(zip(experiments, given, strict=True))
    ]
    return _unique(found)


def _name(experiment: Experiment, cells: Sequence[tuple[Differing, int]]) -> str:
    """The setting in words: regularisers that are on, and everything else in which it differs."""
    exchanged = {column.path for column, _ in cells if "." not in column.path}
    words = [word for column, at in cells if (word := _word(experiment, column, at, exchanged))]
    if not words:
        return _silent(experiment, cells)
    if not experiment.regularizers and any(column.path.partition(".")[0] in _REGULARIZERS for column, _ in cells):
        words = [PLAIN, *words]
    kept = words if len(words) <= MOST_WORDS else [*words[:MOST_WORDS], "…"]
    name = ", ".join(kept).replace(", …", " …")
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _word(experiment: Experiment, column: Differing, at: int, exchanged: Collection[str]) -> str:
    """One of the settings in words; nothing for a regulariser that is off, or for a default of an exchanged part."""
    place, _, setting = column.path.partition(".")
    value, text = column.values[at], column.texts[at]
    if value is None:
        return ""
    if place in exchanged and setting and value == declaration(experiment, column.path).default:
        return ""
    if place not in _REGULARIZERS:
        return f"{column.label} {text}" if setting else text
    kind = _REGULARIZERS[place]
    if not experiment.regularizer(kind).active:
        return ""
    if value is True:
        return column.label
    return f"{kind.label if _is_strength(kind.name, setting) else column.label} {text}"


def _is_strength(name: str, setting: str) -> bool:
    """Whether the setting is the one that the regulariser's own label speaks of: its first."""
    return params_of(_REGULARIZERS[name])[0].name == setting


def _silent(experiment: Experiment, cells: Sequence[tuple[Differing, int]]) -> str:
    """The name of a setting of which none of the differing things is on."""
    if not cells:
        return f"{experiment.data.label}, {experiment.network.label}"
    if not experiment.regularizers:
        return PLAIN
    absent = dict.fromkeys(
        _REGULARIZERS[place].label for column, _ in cells if (place := column.path.partition(".")[0]) in _REGULARIZERS
    )
    return f"Without {', '.join(list(absent)[:3])}" if absent else PLAIN


def _unique(found: Sequence[str]) -> tuple[str, ...]:
    """The same names, later ones of equal ones with a number behind them."""
    taken: list[str] = []
    for name in found:
        number, wanted = 1, name
        while wanted in taken:
            number += 1
            wanted = f"{name} ({number})"
        taken.append(wanted)
    return tuple(taken)
