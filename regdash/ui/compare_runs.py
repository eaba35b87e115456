"""The runs of all settings of a comparison as they stand: what is there, what trains and what is missing."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from regdash.comparison import Series, names, own_series
from regdash.comparison.imported import Imported
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.jobs.queue import Queue, RunView
from regdash.links import Comparison, Entry
from regdash.repeats import Setting
from regdash.ui import estimate, room, session, snapshots, tabs
from regdash.ui.rows import missing as rows_missing

GONE = "These imported curves are not on this server: they were deleted, or imported on another one."


@dataclass(frozen=True)
class Lane:
    """One setting of a comparison with its runs; `gone` says why imported curves are not here."""

    entry: Entry
    series: Series
    views: tuple[RunView | None, ...] = ()
    gone: str = ""

    @property
    def moving(self) -> bool:
        """Whether a run of it waits or trains."""
        return any(view is not None and view.state in ("waiting", "running") for view in self.views)

    @property
    def lacking(self) -> tuple[int, ...]:
        """The members that are neither here nor on their way, by their place in the setting."""
        return tuple(at for at, view in enumerate(self.views) if view is None or not _counts(view))

    @property
    def failure(self) -> str:
        """The sentence of a run that failed."""
        return next((view.error for view in self.views if view is not None and view.state == "failed"), "")


@dataclass(frozen=True)
class Lanes:
    """All settings of a comparison with their runs."""

    comparison: Comparison
    lanes: tuple[Lane, ...]

    @property
    def series(self) -> tuple[Series, ...]:
        return tuple(lane.series for lane in self.lanes)

    @property
    def settings(self) -> tuple[Setting, ...]:
        return tuple(lane.entry.setting for lane in self.lanes if lane.entry.setting is not None)

    @property
    def moving(self) -> bool:
        return any(lane.moving for lane in self.lanes)

    @property
    def views(self) -> tuple[RunView, ...]:
        return tuple(view for lane in self.lanes for view in lane.views if view is not None)

    @property
    def wanted(self) -> int:
        """How many runs of our own the comparison has."""
        return sum(len(lane.views) for lane in self.lanes)

    @property
    def lacking(self) -> int:
        """How many runs are neither here nor on their way."""
        return sum(len(lane.lacking) for lane in self.lanes)

    @cached_property
    def stamp(self) -> tuple[Hashable, ...]:
        """Equal as long as nothing of what is drawn has changed."""
        return tuple(
            (
                lane.series.name,
                lane.entry.imported,
                lane.series.opened,
                len(lane.series.histories),
                tuple(map(_stamp, lane.views)),
            )
            for lane in self.lanes
        )


def look(queue: Queue, comparison: Comparison) -> Lanes:
    """Read the runs of all settings at once. Raises RegdashError when the store cannot be read."""
    entries = comparison.entries
    imported = _imported(queue, [entry.imported for entry in entries if entry.imported])
    given = [entry.name or (imported[entry.imported].name if entry.imported in imported else "") for entry in entries]
    called = _named(tuple(entry.experiment for entry in entries), tuple(given))
    ids = [run for entry in entries if entry.setting for run in entry.setting.ids]
    known = dict(zip(ids, queue.watch(ids), strict=True)) if ids else {}
    opened = queue.searches.opened(session.sessions())
    lanes = tuple(_lane(entry, name, known, imported, opened) for entry, name in zip(entries, called, strict=True))
    return Lanes(comparison, lanes)


def train(queue: Queue, lanes: Lanes) -> str:
    """Ask for all runs that are missing; a sentence when they are refused."""
    wanted: list[Experiment] = []
    probed: list[int] = []
    for lane in lanes.lanes:
        setting = lane.entry.setting
        if setting is None or rows_missing(setting.experiment) is not None:
            continue
        for at in lane.lacking:
            if _is_probed(setting, at):
                probed.append(len(wanted))
            wanted.append(setting.members[at])
    try:
        room.submit(queue, wanted, probed, found=False)
    except RegdashError as error:
        return str(error)
    tabs.follow(session.owner(), [run for setting in lanes.settings for run in setting.ids])
    return ""


def cancel(queue: Queue, lanes: Lanes) -> str:
    """End the runs under way; what they have trained is kept. A sentence when that could not be done."""
    moving = [view.run_id for view in lanes.views if view.state in ("waiting", "running")]
    try:
        queue.cancel(session.owner(), moving)
    except RegdashError as error:
        return str(error)
    return ""


def seconds(lanes: Lanes) -> float:
    """About how long training what is missing takes."""
    found = ((lane.entry.setting, len(lane.lacking)) for lane in lanes.lanes if lane.lacking)
    return sum(
        estimate.seconds(setting.experiment, runs)
        for setting, runs in found
        if setting is not None and rows_missing(setting.experiment) is None
    )


@lru_cache(maxsize=64)
def _named(experiments: tuple[Experiment | None, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    return names(experiments, given)


def _lane(
    entry: Entry,
    name: str,
    known: Mapping[str, RunView | None],
    imported: Mapping[str, Imported],
    opened: frozenset[str],
) -> Lane:
    setting = entry.setting
    if setting is None:
        return _imported_lane(entry, name, imported.get(entry.imported))
    views = tuple(known.get(run) for run in setting.ids)
    histories = [view.history if view is not None else None for view in views]
    records = [view.record if view is not None else None for view in views]
    return Lane(entry, own_series(name, setting, histories, records, opened.issuperset(setting.ids)), views)


def _imported_lane(entry: Entry, name: str, found: Imported | None) -> Lane:
    if found is None:
        return Lane(entry, Series(name), gone=GONE)
    curves = {(seed, 0): history for seed, history in enumerate(found.histories)}
    return Lane(entry, Series(name, None, len(curves), curves, {}, len(curves)))


def _imported(queue: Queue, ids: Sequence[str]) -> Mapping[str, Imported]:
    """Imported curves by their id; those that the store does not hold are left out."""
    if not ids:
        return {}
    return queue.imported.get(ids)


def _counts(view: RunView) -> bool:
    """Whether the run is on its way or has ended by itself."""
    cancelled = view.record is not None and view.record.status.startswith("cancelled")
    return view.state != "failed" and not cancelled


def _is_probed(setting: Setting, at: int) -> bool:
    """Whether more is recorded on the way: what the Train page records too."""
    planar = setting.experiment.data.features == 2 and not setting.places[at][1]
    return planar or snapshots.kept(setting.experiment)


def _stamp(view: RunView | None) -> Hashable:
    return None if view is None else (view.run_id, view.state, view.epochs_done, view.version)
