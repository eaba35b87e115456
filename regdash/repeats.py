"""Setting: an experiment repeated over seeds and folds."""

from dataclasses import dataclass
from functools import lru_cache

from regdash.codec import digest, from_json, identity, to_dict
from regdash.errors import RegdashError
from regdash.experiment import Experiment


@dataclass(frozen=True)
class Setting:
    """An experiment and how many seeds repeat it; with folds each seed trains all of them."""

    experiment: Experiment
    seeds: int

    @property
    def members(self) -> tuple[Experiment, ...]:
        """The experiments of this setting: all folds of seed s, then of s + 1, ... and of 0 after the last seed."""
        return _members(self)

    @property
    def ids(self) -> tuple[str, ...]:
        """The run ids of the members."""
        return _ids(self)

    @property
    def folds(self) -> int:
        """How many runs there are of each seed: the folds, or 1 without cross-validation."""
        return max(1, self.experiment.split.folds)

    @property
    def places(self) -> tuple[tuple[int, int], ...]:
        """For each member which seed it has, counted from 0, and which fold."""
        return tuple((seed, fold) for seed in range(self.seeds) for fold in range(self.folds))

    @property
    def repeats(self) -> str:
        """What is repeated, in words: 3 seeds, 5 folds, 3 seeds × 5 folds; nothing for a single run."""
        seeds = f"{self.seeds} seeds" if self.seeds > 1 else ""
        return " × ".join(filter(None, (seeds, f"{self.folds} folds" if self.folds > 1 else "")))


@lru_cache(maxsize=64)
def _members(setting: Setting) -> tuple[Experiment, ...]:
    experiment, folded = setting.experiment, setting.folds > 1
    first = experiment.training.seed
    return tuple(
        experiment.with_values({"training.seed": (first + seed) % 1_000_001} | ({"split.fold": fold} if folded else {}))
        for seed, fold in setting.places
    )


@lru_cache(maxsize=64)
def _ids(setting: Setting) -> tuple[str, ...]:
    return tuple(identity(member) for member in setting.members)


def setting_key(experiment: Experiment) -> str:
    """What all seeds and folds of a setting have in common: the identity of its experiment with seed 0 and fold 0."""
    tree = to_dict(experiment, defaults=False)
    tree["training"].pop("seed", None)
    tree["split"].pop("fold", None)
    return digest(tree)


def setting_of(text: str) -> str:
    """The `setting_key` of an experiment written as JSON; nothing when this version cannot read it."""
    try:
        return setting_key(from_json(text))
    except RegdashError:
        return ""
