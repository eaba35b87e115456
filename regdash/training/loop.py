"""Training a stack from its first segment to its records."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from regdash.experiment import Experiment
from regdash.record import RunRecord
from regdash.training.live import LiveStack
from regdash.training.seat import Seat
from regdash.training.trail import Progress

__all__ = ["Progress", "Watcher", "train_stack"]

Watcher = Callable[[Mapping[int, Progress]], Collection[int] | None]


def train_stack(
    experiments: Sequence[Experiment],
    *,
    probed: Collection[int] = (),
    on_progress: Watcher | None = None,
    segment_seconds: float = 0.2,
    weights: Sequence[NDArray[np.float32]] | None = None,
) -> list[RunRecord]:
    """Train experiments that share a `stack_key` together; one record for each, in their order.

    After each segment `on_progress` gets the members still training, by index, and returns those to cancel.
    `weights` gives initial weights [P] per member instead of those of the initialiser.
    """
    began, records = time.perf_counter(), dict[int, RunRecord]()
    live = LiveStack(experiments[0])
    given = weights if weights is not None else [None] * len(experiments)
    _raise(live.join([(i, Seat(e, i in probed, given[i])) for i, e in enumerate(experiments)]))
    while live.lanes:
        _, failed = live.segment(segment_seconds)
        _raise(failed)
        began, before = time.perf_counter(), began
        live.spent(began - before)
        going = {trail.ticket: trail.progress for trail in live.trails if trail.going} if on_progress else {}
        cancelled = (on_progress(going) if on_progress else None) or ()
        ended, failed = live.leave(dict.fromkeys(cancelled, "cancelled"))
        _raise(failed)
        records |= ended
    return [records[i] for i in range(len(experiments))]


def _raise(failed: Mapping[int, Exception]) -> None:
    for error in failed.values():
        raise error
