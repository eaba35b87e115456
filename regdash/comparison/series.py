"""Series: the runs of one setting as a comparison sees them, our own or imported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from regdash.experiment import Experiment
from regdash.record import History, RunRecord
from regdash.repeats import Setting

Place = tuple[int, int]
"""A run's seed (`training.seed` itself) and its fold; what two settings share is paired."""


@dataclass(frozen=True)
class Series:
    """One setting in a comparison.

    `name` is unique among the settings compared. `histories` and `records` hold what there is, by place: a run under
    way has a history and no record yet. `experiment` (of the first member) is None for imported curves, whose places
    count from 0. `wanted` is how many runs there are to be. `opened` says that a search of the visitor's has opened the
    test part for these runs.
    """

    name: str
    experiment: Experiment | None = None
    seeds: int = 1
    histories: Mapping[Place, History] = field(default_factory=dict)
    records: Mapping[Place, RunRecord] = field(default_factory=dict)
    wanted: int = 1
    opened: bool = False

    @property
    def complete(self) -> bool:
        """Whether every run has ended."""
        return len(self.records) >= self.wanted if self.experiment is not None else bool(self.histories)

    @property
    def penalised(self) -> bool:
        """Whether its losses may hold penalties: those of imported curves may, unless Regdash wrote them."""
        return self.experiment is None and not any("loss" in history for history in self.histories.values())


def own_series(
    name: str,
    setting: Setting,
    histories: Sequence[History | None],
    records: Sequence[RunRecord | None],
    opened: bool = False,
) -> Series:
    """The series of a setting from what is known of its members, in their order."""
    places = [(member.training.seed, member.split.fold) for member in setting.members]
    curves = {at: each for at, each in zip(places, histories, strict=True) if each is not None and len(each.epochs)}
    ended = {at: each for at, each in zip(places, records, strict=True) if each is not None}
    return Series(name, setting.experiment, setting.seeds, curves, ended, len(places), opened)
