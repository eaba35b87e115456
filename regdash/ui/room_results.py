"""What a class has found, worked out once for everybody who looks."""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from threading import Lock

from regdash.charts.room import Found
from regdash.codec import from_json
from regdash.errors import InvalidExperiment
from regdash.experiment import Experiment
from regdash.jobs.queue import Queue
from regdash.jobs.recent import Recent
from regdash.record import RunRecord
from regdash.store.rooms import Contribution

FRESH_SECONDS = 2.0  # for which everybody gets the same answer
MOST_READ = 200  # records at one look; the others come with the next
KEPT = 20_000  # figures of single runs

Figures = tuple[float, int, float, float]  # lowest validation loss, its epoch, gap, score


@dataclass(frozen=True)
class Results:
    """The results of a class: `found` per pupil and setting, and how many runs still wait or train.

    `stamp` tells one state of a room from all others.
    """

    found: tuple[Found, ...] = ()
    pupils: int = 0
    moving: int = 0
    unread: int = 0
    stamp: int = 0


class _Shared:
    """The last answer about one room, and when it was given."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.at = -FRESH_SECONDS
        self.results = Results()
        self.seen: list[Contribution] = []


_figures = Recent(KEPT)
_rooms = Recent(256)
_lock = Lock()
_stamps = count(1)


def of(queue: Queue, room: str) -> Results:
    """The results of a room; for a moment all visitors share one answer."""
    shared = _shared(queue, room)
    with shared.lock:
        if time.monotonic() - shared.at >= FRESH_SECONDS:
            contributions = queue.rooms.contributions(room)
            if contributions != shared.seen or shared.results.unread:
                shared.results, shared.seen = _read(queue, contributions), contributions
            shared.at = time.monotonic()
        return shared.results


def forget(queue: Queue, room: str) -> None:
    """Look again at the next question, because the room has just been changed."""
    _shared(queue, room).at = -FRESH_SECONDS


def _shared(queue: Queue, room: str) -> _Shared:
    with _lock:
        known: _Shared = _rooms.get((queue, room)) or _Shared()
        _rooms.put((queue, room), known)
    return known


def counted(results: Results) -> str:
    """How much there is, in a sentence."""
    if not results.found:
        return "No results yet."
    number, pupils = len(results.found), results.pupils
    return f"{number} {'result' if number == 1 else 'results'} from {pupils} {'pupil' if pupils == 1 else 'pupils'}."


@lru_cache(maxsize=4_096)
def setting_of(text: str) -> Experiment | None:
    """The setting of a run without its seed and fold; None when this version of Regdash cannot read it."""
    try:
        experiment = from_json(text)
    except InvalidExperiment:
        return None
    return plain(experiment)


def plain(experiment: Experiment) -> Experiment:
    """A setting without the seed and the fold of one of its runs."""
    return experiment.with_values({"training.seed": 0, "split.fold": 0})


def _read(queue: Queue, contributions: Sequence[Contribution]) -> Results:
    done = [each for each in contributions if each.state == "done"]
    new = [each for each in done if _figures.get(_key(each)) is None]
    for each, record in _records(queue, new[:MOST_READ]):
        _figures.put(_key(each), _measured(record))
    groups: dict[tuple[str, Experiment], list[Figures]] = defaultdict(list)
    for each in done:
        setting, figures = setting_of(each.experiment), _figures.get(_key(each))
        if setting is not None and figures is not None:
            groups[each.nickname, setting].append(figures)
    found = tuple(_found(nickname, setting, runs) for (nickname, setting), runs in groups.items())
    moving = sum(each.state in ("waiting", "running") for each in contributions)
    unread = max(0, len(new) - MOST_READ)
    return Results(found, len({each.nickname for each in found}), moving, unread, next(_stamps))


def _records(queue: Queue, wanted: Sequence[Contribution]) -> Iterable[tuple[Contribution, RunRecord]]:
    for each, view in zip(wanted, queue.watch([each.run_id for each in wanted]), strict=True):
        if view is not None and view.record is not None:
            yield each, view.record


def _measured(record: RunRecord) -> Figures:
    history, epoch = record.history, record.best_epoch
    column = "val_r2" if "val_r2" in history else "val_accuracy"
    best = float(history["val_loss"][epoch - 1]) if epoch else float("nan")
    score = float(history[column][-1]) if column in history and len(history.epochs) else float("nan")
    return best, epoch, record.gap, score


def _found(nickname: str, setting: Experiment, runs: Sequence[Figures]) -> Found:
    best, epochs, gap, score = zip(*runs, strict=True)
    return Found(nickname, setting, best, epochs, gap, score)


def _key(each: Contribution) -> tuple[str, str]:
    """A run that was cancelled and trained again has another end."""
    return each.run_id, each.status
