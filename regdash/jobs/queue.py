"""What pages call: submit experiments, watch them, cancel them. Nothing here loads the engine."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, cast

from regdash.codec import from_json, identity, to_json
from regdash.errors import InvalidExperiment, RegdashError
from regdash.experiment import Experiment
from regdash.jobs.embedded import Embedded, open_or_temporary
from regdash.jobs.engine import EngineView, EngineWatch
from regdash.jobs.limits import check_limits
from regdash.jobs.overview import Overview, overview
from regdash.jobs.own_tables import share_tables
from regdash.jobs.partial import Partial, unpack_partial
from regdash.jobs.recent import Recent
from regdash.jobs.searches import Searches
from regdash.jobs.watching import Watch
from regdash.record import History, Probe, RunRecord, unpack
from regdash.repeats import setting_key
from regdash.settings import Settings
from regdash.store.coordinators import read_signs
from regdash.store.database import Database, open_store
from regdash.store.imported import ImportedStore
from regdash.store.learning import LearningStore
from regdash.store.requests import RequestStore, RunRow, Wanted
from regdash.store.rooms import RoomStore
from regdash.store.shelf import ShelfStore
from regdash.store.trained import TrainedStore

State = Literal["waiting", "running", "done", "failed"]

KEPT = 256  # unpacked runs in the memory of the web process
MINUTE = 60.0
ENSURED = 0.1  # seconds between two looks whether the embedded coordinator runs


@dataclass(frozen=True)
class RunView:
    """One run as a page sees it."""

    run_id: str
    experiment: Experiment
    state: State
    epochs_done: int
    epochs_total: int
    seconds_left: float | None
    place: int  # in the queue, from 1; 0 when it is not waiting
    history: History | None  # so far, or of the record
    probe: Probe | None
    record: RunRecord | None  # when done: finished, stopped early, diverged or cancelled
    error: str  # a sentence, when failed
    version: str = ""  # another one whenever the store holds something newer


@dataclass(frozen=True)
class Load:
    """How much is to be done, for all sessions together."""

    waiting: int  # runs
    running: int
    sessions: int  # that wait for something
    seconds: float | None  # until all that waits has been trained, at the speed of the last minute


class Queue:
    """The way from pages to the engine; safe to share between sessions and threads."""

    def __init__(
        self, database: Database, limits: Settings, embedded: Embedded | None = None, warning: str = ""
    ) -> None:
        self.warning = warning
        self.rooms = RoomStore(database)
        self.shelf = ShelfStore(database, limits)
        self.trained = TrainedStore(database)
        self.imported = ImportedStore(database, limits)
        self.learning = LearningStore(database)
        self._database = database
        self._requests = RequestStore(database)
        self._limits = limits
        self._embedded = embedded
        self._engine = EngineWatch(database, embedded)
        self._unpacked = Recent(KEPT)
        self._loads = Recent(1)
        self._ensured = 0.0
        self._watch = Watch(database, self._requests)
        self.searches = Searches(database, limits, self._ensure)

    def submit(
        self, session: str, experiments: Sequence[Experiment], probed: Collection[int] = (), room: str = ""
    ) -> list[str]:
        """Ask for experiments to be trained; returns the ids of their runs, in order.

        A finished run of the same experiment is used again, never trained twice. Of those at the indices `probed` more
        is recorded on the way, see `api.train`. In a `room`, by its id, all who are in it see the results. Raises
        RegdashError with a sentence when a limit is passed.
        """
        check_limits(experiments, self._limits)
        share_tables(self._database, session, experiments, self._limits)
        wanted: dict[str, Wanted] = {}
        for index, experiment in enumerate(experiments):
            run_id = identity(experiment)
            grid = index in probed or (run_id in wanted and wanted[run_id].probed)
            text, epochs = to_json(experiment), experiment.training.epochs
            wanted[run_id] = Wanted(run_id, text, epochs, grid, setting_key(experiment))
        self._ensure()
        self._requests.submit(session, list(wanted.values()), self._limits, room)
        self._watch.forget(list(wanted))
        return [identity(experiment) for experiment in experiments]

    def bring(self, session: str, experiment: Experiment) -> None:
        """Keep the table of a visitor's experiment; RegdashError with a sentence when they have brought too much."""
        share_tables(self._database, session, [experiment], self._limits)

    def watch(self, run_ids: Sequence[str]) -> list[RunView | None]:
        """How far the runs are, in order; None for a run the store does not know."""
        self._ensure()
        rows, running = self._running(run_ids)
        if any(row.state == "running" and row.epochs_done and id_ not in running for id_, row in rows.items()):
            self._watch.forget(run_ids)  # they have ended since their rows were read
            rows, running = self._running(run_ids)
        waiting = [id_ for id_, row in rows.items() if row.state == "waiting"]
        places = self._requests.places(waiting) if waiting else {}
        done = self._fetch([row for row in rows.values() if row.state == "done"], self._requests.records, _record)
        lost = "its record is missing from the store"
        views = {
            id_: _view(row, places.get(id_, 0), running.get(id_), done.get(id_, lost)) for id_, row in rows.items()
        }
        return [views.get(run_id) for run_id in run_ids]

    def cancel(self, session: str, run_ids: Sequence[str]) -> None:
        """Stop runs that this session asked for; a run that others wait for too goes on for them."""
        self._requests.cancel(session, run_ids)
        self._watch.forget(run_ids)

    def engine(self) -> EngineView:
        """Whether the engine is starting, ready or down."""
        self._ensure()
        return self._engine.view()

    def load(self) -> Load:
        """How much is to be done, and how long that may take; looked up once a second for all sessions."""
        second = int(time.monotonic())
        known: Load | None = self._loads.get(second)
        if known is None:
            self._loads.put(second, known := self._load())
        return known

    def _load(self) -> Load:
        found = self._requests.queue()
        pace = sum(float(sign.stats.get("speed", 0)) for sign in read_signs(self._database) if sign.age < MINUTE)
        seconds = found.epochs_waiting / pace if pace else None
        return Load(found.waiting, found.running, found.sessions, seconds)

    def overview(self) -> Overview:
        """All that operators want to know."""
        return overview(self._database, self._limits, self._engine.lives)

    def close(self) -> None:
        """End the embedded coordinator and give the store back."""
        if self._embedded is not None:
            self._embedded.close()
        self._watch.close()
        self._database.close()

    def _ensure(self) -> None:
        if self._embedded is not None and time.monotonic() >= self._ensured + ENSURED:
            self._ensured = time.monotonic()
            self._embedded.ensure()

    def _running(self, run_ids: Sequence[str]) -> tuple[dict[str, RunRow], dict[str, Partial]]:
        """The rows of the runs that this version can read, and the curves so far of those that train."""
        rows = {id_: row for id_, row in self._watch.rows(run_ids).items() if _experiment(row.experiment) is not None}
        return rows, self._fetch(
            [row for row in rows.values() if row.state == "running"], self._requests.progress, _partial
        )

    def _fetch(
        self, rows: Sequence[RunRow], load: Callable[[list[str]], Mapping[str, bytes]], read: Callable[[bytes], Any]
    ) -> dict[str, Any]:
        """Unpacked blobs by run id, from memory where the store holds nothing newer."""
        keys = {row.run_id: (row.state, row.attempt, row.version) for row in rows}
        found = {id_: self._unpacked.get((id_, *key)) for id_, key in keys.items()}
        missing = [id_ for id_, value in found.items() if value is None]
        for id_, data in (load(missing) if missing else {}).items():
            found[id_] = read(data)
            self._unpacked.put((id_, *keys[id_]), found[id_])
        return {id_: value for id_, value in found.items() if value is not None}


