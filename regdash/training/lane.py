"""A lane: the part of a stack that one thread trains, and what its members have produced so far."""

import time
from collections.abc import Mapping, Sequence
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.record import RunRecord
from regdash.training.backend import traces
from regdash.training.groups import work
from regdash.training.plan import batch_rows
from regdash.training.probes import answers
from regdash.training.seat import Seat
from regdash.training.stack import Looks, Stack
from regdash.training.trail import Trail

FIRST_SEGMENT = 5  # epochs, while nothing is known about the speed
HEAVY_WORK, MANY_STEPS = 2**27, 500  # in an epoch, above which the first segment has only one
LONGEST_SEGMENT = 200
DETAIL_NUMBERS = 2**24  # of the probed members in one segment: 64 MiB


class Lane:
    """Members that advance together; they come and go between two segments."""

    def __init__(self) -> None:
        self.trails: list[Trail] = []
        self._stack: Stack | None = None

    @property
    def stack(self) -> Stack:
        assert self._stack is not None, "nobody has joined the lane"
        return self._stack

    def join(self, newcomers: Sequence[tuple[int, Seat]]) -> None:
        """Take members on, each with its ticket."""
        seats = [seat for _, seat in newcomers]
        if self._stack is None:
            self._stack = Stack(seats)
        else:
            self._stack.change(np.arange(len(self.trails)), seats)
        columns, planar = self.stack.program.columns, self.stack.form.planar
        self.trails += [Trail(ticket, seat, columns, planar) for ticket, seat in newcomers]

    def segment(self, seconds: float) -> int:
        """Train all members through one segment of about so many seconds; the epochs of all members together."""
        stack, program = self.stack, self.stack.program
        first = [seat.epoch for seat in stack.seats]
        epochs = min(max(self.foretold(seconds), 1), self.most_epochs(), max(s.to_go for s in stack.seats))
        before, began = traces(program.segment), time.perf_counter()
        result = stack.advance(epochs)
        if traces(program.segment) == before:
            program.seconds_per_epoch[self.size] = (time.perf_counter() - began) / epochs
        kept, active = result.was_active & result.finite, stack.active
        for place, trail in enumerate(self.trails):
            lost = result.was_active[:, place] & ~result.finite[:, place]
            trail.note(result.history[kept[:, place], :, place], bool(lost.any()), bool(active[place]))
        for looks in result.looks:
            self._look(first, looks, kept)
        return int(kept.sum())

    @property
    def size(self) -> tuple[int, int]:
        """What the time of an epoch depends on: members and rows."""
        return len(self.trails), self.stack.rows

    def foretold(self, seconds: float) -> int:
        """How many epochs take about so long, as far as that is known."""
        known, (members, rows) = self.stack.program.seconds_per_epoch, self.size
        others = [count for count, n in list(known) if n == rows]  # other lanes write it, too
        if not others:
            return self._first_segment()
        nearest = min(others, key=lambda count: abs(log(count / members)))
        return int(seconds / (known[nearest, rows] * max(1.0, members / nearest)))

    def most_epochs(self) -> int:
        """The epochs of the longest segment; fewer where the weights of probed members are many."""
        layout, probed = self.stack.program.layout, sum(seat.probed for seat in self.stack.seats)
        return min(LONGEST_SEGMENT, max(1, DETAIL_NUMBERS // max(probed * (layout.size + layout.moving_size), 1)))

    def _first_segment(self) -> int:
        """Epochs while nothing is known about the speed: few enough that a cancel is soon seen."""
        example = self.stack.seats[0].experiment
        steps = self.stack.rows / batch_rows(example, self.stack.rows)
        heavy = steps > MANY_STEPS or len(self.trails) * work(example) > HEAVY_WORK
        return 1 if heavy else FIRST_SEGMENT

    def _look(self, first: Sequence[int], looks: Looks, kept: NDArray[np.bool_]) -> None:
        """Hand on what was seen of the probed members after epochs that count."""
        points, weights, dead = looks.details
        seen = answers(self.trails[0].task, points) if self.stack.form.planar else points
        for d, (e, place) in enumerate(zip(looks.epochs, looks.places, strict=True)):
            if kept[e, place]:
                shown = seen[d].copy(), weights[d].copy(), dead[d].copy()
                self.trails[place].look(first[place] + int(e) + 1, *shown)

    def leave(self, cuts: Mapping[int, str]) -> dict[int, RunRecord]:
        """Let finished, stopped and diverged members leave, and those with a word in `cuts`; their records."""
        leaving = [place for place, trail in enumerate(self.trails) if not trail.going or trail.ticket in cuts]
        if not leaving:
            return {}
        records = self._records(np.array(leaving), cuts)
        stay = np.setdiff1d(np.arange(len(self.trails)), leaving)
        self.stack.change(stay)
        self.trails = [self.trails[place] for place in stay]
        return records

    def _records(self, places: NDArray[np.intp], cuts: Mapping[int, str]) -> dict[int, RunRecord]:
        """The records of leaving members, with the answers at their final weights and a last look at the grid."""
        stack, trails = self.stack, [self.trails[place] for place in places]
        now, best, has_best = stack.weights[places], stack.best_weights[places], stack.has_best[places]
        keeps = np.array([trail.keeps_best(bool(has)) for trail, has in zip(trails, has_best, strict=True)])
        final = np.where(keeps[:, None], best, now)
        late = np.array([k for k, trail in enumerate(trails) if trail.wants_last_look], np.intp)
        if len(late):
            for k, z in zip(late, stack.predict(now[late], "grid", places[late]), strict=True):
                trails[k].last_look(z)
        tables: list[Any] = [stack.predict(final, part, places) for part in ("train_x", "val_x")]
        lowest_test = stack.predict_test(best, places)
        for k, trail in enumerate(trails):
            lowest_test[k] = lowest_test[k] if trail.knows_lowest(bool(has_best[k])) else lowest_test[k][:0]
        tables += [stack.lowest_outputs[places], stack.predict_test(final, places), lowest_test]
        return {
            trail.ticket: trail.record(
                trail.status(cuts.get(trail.ticket, "")),
                final[k].copy(),  # a view would keep the weights of all members in memory
                tuple(table[k].copy() for table in tables),
                stack.program.layout,
            )
            for k, trail in enumerate(trails)
        }
