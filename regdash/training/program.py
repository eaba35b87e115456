"""One compiled program per signature: R members train together through a segment of epochs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from regdash.datasets import Task
from regdash.experiment import Experiment
from regdash.networks import Network
from regdash.optimizers import numbers
from regdash.regularizers import REGULARIZERS, WeightDecay
from regdash.training import backend
from regdash.training.backend import Spec, Tensor, Tree, keras, ops
from regdash.training.layout import Layout, layout_of
from regdash.training.metrics import NEAR_ZERO, SCORES, row_losses, scores

PENALTIES: tuple[type[Any], ...] = tuple(kind for kind in REGULARIZERS if kind.station == "loss")


@dataclass
class Program:
    """The compiled functions of one signature, and how long an epoch took lately, by members and rows."""

    layout: Layout
    columns: tuple[str, ...]  # the history rows that a segment returns, in order
    segment: Any
    predict: Any
    alone: bool
    shared: bool
    seconds_per_epoch: dict[tuple[int, int], float] = field(default_factory=dict)


@dataclass(frozen=True)
class Shape:
    """Everything the graph of a program depends on."""

    network: Network
    step: Callable[..., tuple[Any, ...]]
    slots: int
    optimizer_numbers: tuple[str, ...]
    inputs: int
    outputs: int
    task: Task
    batch_size: int
    alone: bool  # R is known to be 1
    shared: bool  # all members see the same rows

    @property
    def members(self) -> int | None:
        return 1 if self.alone else None


PROGRAMS: dict[Shape, Program] = {}
MOST_PROGRAMS = 32


def program_for(experiment: Experiment, task: Task, outputs: int, alone: bool, shared: bool) -> Program:
    """The program of the experiment's signature; built and traced at its first use."""
    shape = Shape(
        network=experiment.network,
        step=experiment.optimizer.step,
        slots=experiment.optimizer.slots,
        optimizer_numbers=tuple(numbers(experiment.optimizer)),
        inputs=experiment.data.features,
        outputs=outputs,
        task=task,
        batch_size=experiment.training.batch_size,
        alone=alone,
        shared=shared,
    )
    if shape not in PROGRAMS:
        if len(PROGRAMS) >= MOST_PROGRAMS:
            del PROGRAMS[next(iter(PROGRAMS))]
        PROGRAMS[shape] = Builder(shape).program()
    PROGRAMS[shape] = PROGRAMS.pop(shape)  # the one used last stands last
    return PROGRAMS[shape]


def trace_count() -> int:
    """How many graphs have been traced for the programs that are kept."""
    return sum(backend.traces(each.segment) + backend.traces(each.predict) for each in PROGRAMS.values())


