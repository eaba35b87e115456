"""What stands under the title of an exported chart: settings, seeds and versions in a line."""

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from regdash import __version__
from regdash.comparison.differing import common
from regdash.repeats import Setting

MOST_TOLD = 2  # settings that are told in full; of more only what they have in common
LABELS = {"keras": "Keras", "tensorflow": "TensorFlow", "jax": "JAX"}


def caption(settings: Mapping[str, Setting]) -> str:
    """Settings by their names in a line, with their seeds and folds.

    "Two moons, Dense network, Adam, L2 strength 0.001, Epochs 150; seeds 0 to 4."
    """
    if not settings:
        return ""
    told = list(settings.items())
    if len(told) == 1:
        return f"{_words([told[0][1]])}."
    if len(told) <= MOST_TOLD:
        return " ".join(f"{name}: {_words([setting])}." for name, setting in told)
    return f"All: {_words([setting for _, setting in told])}."


def versions() -> dict[str, str]:
    """The installed versions of what trains and draws, by package; nothing is imported for it."""
    found = {"regdash": __version__}
    for package in ("keras", "tensorflow", "jax", "plotly"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def versions_words(known: Mapping[str, str] | None = None) -> str:
    """The versions in words, of a record or those installed: "Regdash 0.6, Keras 3.15.1, TensorFlow 2.21.0"."""
    given = {"regdash": __version__} | dict(known or versions())
    backends = [package for package in ("tensorflow", "jax") if package in given][:1]
    told = [f"Regdash {given['regdash']}", *(f"{LABELS[p]} {given[p]}" for p in ("keras", *backends) if p in given)]
    return ", ".join(told)


def _words(settings: Sequence[Setting]) -> str:
    words = common([setting.experiment for setting in settings])
    repeats = {_repeats(setting) for setting in settings}
    return "; ".join(filter(None, (words, repeats.pop() if len(repeats) == 1 else "")))


def _repeats(setting: Setting) -> str:
    first = setting.experiment.training.seed
    seeds = f"seed {first}" if setting.seeds == 1 else f"seeds {first} to {first + setting.seeds - 1}"
    return f"{seeds}, {setting.folds} folds" if setting.folds > 1 else seeds


def with_versions(caption: str) -> str:
    """A caption, and the versions as a sentence of its own."""
    first = caption if not caption or caption.endswith(".") else f"{caption}."
    return f"{first} {versions_words()}.".strip()
