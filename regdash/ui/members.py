"""The runs of one setting: an experiment repeated over seeds and folds."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache

from regdash.codec import identity
from regdash.experiment import Experiment
from regdash.jobs.queue import RunView
from regdash.record import History, RunRecord


@dataclass(frozen=True)
class Setting:
    """An experiment and how many seeds repeat it; with folds each seed trains all of them."""

    experiment: Experiment
    seeds: int

    @property
    def members(self) -> tuple[Experiment, ...]:
        """The experiments of this setting: all folds of seed s, then of s + 1, ... and of 0 after the last seed."""
        return tuple(member for member, _ in _members(self))

    @property
    def ids(self) -> tuple[str, ...]:
        """The run ids of the members."""
        return tuple(run for _, run in _members(self))

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
def _members(setting: Setting) -> tuple[tuple[Experiment, str], ...]:
    """The members with their run ids."""
    experiment, folded = setting.experiment, setting.folds > 1
    first = experiment.training.seed
    made = (
        experiment.with_values({"training.seed": (first + seed) % 1_000_001} | ({"split.fold": fold} if folded else {}))
        for seed, fold in setting.places
    )
    return tuple((member, identity(member)) for member in made)


@dataclass(frozen=True)
class Runs:
    """The runs of one setting as they stand now."""

    setting: Setting
    views: tuple[RunView, ...]

    @property
    def histories(self) -> tuple[History, ...]:
        """The curves so far, of the members that have any."""
        return tuple(view.history for view in self.views if view.history is not None and len(view.history.epochs))

    @property
    def records(self) -> tuple[RunRecord, ...]:
        """The records of the members that have ended."""
        return tuple(view.record for view in self.views if view.record is not None)

    @property
    def moving(self) -> bool:
        """Whether a member still waits or trains."""
        return any(view.state in ("waiting", "running") for view in self.views)

    @property
    def failure(self) -> str:
        """The sentence of a member that failed, or nothing."""
        return next((view.error for view in self.views if view.state == "failed"), "")

    @property
    def stamp(self) -> tuple[Hashable, ...]:
        """Equal as long as nothing of what is drawn of these runs has changed."""
        views = tuple((view.run_id, view.state, view.epochs_done, view.version) for view in self.views)
        return (self.setting.seeds, self.setting.folds, views)

    @property
    def id(self) -> str:
        """The id of the first member."""
        return self.setting.ids[0]


def pairs(current: Runs, baseline: Runs | None) -> tuple[History, ...]:
    """For each of the current curves that of the baseline with the same seed and fold, empty where there is none.

    Other folds are other validation rows, so settings with different folds have no pairs.
    """
    if baseline is None or baseline.setting.folds != current.setting.folds:
        return ()
    known = dict(zip(baseline.setting.places, (view.history for view in baseline.views), strict=False))
    drawn = zip(current.setting.places, current.views, strict=False)
    return tuple(
        known.get(at) or History({}) for at, view in drawn if view.history is not None and len(view.history.epochs)
    )
