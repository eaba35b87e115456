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
from regdash.training.form import IMAGES, Form
from regdash.training.program import WARPS

MIXUP, *WARP_STREAMS = range(1, 2 + len(IMAGES))  # streams of chance on the host, beside the order of the rows


@dataclass(frozen=True)
class Planner:
    """Plans for the members of a stack: `which` part of the data is each one's, and whom each row of it stands for."""

    form: Form
    rows: int
    experiments: Sequence[Experiment]
    which: Sequence[int]
    places: Sequence[int]

    def plan(self, first: int, epochs: int, room: int) -> dict[str, Any]:
        """What the segment needs of each epoch: the order of the rows, learning rates, and what the host draws.

        There may be room for more epochs, steps and rows than there are.
        """
        most = capacity(self.rows)
        batch = batch_rows(self.experiments[0], most)
        steps, shape = -(-self.rows // batch), (room, len(self.places), -(-most // batch), batch)
        order = np.zeros((room, len(self.places), shape[2] * batch), np.int32)
        drawn: dict[int, NDArray[np.int32]] = {}
        for row, place in enumerate(self.places):
            seed = self.experiments[place].training.seed
            if seed not in drawn:
                drawn[seed] = batch_orders(seed, first, epochs, self.rows)
            order[:epochs, row, : self.rows] = drawn[seed] + self.which[place] * most
        at = first * steps + np.arange(epochs * steps)
        each = [learning_rates(e.optimizer.learning_rate, e.schedule, at) for e in self.experiments]
        rates = np.zeros((room, shape[2], len(self.places), 1), np.float32)
        for row, place in enumerate(self.places):
            rates[:epochs, :steps, row, 0] = each[place].reshape(epochs, steps)
        row_weights = (np.arange(shape[2] * batch) < self.rows).astype(np.float32)
        plan: dict[str, Any] = {
            "epochs": on_device(np.int32(epochs)),
            "steps": on_device(np.int32(steps)),
            "order": on_device(order.reshape(shape)),
            "row_weights": on_device(row_weights.reshape(shape[2:])),
            "learning_rate": on_device(rates),
            "epoch": on_device(np.full(len(self.places), first, np.int32)),
        }
        if self.form.uses(*IMAGES):
            plan["warp"] = self._warps(first, epochs, shape)
        if self.form.uses(Mixup):
            plan["partner"], plan["share"] = self._mixed(first, epochs, steps, shape)
        return plan

    def _warps(self, first: int, epochs: int, shape: tuple[int, ...]) -> dict[str, Any]:
        """How each image of each epoch is changed, by the names of WARPS: [E, R, S, B, k]."""
        flat = (*shape[:2], shape[2] * shape[3])
        found = {name: np.zeros((*flat, k), np.float32) for name, k in WARPS.items()}
        for place, experiment in enumerate(self.experiments):
            for (name, k), stream, kind in zip(WARPS.items(), WARP_STREAMS, IMAGES, strict=True):
                change = experiment.regularizer(kind)
                for e in range(epochs):
                    chance = np.random.default_rng([experiment.training.seed, first + e, stream])
                    found[name][e, place, : self.rows] = change.draw(chance, self.rows).reshape(self.rows, k)
        return {name: on_device(table.reshape(*shape, -1)) for name, table in found.items()}

    def _mixed(self, first: int, epochs: int, steps: int, shape: tuple[int, ...]) -> tuple[Any, Any]:
        """With which row of its batch each row is mixed [E, R, S, B], and how much of it stays itself [E, R, S]."""
        partner, share = np.zeros(shape, np.int32), np.ones(shape[:3], np.float32)
        sizes = [min(shape[3], self.rows - step * shape[3]) for step in range(steps)]
        for place, experiment in enumerate(self.experiments):
            mixup = experiment.regularizer(Mixup)
            for e in range(epochs):
                chance = np.random.default_rng([experiment.training.seed, first + e, MIXUP])
                share[e, place, :steps] = mixup.weights(chance, steps)
                for step, size in enumerate(sizes):
                    partner[e, place, step, :size] = chance.permutation(size)
        return on_device(partner), on_device(share)


def batch_rows(experiment: Experiment, rows: int) -> int:
    """B: the rows of one step; the batch size 0 stands for all of them."""
    return experiment.training.batch_size or rows


def batch_orders(seed: int, first: int, epochs: int, rows: int) -> NDArray[np.int32]:
    """The order of the rows in epochs first, first + 1, ... (from 0): default_rng([seed, epoch]).permutation(N)."""
    found = [np.random.default_rng([seed, first + e]).permutation(rows) for e in range(epochs)]
    return np.stack(found).astype(np.int32)
