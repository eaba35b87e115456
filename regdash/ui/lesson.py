"""What a lesson fixes: locked and hidden settings keep the lesson's values, whatever else is changed."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from regdash.errors import BrokenLink
from regdash.experiment import CHOICES, Experiment, assemble, differences
from regdash.links import MOST_RUNS, REGULARIZATION, SEEDS, Address, from_address, to_address
from regdash.params import params_of, shown
from regdash.regularizers import REGULARIZERS

PARTS = {"data": "Data", "split": "Split", "network": "Network", "optimizer": "Optimizer"}
PARTS |= {"schedule": "Learning-rate schedule", "training": "Training"}
_REGULARIZERS = {kind.name: kind.label for kind in REGULARIZERS}
_NEVER_SHOWN = ("split.fold", "data.table")
_EVERYDAY = ("dropout", "l1", "l2", "weight_decay")
KINDS = ("data", "network", "optimizer", "schedule")


def covers(names: Collection[str], path: str) -> bool:
    """Whether a list of a lesson names this setting or part, by itself or with a larger part.

    A fold means nothing without the number of folds, so whoever fixes the one fixes the other.
    """
    place = path.partition(".")[0]
    if path == "split.folds" and "split.fold" in names:
        return True
    return path in names or place in names or (place in _REGULARIZERS and REGULARIZATION in names)


def obeying(address: Address, lesson: Address | None) -> Address:
    """The address with everything that the lesson fixes as the lesson has it.

    Raises InvalidExperiment where that does not go together with what the visitor has chosen.
    """
    if lesson is None:
        return replace(address, locked=(), hidden=(), text="")
    names = {*lesson.locked, *lesson.hidden}
    parts = {place: _fixed(place, part, lesson, names) for place, part in address.experiment.parts.items()}
    experiment = assemble(parts)
    most = MOST_RUNS // max(1, experiment.split.folds)
    seeds = lesson.seeds if SEEDS in names else min(address.seeds, most)
    bound = replace(address, locked=lesson.locked, hidden=lesson.hidden, text=lesson.text)
    return replace(bound, experiment=experiment, seeds=seeds)


def _fixed(place: str, part: Any, lesson: Address, names: Collection[str]) -> Any:
    """The visitor's part with what the lesson fixes of it."""
    given = lesson.experiment.parts[place]
    if covers(names, place):
        return given
    both = {each.name for each in params_of(type(part))} & {each.name for each in params_of(type(given))}
    values = {name: getattr(given, name) for name in both if covers(names, f"{place}.{name}")}
    return replace(part, **values) if values else part


def read(query: str) -> Address | None:
    """The lesson of a room; None when there is none or this version of Regdash cannot read it."""
    try:
        return from_address(dict(parse_qsl(query))) if query else None
    except (BrokenLink, ValueError):
        return None


def written(address: Address) -> str:
    """A lesson as the query string of its link."""
    return urlencode(to_address(address))


def in_words(address: Address) -> str:
    """How the settings of a lesson differ from the default experiment."""
    found = [f"{each.label} {each.after}" for each in differences(Experiment(), address.experiment)]
    seeds = [f"{address.seeds} seeds"] if address.seeds > 1 else []
    return "; ".join(seeds + found) if found or seeds else "the default experiment"


def told(lesson: Address) -> str:
    """A lesson in a sentence or three: the settings, what is locked, what is hidden."""
    lists = (("Locked", lesson.locked), ("Hidden", lesson.hidden))
    fixed = [
        f"{word}: {', '.join(_label(name, lesson.experiment) for name in names)}." for word, names in lists if names
    ]
    return " ".join((f"The lesson: {in_words(lesson)}.", *fixed))


def hidden_in_words(lesson: Address) -> str:
    """What is fixed out of sight and differs from the default: "Epochs 200, Batch size 16"."""
    found = differences(Experiment(), lesson.experiment)
    words = [f"{each.label} {each.after}" for each in found if covers(lesson.hidden, each.path)]
    if SEEDS in lesson.hidden and lesson.seeds > 1:
        words.append(f"{lesson.seeds} seeds")
    return ", ".join(words)


def out_of_sight(lesson: Address) -> tuple[str, ...]:
    """Everything that no control shows, with its value, also where that is the default: "Epochs (training) 100"."""
    experiment = lesson.experiment
    words = [f"{PARTS[place]}: {experiment.parts[place].label}" for place in KINDS if covers(lesson.hidden, place)]
    for path, value in experiment.values.items():
        place = path.partition(".")[0]
        told = place in CHOICES or place in _EVERYDAY or experiment.parts[place].active
        if told and path not in _NEVER_SHOWN and covers(lesson.hidden, path):
            words.append(f"{_label(path, experiment)} {shown(value)}")
    return (*words, f"Seeds {lesson.seeds}") if SEEDS in lesson.hidden else tuple(words)


def fixable_here(experiment: Experiment) -> dict[str, str]:
    """What a teacher may lock or hide in these settings: name -> how it is called, whole parts first."""
    regularizers = [kind.name for kind in REGULARIZERS if kind.name in _EVERYDAY]
    regularizers += [each.name for each in experiment.regularizers if each.name not in regularizers]
    places = ("data", "split", "network", *regularizers, "optimizer", "schedule", "training")
    single = [f"{place}.{each.name}" for place in places for each in params_of(type(experiment.parts[place]))]
    names = (*PARTS, REGULARIZATION, SEEDS, *(name for name in single if name not in _NEVER_SHOWN))
    return {name: _label(name, experiment) for name in names}


def _label(name: str, experiment: Experiment) -> str:
    if name in (REGULARIZATION, SEEDS):
        return {REGULARIZATION: "Regularisation (all)", SEEDS: "Seeds"}[name]
    place, _, short = name.partition(".")
    part = PARTS.get(place) or _REGULARIZERS[place]
    if not short:
        return f"{part} (all)" if place in CHOICES else part
    kinds = (type(experiment.parts[place]), *CHOICES.get(place, ()))
    found = next((each for kind in kinds for each in params_of(kind) if each.name == short), None)
    label = found.label if found else short
    return label if place not in CHOICES else f"{label} ({part.lower()})"