def connect(settings: Settings, command: Sequence[str] = (), quiet: bool = False) -> Queue:
    """Open the store and start the embedded coordinator if none runs.

    With a coordinator of its own it never raises for a store that cannot be written: a temporary one takes its place,
    and `Queue.warning` says where and why. Where the coordinator is a service of its own, that would train nothing of
    it, so StoreUnavailable is raised. `command` starts another coordinator than Regdash's own; a `quiet` one keeps its
    log to itself.
    """
    if not settings.embedded:
        return Queue(open_store(settings.store_url, settings.patience_seconds), settings)
    database, url, warning = open_or_temporary(settings)
    embedded = Embedded(settings, url, command, quiet)
    embedded.ensure()
    return Queue(database, settings, embedded, warning)


@lru_cache(maxsize=1_024)
def _experiment(text: str) -> Experiment | None:
    """The experiment of a row; None when another version of Regdash wrote it and this one cannot read it."""
    try:
        return from_json(text)
    except InvalidExperiment:
        return None


def _record(data: bytes) -> RunRecord | str:
    try:
        return unpack(data)
    except RegdashError as error:
        return str(error)


def _partial(data: bytes) -> Partial | None:
    try:
        return unpack_partial(data)
    except RegdashError:
        return None  # the next report replaces it


def _view(row: RunRow, place: int, partial: Partial | None, done: RunRecord | str) -> RunView:
    record = done if isinstance(done, RunRecord) else None
    damaged = row.state == "done" and record is None
    source = record or partial
    return RunView(
        run_id=row.run_id,
        experiment=cast(Experiment, _experiment(row.experiment)),
        state="failed" if damaged else cast(State, row.state),
        epochs_done=row.epochs_done,
        epochs_total=row.epochs_total,
        seconds_left=_seconds_left(row),
        place=place,
        history=source.history if source else None,
        probe=source.probe if source else None,
        record=record,
        error=f"This run cannot be shown: {done}. Train it again." if damaged else row.error,
        version=f"{row.attempt}.{row.version}",
    )


def _seconds_left(row: RunRow) -> float | None:
    """(epochs to go) * (seconds so far / epochs so far), less what has passed since the last report."""
    if row.state != "running" or not row.epochs_done:
        return None
    pace = (row.updated - row.started) / row.epochs_done
    return max(0.0, pace * (row.epochs_total - row.epochs_done) - (time.time() - row.updated))
