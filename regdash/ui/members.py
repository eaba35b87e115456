"""The runs of one setting as they stand: how far they are, and their curves."""

from collections.abc import Hashable
from dataclasses import dataclass

from regdash.jobs.queue import RunView
from regdash.record import History, RunRecord
from regdash.repeats import Setting

__all__ = ["Runs", "Setting", "pairs"]


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
