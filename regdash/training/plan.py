"""The plan of a segment: what the host draws and computes for each epoch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.experiment import Experiment
from regdash.optimizers import learning_rates
from regdash.regularizers import Mixup
from regdash.training.backend import capacity, on_device
from regdash.training.form import IMAGES, WARPS, Form
from regdash.training.seat import Seat

MIXUP, *WARP_STREAMS = range(1, 2 + len(IMAGES))  # streams of chance on the host, beside the order of the rows
MOST_ORDERS = 2**24  # rows in the orders that are kept: 64 MiB


@dataclass(frozen=True)
class Planner:
    """Plans for the members of a stack: `which` part of the data is each one's, and whom each row of it stands for."""

    form: Form
    seats: Sequence[Seat]
    which: Sequence[int]
    places: Sequence[int]

    @property
    def rows(self) -> int:
        return len(self.seats[0].samples.train)

    def plan(self, epochs: int, room: int) -> dict[str, Any]:
        """What the next epochs of the members need: the order of the rows, learning rates, and what the host draws.

        There may be room for more epochs, steps and rows than there are.
        """
        most = capacity(self.rows)
        batch = batch_rows(self.seats[0].experiment, most)
        steps, shape = -(-self.rows // batch), (room, len(self.places), -(-most // batch), batch)
        order = np.zeros((room, len(self.places), shape[2] * batch), np.int32)
        rates = np.zeros((room, shape[2], len(self.places), 1), np.float32)
        for place, seat in enumerate(self.seats):
            for e in range(epochs):
                order[e, place, : self.rows] = ORDERS.of(seat.seed, seat.epoch + e, self.rows)
            order[:epochs, place, : self.rows] += self.which[place] * most
            at = seat.epoch * steps + np.arange(epochs * steps)
            each = learning_rates(seat.experiment.optimizer.learning_rate, seat.experiment.schedule, at)
            rates[:epochs, :steps, place, 0] = each.reshape(epochs, steps)
        idle, known = slice(len(self.seats), None), self.places[len(self.seats) :]
        order[:, idle], rates[:, :, idle] = order[:, known], rates[:, :, known]
        row_weights = (np.arange(shape[2] * batch) < self.rows).astype(np.float32)
        plan: dict[str, Any] = {
            "epochs": on_device(np.int32(epochs)),
            "steps": on_device(np.int32(steps)),
            "order": on_device(order.reshape(shape)),
            "row_weights": on_device(row_weights.reshape(shape[2:])),
            "learning_rate": on_device(rates),
            "epoch": on_device(np.array([self.seats[place].epoch for place in self.places], np.int32)),
        }
        if self.form.uses(*IMAGES):
            plan["warp"] = self._warps(epochs, shape)
        if self.form.uses(Mixup):
            plan["partner"], plan["share"] = self._mixed(epochs, steps, shape)
        return plan

    def _warps(self, epochs: int, shape: tuple[int, ...]) -> dict[str, Any]:
        """How each image of each epoch is changed, by the names of WARPS: [E, R, S, B, k]."""
        flat = (*shape[:2], shape[2] * shape[3])
        found = {name: np.zeros((*flat, k), np.float32) for name, k in WARPS.items()}
        for place, seat in enumerate(self.seats):
            for (name, k), stream, kind in zip(WARPS.items(), WARP_STREAMS, IMAGES, strict=True):
                change = seat.experiment.regularizer(kind)
                for e in range(epochs):
                    chance = np.random.default_rng([seat.seed, seat.epoch + e, stream])
                    found[name][e, place, : self.rows] = change.draw(chance, self.rows).reshape(self.rows, k)
        return {name: on_device(table.reshape(*shape, -1)) for name, table in found.items()}

    def _mixed(self, epochs: int, steps: int, shape: tuple[int, ...]) -> tuple[Any, Any]:
        """With which row of its batch each row is mixed [E, R, S, B], and how much of it stays itself [E, R, S]."""
        partner, share = np.zeros(shape, np.int32), np.ones(shape[:3], np.float32)
        sizes = [min(shape[3], self.rows - step * shape[3]) for step in range(steps)]
        for place, seat in enumerate(self.seats):
            mixup = seat.experiment.regularizer(Mixup)
            for e in range(epochs):
                chance = np.random.default_rng([seat.seed, seat.epoch + e, MIXUP])
                share[e, place, :steps] = mixup.weights(chance, steps)
                for step, size in enumerate(sizes):
                    partner[e, place, step, :size] = chance.permutation(size)
        return on_device(partner), on_device(share)


def batch_rows(experiment: Experiment, rows: int) -> int:
    """B: the rows of one step; the batch size 0 stands for all of them."""
    return experiment.training.batch_size or rows


def batch_order(seed: int, epoch: int, rows: int) -> NDArray[np.int32]:
    """The order of the rows in an epoch (from 0): default_rng([seed, epoch]).permutation(N)."""
    return np.random.default_rng([seed, epoch]).permutation(rows).astype(np.int32)


class Orders:
    """Orders of rows drawn before: members with equal seeds, now or later, share them. When full it begins anew."""

    def __init__(self, most: int = MOST_ORDERS) -> None:
        self._most = most
        self._numbers = 0
        self._known: dict[tuple[int, int, int], NDArray[np.int32]] = {}

    def of(self, seed: int, epoch: int, rows: int) -> NDArray[np.int32]:
        """The order in an epoch of a member with this seed."""
        key = seed, epoch, rows
        found = self._known.get(key)
        if found is None:
            if self._numbers > self._most:
                self._numbers, self._known = 0, {}
            found = self._known[key] = batch_order(*key)
            self._numbers += rows
        return found


ORDERS = Orders()
