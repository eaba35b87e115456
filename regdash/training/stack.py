"""A stack: R members and all their numbers, advanced segment by segment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.training.backend import EPOCHS_AT_ONCE, looks_of, on_device, padded
from regdash.training.form import Form, form_of
from regdash.training.plan import Planner
from regdash.training.program import Program, program_for, ready_form
from regdash.training.seat import Seat
from regdash.training.tensors import (
    OWN,
    chosen_rows,
    data_of,
    first_state,
    members_of,
    merged,
    placed,
    seen_rows,
    with_plateau,
)

NOBODY = np.zeros(0, np.intp)
TEST_NUMBERS = 2**24  # of the test rows that are on the device at once: 64 MiB


@dataclass(frozen=True)
class Looks:
    """What was seen of D probed members, each after an epoch (from 0 in the segment).

    Answers on the grid [D, G, O], weights [D, P + Q] and shares of dead units [D, stations].
    """

    epochs: NDArray[np.intp]
    places: NDArray[np.intp]
    details: tuple[NDArray[np.float32], ...]


@dataclass(frozen=True)
class Segment:
    """What a segment produced: the history [E, M, R] of M columns, who counted in it, and the looks at the probed."""

    history: NDArray[np.float32]
    was_active: NDArray[np.bool_]  # [E, R]
    finite: NDArray[np.bool_]  # [E, R]
    looks: Sequence[Looks]


class Stack:
    """The members that are still training, in `seats`; each is at an epoch of its own."""

    def __init__(self, seats: Sequence[Seat]) -> None:
        self.seats: list[Seat] = []
        self._sources: dict[Any, int] = {}
        self._places: list[int] = []
        self._state: dict[str, Any] = {}
        self._data: dict[str, Any] = {}
        self.program: Program = program_for(ready_form(_needed(seats), joining=False))
        self.change(NOBODY, seats)

    @property
    def form(self) -> Form:
        return self.program.form

    def change(self, positions: NDArray[np.intp], joining: Sequence[Seat] = ()) -> None:
        """Go on with the members at these positions only, and with newcomers after them."""
        stay = [self.seats[i] for i in positions]
        self.seats = [*stay, *joining]
        if not self.seats:
            return
        if stay and joining:
            self._suit()
        if joining:
            self._find_rows()
        idle = 0 if self.form.alone else padded(len(self.seats), len(self._places)) - len(self.seats)
        rows = [chosen_rows(self._state, positions)] if stay else []
        self._places = [*range(len(self.seats)), *[0] * idle]
        self._fill([with_plateau(tree, self.form) for tree in rows], joining)
        which = [self._sources[seat.source] for seat in self.seats]
        self._planner = Planner(self.form, self.seats, which, self._places)

    def _suit(self) -> None:
        """Take a program that suits the newcomers as well."""
        before, self.program = self.form, program_for(ready_form(_needed(self.seats), joining=True))
        if (before.shared, before.details) != (self.form.shared, self.form.details):
            self._data = {}

    def _find_rows(self) -> None:
        """Number the sources of the members' rows; new ones ask for new tables."""
        if not self._data or any(seat.source not in self._sources for seat in self.seats):
            self._sources = {source: k for k, source in enumerate(dict.fromkeys(seat.source for seat in self.seats))}
            self._data = {}

    def _fill(self, rows: list[Any], joining: Sequence[Seat]) -> None:
        """The tables of the members, and idle rows after them where the program wants more."""
        if joining:
            weights = np.stack([seat.first_weights for seat in joining])
            validation = len(self.seats[0].samples.validation)
            rows = [*rows, first_state(weights, self.form, self.program.layout, validation)]
        chosen = np.array(self._places)
        state = chosen_rows(merged(rows, np.concatenate), chosen)
        state["active"] &= np.arange(len(chosen)) < len(self.seats)
        self._state = placed(state)
        self._members = members_of([self.seats[place].brings(self.form) for place in self._places])
        self._place_rows()

    def _place_rows(self) -> None:
        """The rows that the members see: one table for all, or one for each."""
        if not self._data:
            parts = list({seat.source: seat.samples for seat in self.seats}.values())
            room = 1 if self.form.shared else len(self._places)
            parts += parts[:1] * (room - len(parts))
            self._tables = data_of(parts, self.form.planar and self.form.details)
            self._data = dict(self._tables)
        if not self.form.shared:
            which = np.array([self._sources[self.seats[place].source] for place in self._places])
            self._data |= placed(chosen_rows({name: self._tables[name] for name in OWN}, which))

    @property
    def rows(self) -> int:
        """N, the training rows of each member."""
        return len(self.seats[0].samples.train)

    @property
    def active(self) -> NDArray[np.bool_]:
        return np.asarray(self._state["active"])[: len(self.seats)]

    @property
    def weights(self) -> NDArray[np.float32]:
        """[R, P + Q] now."""
        return self._both("w", "moving")

    @property
    def best_weights(self) -> NDArray[np.float32]:
        """[R, P + Q] of each member's epoch that early stopping holds to be the best."""
        return self._both("best_w", "best_moving")

    @property
    def has_best(self) -> NDArray[np.bool_]:
        """[R] whether early stopping has seen an epoch that counts as the best so far."""
        found: NDArray[np.bool_] = np.isfinite(np.asarray(self._state["best"]))[: len(self.seats)]
        return found

    @property
    def lowest_outputs(self) -> NDArray[np.float32]:
        """[R, N, O] on the validation rows at each member's epoch with the lowest val_loss."""
        return np.asarray(self._state["lowest_z"])[: len(self.seats), : len(self.seats[0].samples.validation)]

    def _both(self, *names: str) -> NDArray[np.float32]:
        return np.concatenate([np.asarray(self._state[name]) for name in names], axis=1)[: len(self.seats)]

    def advance(self, epochs: int) -> Segment:
        """Train all members through some epochs."""
        step = EPOCHS_AT_ONCE or epochs
        wanted = np.stack([seat.looked_at(epochs) for seat in self.seats], axis=1)
        pieces = [self._advance(begin, wanted[begin : begin + step], step) for begin in range(0, epochs, step)]
        table = np.concatenate([history for history, _ in pieces])[:, :, : len(self.seats)]
        return Segment(
            history=table[:, :-2],
            was_active=table[:, -2] > 0,
            finite=table[:, -1] > 0,
            looks=[looks for _, looks in pieces if looks is not None],
        )

    def _advance(self, first: int, wanted: NDArray[np.bool_], room: int) -> tuple[NDArray[np.float32], Looks | None]:
        """One call of the program, with room for so many epochs: their history and what was looked at."""
        plan = self._planner.plan(len(wanted), room)
        epochs, places = np.nonzero(wanted)
        columns = (np.cumsum(wanted, axis=1) - 1)[epochs, places]
        probed = np.zeros((room, self._most_looks(wanted)), np.int32)
        probed[epochs, columns] = places
        plan["looks"] = on_device(np.pad(wanted.sum(axis=1), (0, room - len(wanted))).astype(np.int32))
        plan["probed"] = on_device(probed)
        self._state, history, details = self.program.segment(self._state, self._members, self._data, plan)
        for seat in self.seats:
            seat.epoch += len(wanted)
        looks = None
        if len(epochs):
            looks = Looks(first + epochs, places, tuple(looks_of(each, epochs, columns) for each in details))
        return np.asarray(history)[: len(wanted)], looks

    def _most_looks(self, wanted: NDArray[np.bool_]) -> int:
        """K: at how many members the program looks in an epoch; at least two where it is written for many."""
        if self.form.alone:
            return 1
        probed = sum(seat.probed for seat in self.seats)
        return padded(max(1, probed if EPOCHS_AT_ONCE else int(wanted.sum(axis=1).max())))

    def predict(self, weights: NDArray[np.float32], part: str, places: NDArray[np.intp]) -> NDArray[np.float32]:
        """Logits or values [K, N, O] of the members at these places with weights [K, P + Q].

        The part is "train_x", "val_x" or "grid".
        """
        counted, x = self._data[f"{part.removesuffix('_x')}_counted"], self._data[part]
        own = x if self.form.shared else on_device(np.asarray(x)[places[self._filled(len(places))]])
        return self._answers(weights, own, counted)[:, : int(np.asarray(counted).sum())]

    def predict_test(self, weights: NDArray[np.float32], places: NDArray[np.intp]) -> list[NDArray[np.float32]]:
        """Logits or values [N, O] on the test rows of each member at these places, with weights [K, P + Q].

        Test rows stay on the host until members leave, and members of one stack may have different numbers of them.
        """
        parts = [self.seats[place].samples.test.x for place in places]
        found = [np.zeros((0, self.form.outputs), np.float32)] * len(parts)
        for chosen in self._portions(parts):
            seen = chosen[:1] if self.form.shared else [chosen[row] for row in self._filled(len(chosen))]
            for k, z in zip(chosen, self._answers(weights[chosen], *seen_rows([parts[k] for k in seen])), strict=True):
                found[k] = z[: len(parts[k])]
        return found

    def _portions(self, parts: Sequence[NDArray[np.float32]]) -> list[list[int]]:
        """Which of these parts, with equal numbers of rows, are answered at once; those without rows are left out."""
        alike: dict[int, list[int]] = {}
        for k, x in enumerate(parts):
            alike.setdefault(len(x), []).append(k)
        found = []
        for rows, which in alike.items():
            most = len(which) if self.form.shared else max(1, TEST_NUMBERS // max(1, rows * self.form.features))
            found += [which[first : first + most] for first in range(0, len(which), most) if rows]
        return found

    def _answers(self, weights: NDArray[np.float32], x: Any, counted: Any) -> NDArray[np.float32]:
        """[K, N, O] with weights [K, P + Q] on rows x: one table for all, or one for each row of `_filled`."""
        w, moving = np.split(weights[self._filled(len(weights))], [self.program.layout.size], axis=1)
        found = self.program.predict(on_device(w), on_device(moving), x, counted)
        return np.asarray(found)[: len(weights)]

    def _filled(self, members: int) -> NDArray[np.intp]:
        """The numbers of so many members, and the first again where the program wants more."""
        room = 1 if self.form.alone else padded(members, len(self._places))
        return np.concatenate([np.arange(members), np.zeros(room - members, np.intp)])


def _needed(seats: Sequence[Seat]) -> Form:
    """The narrowest form for these members."""
    shared = len({seat.source for seat in seats}) == 1
    details = any(seat.probed for seat in seats)
    return form_of([seat.experiment for seat in seats], seats[0].samples, shared, details)
