"""Settings in JSON: one experiment, a list of them, or Regdash's own export."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regdash.codec import from_dict, identity
from regdash.comparison.imported import clean_name
from regdash.errors import InvalidExperiment
from regdash.experiment import CHOICES, Experiment
from regdash.imports.histories import BrokenImport
from regdash.params import excerpt
from regdash.repeats import Setting

MOST_SETTINGS = 400  # experiments in one file, each seed and fold counted
MOST_SEEDS = 50


@dataclass(frozen=True)
class Planned:
    """A setting that somebody brought to be trained here; `name` is empty where they gave none."""

    name: str
    setting: Setting


def is_experiment(tree: Any) -> bool:
    """Whether it looks as an experiment does, or holds one under that key."""
    places = (*CHOICES, "regularizers")
    if not isinstance(tree, dict):
        return False
    return isinstance(tree.get("experiment"), dict) or any(isinstance(tree.get(place), dict) for place in places)


def from_experiments(name: str, trees: Sequence[Any]) -> tuple[Planned, ...]:
    """The settings in a list of experiments: those that differ in seed and fold only are seeds of one setting."""
    if not trees:
        raise BrokenImport(f"{name}: there is no experiment in it.")
    if len(trees) > MOST_SETTINGS:
        raise BrokenImport(f"{name}: at most {MOST_SETTINGS} experiments are read, got {len(trees):,}. Split the file.")
    named: dict[str, str] = {}
    seeds: dict[str, dict[int, Experiment]] = {}
    counts: dict[str, int] = {}
    for number, tree in enumerate(trees, 1):
        where = f"{name}, experiment {number}" if len(trees) > 1 else name
        experiment, count, called = _read(where, tree)
        key = identity(_bare(experiment))
        seeds.setdefault(key, {})[experiment.training.seed] = _first_fold(experiment)
        counts[key] = max(count, counts.get(key, 1))
        named[key] = named.get(key) or called
    return tuple(
        Planned(named[key], Setting(first, many))
        for key, found in seeds.items()
        for first, many in _consecutive(found, counts[key])
    )


def _read(where: str, tree: Any) -> tuple[Experiment, int, str]:
    """An experiment, its number of seeds and its name."""
    wrapped = isinstance(tree, dict) and isinstance(tree.get("experiment"), dict)
    count = tree.get("seeds", 1) if wrapped else 1
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_SEEDS:
        raise BrokenImport(f"{where}: seeds must be a whole number between 1 and {MOST_SEEDS}, got {excerpt(count)}.")
    called = tree.get("name", "") if wrapped else ""
    try:
        experiment = from_dict(tree["experiment"] if wrapped else tree)
    except InvalidExperiment as error:
        path, sentence = next(iter(error.errors.items()))
        raise BrokenImport(f"{where}, {path}: {sentence.rstrip('?.')}.") from None
    return experiment, count, clean_name(called, "") if isinstance(called, str) else ""


def _bare(experiment: Experiment) -> Experiment:
    return _first_fold(experiment).with_values({"training.seed": 0})


def _first_fold(experiment: Experiment) -> Experiment:
    return experiment.with_values({"split.fold": 0})


def _consecutive(found: dict[int, Experiment], count: int) -> list[tuple[Experiment, int]]:
    """(experiment of the first seed, how many) for each stretch of seeds without a gap."""
    if len(found) == 1:
        return [(next(iter(found.values())), count)]
    stretches: list[list[int]] = []
    for seed in sorted(found):
        if stretches and seed == stretches[-1][-1] + 1 and len(stretches[-1]) < MOST_SEEDS:
            stretches[-1].append(seed)
        else:
            stretches.append([seed])
    return [(found[each[0]], len(each)) for each in stretches]