class Builder:
    """Writes the graph of one program; each method is one sentence of the training."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.widths = shape.network.widths_at(shape.inputs)
        self.training_model = self._model(masked=True)
        self.model = self._model(masked=False)
        self.layout = layout_of(self.model)
        self.kernel_mask = ops.convert_to_tensor(self.layout.kernel_mask)
        self.indicator = ops.convert_to_tensor(self.layout.indicator)

    def _model(self, masked: bool) -> Any:
        """The ordinary keras.Model; with `masked` it takes the dropout masks of its stations as further inputs."""
        masks = [keras.Input((width,), name=f"mask_{place}") for place, width in enumerate(self.widths)]

        def station(x: Any, place: int) -> Any:
            return keras.layers.Multiply(name=f"dropout_{place}")([x, masks[place]]) if masked else x

        entry, exit_ = self.shape.network.layers(keras, self.shape.inputs, self.shape.outputs, station, 0)
        return keras.Model([entry, *masks] if masked else entry, exit_)

    def program(self) -> Program:
        state, members, data, plan = self._specs()
        predict_x = Spec("float32", 1 if self.shape.shared else self.shape.members, None, self.shape.inputs)
        part = ("", "val_")
        kernels = (*self.layout.kernel_layers, "all")
        columns = [f"{p}{name}" for p in part for name in ("loss", *SCORES[self.shape.task])]
        columns += ["penalty", "running_loss"]
        columns += [f"{norm}/{layer}" for norm in ("l1_norm", "l2_norm", "near_zero") for layer in kernels]
        return Program(
            layout=self.layout,
            columns=tuple(columns),
            segment=backend.compiled(self.segment, state, members, data, plan),
            predict=backend.compiled(self.forward, state["w"], predict_x),
            alone=self.shape.alone,
            shared=self.shape.shared,
        )

    def _specs(self) -> tuple[dict[str, Any], ...]:
        r, p, (inputs, outputs) = self.shape.members, self.layout.size, (self.shape.inputs, self.shape.outputs)
        row, column = Spec("float32", r), Spec("float32", r, 1)
        flat = Spec("float32", r, p)
        parts = 1 if self.shape.shared else r
        state = {
            "w": flat,
            "slots": tuple(flat for _ in range(self.shape.slots)),
            "best_w": flat,
            "best": row,
            "waited": Spec("int32", r),
            "active": Spec("bool", r),
        }
        members = {
            "strengths": {kind.name: column for kind in PENALTIES},
            "decay": column,
            "decay_biases": column,
            "rates": Spec("float32", r, len(self.widths)),
            "optimizer": dict.fromkeys(self.shape.optimizer_numbers, column),
            "patience": Spec("int32", r),
            "min_delta": row,
            "seed": Spec("int32", r),
            "epochs": Spec("int32", r),
        }
        data = {
            "x": Spec("float32", None, inputs),
            "y": Spec("float32", None, outputs),
            "train_x": Spec("float32", parts, None, inputs),
            "train_y": Spec("float32", parts, None, outputs),
            "val_x": Spec("float32", parts, None, inputs),
            "val_y": Spec("float32", parts, None, outputs),
            "grid": Spec("float32", parts, None, inputs),
        }
        plan = {
            "order": Spec("int32", None, r, None, self.shape.batch_size),
            "row_weights": Spec("float32", None, self.shape.batch_size),
            "learning_rate": Spec("float32", None, None, r, 1),
            "epoch": Spec("int32", r),
            "probe": Spec("bool", None),
            "probed": Spec("int32", 1 if self.shape.alone else None),
        }
        return state, members, data, plan

    def segment(self, state: Tree, members: Tree, data: Tree, plan: Tree) -> tuple[Tree, Tensor, Tensor]:
        """Train through the epochs of the plan; returns the new state, the history [E, M, R] and the probes."""
        strengths = {name: strength * self.kernel_mask for name, strength in members["strengths"].items()}
        decay = members["decay"] * (self.kernel_mask + members["decay_biases"] * (1 - self.kernel_mask))
        fixed = members | {"strengths": strengths, "decay": decay}

        def epoch(i: Tensor, now: Tree) -> tuple[tuple[Tree], tuple[Tensor, Tensor]]:
            w, slots, running = self.epoch(i, now, fixed, data, plan)
            after, row = self.judge(now, w, slots, running, plan["epoch"] + i, fixed, data)
            return (after,), (row, self.probe(plan["probe"][i], after["w"], plan["probed"], data["grid"]))

        length = ops.shape(plan["order"])[0]
        (after,), (history, probes) = backend.repeat_and_stack(length, epoch, (state,), rows=2)
        return after, history, probes

    def epoch(self, i: Tensor, now: Tree, fixed: Tree, data: Tree, plan: Tree) -> tuple[Tensor, Any, Tensor]:
        """All steps of one epoch: new weights, optimizer memory and the running loss [R]."""
        order, row_weights = plan["order"][i], plan["row_weights"]
        masks = self.masks(fixed, plan["epoch"] + i, ops.shape(row_weights)[0])
        steps = ops.shape(order)[1]
        before = (plan["epoch"] + i) * steps

        def step(s: Tensor, w: Tensor, slots: Any, total: Tensor) -> tuple[Any, ...]:
            rows = order[:, s]
            batch = ops.take(data["x"], rows, axis=0), ops.take(data["y"], rows, axis=0), row_weights[s]
            loss, gradient = self.gradient(w, batch, masks[:, s])
            rate = plan["learning_rate"][i, s]
            t = ops.cast(before + s + 1, "float32")[:, None]
            w, slots, penalty = self.update(w, gradient, slots, t, rate, fixed)
            loss = loss + penalty
            return w, tuple(slots), total + loss * ops.sum(row_weights[s])

        nothing = ops.zeros_like(now["best"])
        w, slots, total = backend.repeat(steps, step, (now["w"], now["slots"], nothing))
        return w, slots, total / ops.sum(row_weights)

    def update(self, w: Tensor, gradient: Tensor, slots: Any, t: Tensor, rate: Tensor, fixed: Tree) -> tuple[Any, ...]:
        """Penalties, weight decay and the optimizer's step: new weights, new memory, the penalty before it [R]."""
        total = 0.0
        for kind in PENALTIES:
            strength = fixed["strengths"][kind.name]
            total = total + kind.penalty(w, strength, ops)
            gradient = gradient + kind.gradient(w, strength, ops)
        w = WeightDecay.decayed(w, rate, fixed["decay"])
        w, *slots = self.shape.step(ops, w, gradient, slots, t, rate, **fixed["optimizer"])
        return w, tuple(slots), total

    def masks(self, fixed: Tree, epoch: Tensor, steps: Tensor) -> Tensor:
        """Inverted dropout masks of an epoch [R, S, B, U]: 0 with the station's rate, else 1 / (1 - rate)."""
        widths = list(self.widths)
        rates = ops.concatenate(
            [ops.repeat(fixed["rates"][:, place : place + 1], width, axis=1) for place, width in enumerate(widths)],
            axis=1,
        )[:, None, None, :]
        shape = (steps, self.shape.batch_size, sum(widths))

        def drawn() -> Tensor:
            kept = backend.kept(fixed["seed"], epoch, rates, shape)
            return ops.cast(kept, "float32") * (1 / (1 - rates))

        def ones() -> Tensor:
            return ops.ones((ops.shape(rates)[0], *shape))

        return backend.either(ops.any(rates > 0), drawn, ones)

    def gradient(self, w: Tensor, batch: tuple[Tensor, Tensor, Tensor], masks: Tensor) -> tuple[Tensor, Tensor]:
        """Each member's mean data loss on its batch [R] and the gradient [R, P]."""
        x, y, row_weights = batch

        def one(w: Tensor, x: Tensor, y: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
            def loss(w: Tensor) -> Tensor:
                stations = backend.split(mask, list(self.widths))
                z, _ = self.training_model.stateless_call(self.layout.unflatten(w), [], [x, *stations], training=True)
                return ops.sum(row_losses(self.shape.task, z, y) * row_weights) / ops.sum(row_weights)

            return backend.value_and_gradient(loss, w)

        losses: tuple[Tensor, Tensor] = backend.over_members(one, w, x, y, masks)
        return losses

    def forward(self, w: Tensor, x: Tensor) -> Tensor:
        """Logits or values [R, N, O] with dropout off; x [R or 1, N, F]."""
        if x.shape[0] == 1:
            shared = x[0]
            return backend.over_members(
                lambda w: self.model.stateless_call(self.layout.unflatten(w), [], shared, training=False)[0], w
            )
        return backend.over_members(
            lambda w, x: self.model.stateless_call(self.layout.unflatten(w), [], x, training=False)[0], w, x
        )

    def judge(
        self, now: Tree, w: Tensor, slots: Any, running: Tensor, epoch: Tensor, fixed: Tree, data: Tree
    ) -> tuple[Tree, Tensor]:
        """Evaluate the epoch, stop what is to be stopped, and write the history row [M, R].

        A member that is not active, or whose numbers are no longer finite, keeps the weights it had.
        """
        train, validation = (self.evaluate(w, data[f"{part}_x"], data[f"{part}_y"]) for part in ("train", "val"))
        penalty = sum(kind.penalty(w, fixed["strengths"][kind.name], ops) for kind in PENALTIES)
        norms = self.norms(w)
        val_loss = validation[0]
        l1_norm = norms[self.indicator.shape[1] - 1]  # of all layers: finite only if every kernel entry is
        finite = ops.isfinite(train[0]) & ops.isfinite(val_loss) & ops.isfinite(l1_norm)
        going = now["active"] & finite
        improved = going & (val_loss < now["best"] - fixed["min_delta"])
        waited = ops.where(improved, 0, now["waited"] + 1)
        patient = (fixed["patience"] == 0) | (waited < fixed["patience"])
        after = {
            "w": ops.where(going[:, None], w, now["w"]),
            "slots": slots,
            "best_w": ops.where(improved[:, None], w, now["best_w"]),
            "best": ops.where(improved, val_loss, now["best"]),
            "waited": waited,
            "active": going & patient & (epoch + 1 < fixed["epochs"]),
        }
        flags = [ops.cast(flag, "float32") for flag in (now["active"], finite)]
        return after, ops.stack([*train, *validation, penalty, running, *norms, *flags])

    def evaluate(self, w: Tensor, x: Tensor, y: Tensor) -> list[Tensor]:
        """Penalty-free loss and scores of one part, dropout off: [R] each."""
        z = self.forward(w, x)
        loss = ops.mean(row_losses(self.shape.task, z, y), axis=-1)
        return [loss, *scores(self.shape.task, z, y)]

    def norms(self, w: Tensor) -> list[Tensor]:
        """l1_norm, l2_norm and near_zero of each layer and of all: [R] each."""
        size = ops.abs(w)
        small = ops.cast(size < NEAR_ZERO, "float32")
        entries = ops.sum(self.indicator, axis=0)
        tables = (
            size @ self.indicator,
            ops.sqrt(ops.square(w) @ self.indicator),
            (small @ self.indicator) / entries,
        )
        return [table[:, layer] for table in tables for layer in range(self.indicator.shape[1])]

    def probe(self, wanted: Tensor, w: Tensor, probed: Tensor, grid: Tensor) -> Tensor:
        """Answers of the probed members on the grid [K, G, O], or nothing in epochs without a probe."""
        chosen = w if self.shape.alone else ops.take(w, probed, axis=0)
        grid = grid if self.shape.shared else ops.take(grid, probed, axis=0)
        nothing = ops.zeros((ops.shape(probed)[0], ops.shape(grid)[1], self.shape.outputs))
        return backend.either(wanted, lambda: self.forward(chosen, grid), lambda: nothing)
