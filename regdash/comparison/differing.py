"""What settings side by side differ in, and what they have in common, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from regdash.experiment import CHOICES, Experiment
from regdash.params import Param, params_of, shown

NOTHING = "–"
OF_THE_RUNS = ("training.seed", "split.fold")
MOST_COMMON = 14  # settings that the line of what is common names


@dataclass(frozen=True)
class Differing:
    """One setting in which the experiments differ; `texts` has one text for each of them.

    `values` are the values themselves, None where an experiment has no such setting or its curves are imported.
    """

    path: str
    label: str
    texts: tuple[str, ...]
    values: tuple[Any, ...]


def differing(experiments: Sequence[Experiment | None]) -> tuple[Differing, ...]:
    """Every setting in which the experiments differ, in the order of the form; None stands for imported curves."""
    own = [each for each in experiments if each is not None]
    found = [each for place in _places(own) for each in _of_place(place, experiments)]
    labels = [each.label for each in found]
    return tuple(each if labels.count(each.label) == 1 else _told_apart(each, own) for each in found)


def common(experiments: Sequence[Experiment | None]) -> str:
    """What all have in common in a line: the parts, and every setting that is not a default."""
    own = [each for each in experiments if each is not None]
    if not own:
        return ""
    words = [word for place in _places(own) for word in _common_words(place, own)]
    more = f" and {len(words) - MOST_COMMON} more settings" if len(words) > MOST_COMMON else ""
    return ", ".join(words[:MOST_COMMON]) + more


def _places(experiments: Sequence[Experiment]) -> tuple[str, ...]:
    return tuple(experiments[0].parts) if experiments else ()


def _of_place(place: str, experiments: Sequence[Experiment | None]) -> Iterator[Differing]:
    parts = [each.parts[place] if each is not None else None for each in experiments]
    kinds = list(dict.fromkeys(type(part) for part in parts if part is not None))
    if len(kinds) > 1:
        texts = tuple(part.label if part is not None else NOTHING for part in parts)
        yield Differing(place, place.capitalize(), texts, tuple(part and part.name for part in parts))
    seen: set[str] = set()
    for kind in kinds:
        for declared in params_of(kind):
            if declared.name not in seen and f"{place}.{declared.name}" not in OF_THE_RUNS:
                seen.add(declared.name)
                yield from _of_setting(place, declared, parts)


def _of_setting(place: str, declared: Param, parts: Sequence[Any]) -> Iterator[Differing]:
    """The setting where those that have it differ in it."""
    values = tuple(getattr(part, declared.name, None) for part in parts)
    if len({value for value in values if value is not None}) > 1:
        texts = tuple(NOTHING if value is None else shown(value) for value in values)
        yield Differing(f"{place}.{declared.name}", declared.label, texts, values)


def _told_apart(found: Differing, own: Sequence[Experiment]) -> Differing:
    place = found.path.partition(".")[0]
    part = own[0].parts[place]
    head = place.capitalize() if place in CHOICES else part.label
    return Differing(found.path, f"{head}: {found.label}", found.texts, found.values)


def _common_words(place: str, own: Sequence[Experiment]) -> Iterator[str]:
    """The part where all have the same, and what of it is the same and no default."""
    parts = [each.parts[place] for each in own]
    if len({type(part) for part in parts}) > 1:
        return
    first = parts[0]
    if place in CHOICES and place not in ("split", "training", "schedule"):
        yield first.label
    for declared in params_of(type(first)):
        values = {getattr(part, declared.name) for part in parts}
        told = place == "training" and declared.name == "epochs"
        if len(values) == 1 and f"{place}.{declared.name}" not in OF_THE_RUNS:
            (value,) = values
            if value != declared.default or told:
                yield f"{declared.label} {shown(value)}"
