"""A stack: R members and all their numbers, advanced segment by segment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.datasets import samples, shape_of
from regdash.experiment import Experiment
from regdash.training.backend import EPOCHS_AT_ONCE, on_device, padded
from regdash.training.form import Form
from regdash.training.layout import initial_weights
from regdash.training.plan import Planner
from regdash.training.program import Program, program_for
from regdash.training.tensors import chosen_rows, data_of, first_state, members_of


@dataclass(frozen=True)
class Segment:
    """What a segment produced: history columns [E, R], and of the K probed members the details of some epochs.

    Details are answers on the grid [D, K, G, O], weights [D, K, P + Q] and shares of dead units [D, K, stations]
    of the D epochs `looked` (from 0 in the segment).
    """

    history: dict[str, NDArray[np.float32]]
    was_active: NDArray[np.bool_]  # [E, R]
    finite: NDArray[np.bool_]  # [E, R]
    looked: NDArray[np.intp]  # [D]
    details: tuple[NDArray[np.float32], ...]


class Stack:
    """The members that are still training; the index of each in the caller's list is in `index`."""

    def __init__(
        self,
        index: NDArray[np.intp],
        experiments: Sequence[Experiment],
        probed: Sequence[int] = (),
        weights: Sequence[NDArray[np.float32]] | None = None,
    ) -> None:
        self.experiments = list(experiments)
        self.index = index
        self.epoch = 0
        parts = [samples(e.data, e.split) for e in experiments]
        self.samples = parts[0]
        shared = all(part is parts[0] for part in parts)
        self.probed = np.array([place for place, i in enumerate(index) if i in probed], np.int32)
        self.program: Program = program_for(experiments, parts[0], shared, bool(len(self.probed)))
        self.form: Form = self.program.form
        self._which = [0] * len(parts) if shared else list(range(len(parts)))
        self._data = data_of(parts[:1] if shared else parts, self.form.planar and bool(len(self.probed)))
        given = weights or [
            initial_weights(e.network, shape_of(e.data), p.outputs, e.training.seed)
            for e, p in zip(experiments, parts, strict=True)
        ]
        self._state = first_state(np.stack(given), self.program, parts[0])
        self._places: list[int] = []
        self._fill(np.arange(len(experiments)))

    def _fill(self, positions: NDArray[np.intp]) -> None:
        """Take the rows at these positions, and idle ones after them where the program wants more."""
        idle = 0 if self.form.alone else padded(len(positions), len(self._places)) - len(positions)
        chosen = np.concatenate([positions, np.repeat(positions[:1], idle)])
        self._state = chosen_rows(self._state, chosen)
        self._state["active"] = on_device(np.asarray(self._state["active"]) & (np.arange(len(chosen)) < len(positions)))
        self._members = members_of([*self.experiments, *self.experiments[:1] * idle], self.form)
        self._places = [*range(len(positions)), *[0] * idle]
        self._planner = Planner(self.form, self.rows, self.experiments, self._which, self._places)
        if not self.form.shared:
            own = {name: self._data[name] for name in ("train_x", "train_y", "val_x", "val_y", "grid")}
            self._data |= chosen_rows(own, chosen)

    @property
    def rows(self) -> int:
        """N, the training rows of each member."""
        return len(self.samples.train)

    @property
    def active(self) -> NDArray[np.bool_]:
        return np.asarray(self._state["active"])[: len(self.index)]

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
        found: NDArray[np.bool_] = np.isfinite(np.asarray(self._state["best"]))[: len(self.index)]
        return found

    @property
    def lowest_outputs(self) -> NDArray[np.float32]:
        """[R, N, O] on the validation rows at each member's epoch with the lowest val_loss."""
        return np.asarray(self._state["lowest_z"])[: len(self.index), : len(self.samples.validation)]

    def _both(self, *names: str) -> NDArray[np.float32]:
        return np.concatenate([np.asarray(self._state[name]) for name in names], axis=1)[: len(self.index)]

    def advance(self, epochs: int, probe: NDArray[np.bool_]) -> Segment:
        """Train all members through some epochs; `probe` [E] says after which the grid is asked."""
        wanted = probe & bool(len(self.probed))
        step = EPOCHS_AT_ONCE or epochs
        pieces = [self._advance(wanted[begin : begin + step], step) for begin in range(0, epochs, step)]
        table = np.concatenate([np.asarray(history)[:count] for count, history, _, _ in pieces])
        seen = [[np.asarray(each)[looked] for each in details] for _, _, details, looked in pieces if len(looked)]
        return Segment(
            history={name: table[:, row] for row, name in enumerate(self.program.columns)},
            was_active=table[:, -2] > 0,
            finite=table[:, -1] > 0,
            looked=np.flatnonzero(wanted),
            details=tuple(np.concatenate(parts) for parts in zip(*seen, strict=True)),
        )

    def _advance(self, probe: NDArray[np.bool_], room: int) -> tuple[int, Any, Any, NDArray[np.intp]]:
        """One call of the program, with room for so many epochs: how many there were, their history and details."""
        plan = self._planner.plan(self.epoch, len(probe), room)
        plan["probe"] = on_device(np.pad(probe, (0, room - len(probe))))
        plan["probed"] = on_device(self._looked_at())
        self._state, history, details = self.program.segment(self._state, self._members, self._data, plan)
        self.epoch += len(probe)
        looked = np.flatnonzero(probe)
        return len(probe), history, details if len(looked) else (), looked

    def predict(self, weights: NDArray[np.float32], part: str) -> NDArray[np.float32]:
        """Logits or values [R, N, O] of weights [R, P + Q] on "train_x", "val_x" or "grid"."""
        w, moving = np.split(weights[self._places], [self.program.layout.size], axis=1)
        counted = self._data[f"{part.removesuffix('_x')}_counted"]
        found = self.program.predict(on_device(w), on_device(moving), self._data[part], counted)
        return np.asarray(found)[: len(self.index), : int(np.asarray(counted).sum())]

    def keep(self, positions: NDArray[np.intp]) -> None:
        """Go on with the members at these positions only."""
        self.index = self.index[positions]
        if not len(positions):
            return
        self.experiments = [self.experiments[i] for i in positions]
        self._which = [self._which[i] for i in positions]
        moved = {old: new for new, old in enumerate(positions)}
        self.probed = np.array([moved[i] for i in self.probed if i in moved], np.int32)
        self._fill(positions)

    def _looked_at(self) -> NDArray[np.int32]:
        """The rows whose details are wanted, at least two where the program is written for many."""
        if self.form.alone:
            return np.zeros(1, np.int32)
        return np.resize(self.probed, padded(len(self.probed))) if len(self.probed) else np.zeros(2, np.int32)
