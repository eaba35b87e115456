"""One compiled program per form: R members train together through a segment of epochs."""

from dataclasses import dataclass, field
from typing import Any

from regdash.regularizers import InputNoise, LabelSmoothing, Mixup
from regdash.regularizers.images import augmented
from regdash.training import backend
from regdash.training.backend import Spec, Tensor, Tree, ops
from regdash.training.chance import Chance
from regdash.training.form import IMAGES, PLATEAU, PLATEAU_COUNTS, PLATEAU_NUMBERS, WARPS, Form, narrowest
from regdash.training.judge import Judge
from regdash.training.layout import Layout
from regdash.training.models import Models
from regdash.training.update import Update


@dataclass
class Program:
    """The compiled functions of one form, and how long an epoch took lately, by members and rows."""

    form: Form
    layout: Layout
    columns: tuple[str, ...]  # the history rows that a segment returns, in order
    segment: Any
    predict: Any
    seconds_per_epoch: dict[tuple[int, int], float] = field(default_factory=dict)


PROGRAMS: dict[Form, Program] = {}
MOST_PROGRAMS = 32


def program_for(form: Form) -> Program:
    """The program of a form; built and traced at its first use."""
    if form not in PROGRAMS:
        if len(PROGRAMS) >= MOST_PROGRAMS:
            del PROGRAMS[next(iter(PROGRAMS))]
        PROGRAMS[form] = Builder(form).program()
    PROGRAMS[form] = PROGRAMS.pop(form)  # the one used last stands last
    return PROGRAMS[form]


def ready_form(form: Form, joining: bool) -> Form:
    """A form whose program has been traced and does for this one; else this one."""
    return narrowest(form, [known for known, each in list(PROGRAMS.items()) if backend.traces(each.segment)], joining)


def trace_count() -> int:
    """How many graphs have been traced for the programs that are kept."""
    return sum(backend.traces(each.segment) + backend.traces(each.predict) for each in PROGRAMS.values())


class Builder:
    """Writes the graph of one program; each method is one sentence of the training."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.models = Models(form)
        self.layout = self.models.layout
        self.chance = Chance(form, self.models)
        self.update = Update(form, self.layout)
        self.judge = Judge(form, self.models, self.update)

    def program(self) -> Program:
        state, members, data, plan = self._specs()
        predict_x = Spec("float32", 1 if self.form.shared else self.form.members, None, self.form.features)
        counted = Spec("float32", None)
        return Program(
            form=self.form,
            layout=self.layout,
            columns=self.judge.columns,
            segment=backend.compiled(self.segment, state, members, data, plan),
            predict=backend.compiled(self.models.answers, state["w"], state["moving"], predict_x, counted),
        )

    def _specs(self) -> tuple[dict[str, Any], ...]:
        form, r = self.form, self.form.members
        row, column, count = Spec("float32", r), Spec("float32", r, 1), Spec("int32", r)
        flat, moving = Spec("float32", r, self.layout.size), Spec("float32", r, self.layout.moving_size)
        parts, batch = 1 if form.shared else r, form.batch_size
        inputs, outputs = form.features, form.outputs
        state: dict[str, Any] = {
            "w": flat,
            "moving": moving,
            "slots": tuple(flat for _ in range(form.slots)),
            "best_w": flat,
            "best_moving": moving,
            "best": row,
            "waited": count,
            "lowest": row,
            "lowest_z": Spec("float32", r, None, outputs),
            "active": Spec("bool", r),
        }
        members: dict[str, Any] = {
            "numbers": dict.fromkeys(form.numbers, column),
            "rates": Spec("float32", r, len(self.models.masked)),
            "optimizer": dict.fromkeys(form.optimizer_numbers, column),
            **dict.fromkeys(("patience", "start_epoch", "monitor", "seed", "epochs"), count),
            "min_delta": row,
        }
        data = {
            "x": Spec("float32", None, inputs),
            "y": Spec("float32", None, outputs),
            "train_x": Spec("float32", parts, None, inputs),
            "train_y": Spec("float32", parts, None, outputs),
            "val_x": Spec("float32", parts, None, inputs),
            "val_y": Spec("float32", parts, None, outputs),
            "grid": Spec("float32", parts, None, inputs),
            **dict.fromkeys(("train_counted", "val_counted", "grid_counted"), Spec("float32", None)),
        }
        plan: dict[str, Any] = {
            "epochs": Spec("int32"),
            "steps": Spec("int32"),
            "order": Spec("int32", None, r, None, batch),
            "row_weights": Spec("float32", None, batch),
            "learning_rate": Spec("float32", None, None, r, 1),
            "epoch": count,
            "looks": Spec("int32", None),
            "probed": Spec("int32", None, 1 if form.alone else None),
        }
        if PLATEAU in form.extras:
            state["plateau"] = {"best": row, "waited": count, "cooling": count, "share": row}
            members["plateau"] = dict.fromkeys(PLATEAU_NUMBERS, row) | dict.fromkeys(PLATEAU_COUNTS, count)
        if form.uses(*IMAGES):
            plan["warp"] = {name: Spec("float32", None, r, None, batch, k) for name, k in WARPS.items()}
        if form.uses(Mixup):
            plan["partner"] = Spec("int32", None, r, None, batch)
            plan["share"] = Spec("float32", None, r, None)
        return state, members, data, plan

    def segment(self, state: Tree, members: Tree, data: Tree, plan: Tree) -> tuple[Tree, Tensor, Tree]:
        """Train through the epochs of the plan; returns the new state, the history [E, M, R] and the details."""
        prepared = self.update.prepared(members)

        def epoch(i: Tensor, now: Tree) -> tuple[tuple[Tree], tuple[Tensor, ...]]:
            number = plan["epoch"] + i
            new, running, rate = self.epoch(i, now, prepared, data, plan)
            after, row = self.judge.after(now, new, running, rate, number, prepared, data)
            return (after,), (row, *self.details(plan["looks"][i], after, plan["probed"][i], data))

        most = ops.shape(plan["order"])[0]
        rows = 4 if self.form.details else 1
        (after,), (history, *details) = backend.repeat_and_keep(plan["epochs"], most, epoch, (state,), rows)
        return after, history, tuple(details)

    def epoch(self, i: Tensor, now: Tree, members: Tree, data: Tree, plan: Tree) -> tuple[Tree, Tensor, Tensor]:
        """All steps of one epoch: new weights and memory, the running loss [R] and the last learning rate [R]."""
        row_weights = plan["row_weights"]
        number = plan["epoch"] + i
        most, batch = ops.shape(row_weights)[0], ops.shape(row_weights)[1]
        steps, size = plan["steps"], self.chance.block_steps(most, batch)

        def block(b: Tensor, *now: Tree) -> tuple[Any, ...]:
            first = b * size
            drawn = self.chance.draw(members, number, b, (size, self.form.batch_size or batch))

            def step(k: Tensor, new: Tree, total: Tensor) -> tuple[Any, ...]:
                s = first + k
                own = {name: array[:, k] for name, array in drawn.items()}
                rows = self.rows(i, s, data, plan, members, own.pop("noise", None))
                loss, gradient, moving = self.models.gradient(
                    new["w"], new["moving"], (*rows, row_weights[s]), own, members["numbers"]
                )
                t = ops.cast(number * steps + s + 1, "float32")[:, None]
                rate = self.rate(i, s, plan, now_share)
                w, slots, penalty = self.update.step(new["w"], gradient, new["slots"], t, rate, members)
                after = {"w": w, "moving": moving, "slots": slots}
                return after, total + (loss + penalty) * ops.sum(row_weights[s])

            found: tuple[Any, ...] = backend.repeat(backend.smaller(size, steps - first), step, now)
            return found

        now_share = now["plateau"]["share"][:, None] if PLATEAU in self.form.extras else None
        begin = {name: now[name] for name in ("w", "moving", "slots")}
        blocks = (steps + size - 1) // size
        new, total = backend.repeat(blocks, block, (begin, ops.zeros_like(now["best"])))
        last = self.rate(i, steps - 1, plan, now_share)[:, 0]
        return new, total / ops.sum(row_weights), last

    def rate(self, i: Tensor, s: Tensor, plan: Tree, share: Tensor | None) -> Tensor:
        """The learning rate of a step, per member [R, 1]."""
        planned = plan["learning_rate"][i, s]
        return planned if share is None else planned * share

    def rows(
        self, i: Tensor, s: Tensor, data: Tree, plan: Tree, members: Tree, noise: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """The rows of a step as training sees them: x [R, B, F] and y [R, B, O]."""
        chosen = plan["order"][i, :, s]
        x, y = (ops.take(data[name], chosen, axis=0) for name in ("x", "y"))
        if self.form.uses(*IMAGES):
            x = self.warped(x, {name: array[i, :, s] for name, array in plan["warp"].items()})
        if noise is not None:
            x = InputNoise.noisy(x, noise, members["numbers"][InputNoise.name][:, :, None], ops)
        if self.form.uses(LabelSmoothing):
            y = LabelSmoothing.smoothed(y, members["numbers"][LabelSmoothing.name][:, :, None], ops)
        if self.form.uses(Mixup):
            partner, share = plan["partner"][i, :, s], plan["share"][i, :, s][:, None, None]
            x, y = (Mixup.mixed(own, _gathered(own, partner), share, ops) for own in (x, y))
        return x, y

    def warped(self, x: Tensor, warp: Tree) -> Tensor:
        """Images that were shifted, flipped, turned and cut, as flat rows again."""
        images = ops.reshape(x, (-1, *self.form.inputs))
        flat = {name: ops.reshape(array, (-1, WARPS[name])) for name, array in warp.items()}
        flat = {name: array[:, 0] if WARPS[name] == 1 else array for name, array in flat.items()}
        found = augmented(images, flat["shift"], flat["flip"], flat["angle"], flat["cut"], ops)
        return ops.reshape(found, ops.shape(x))

    def details(self, looks: Tensor, state: Tree, probed: Tensor, data: Tree) -> tuple[Tensor, ...]:
        """Of the first `looks` of the probed members [K]: answers on the grid [K, G, O], weights [K, P + Q] and dead
        units [K, stations].

        What comes after them means nothing; nothing at all in a program without details.
        """
        if not self.form.details:
            return ()
        x_counted, grid_counted, grid = data["train_counted"], data["grid_counted"], data["grid"]
        width, stations = self.layout.size + self.layout.moving_size, len(self.models.hidden_widths)
        places = backend.first(probed, looks)

        def looked() -> tuple[Tensor, ...]:
            w, moving = (state[n] if self.form.alone else ops.take(state[n], places, axis=0) for n in ("w", "moving"))
            x, points = (
                data[n] if self.form.shared else ops.take(data[n], places, axis=0) for n in ("train_x", "grid")
            )
            return (
                self.models.answers(w, moving, points, grid_counted) if self.form.planar else unasked,
                ops.concatenate([w, moving], axis=1),
                self.models.dead(w, moving, x, x_counted) if stations else ops.zeros((ops.shape(places)[0], 0)),
            )

        def nothing() -> tuple[Tensor, ...]:
            count = ops.shape(places)[0]
            return unasked, ops.zeros((count, width)), ops.zeros((count, stations))

        unasked = ops.zeros((ops.shape(places)[0], ops.shape(grid)[1], self.form.outputs))
        found: tuple[Tensor, ...] = backend.either(looks > 0, looked, nothing)
        return found


def _gathered(rows: Tensor, places: Tensor) -> Tensor:
    """The rows [R, B, F] at places [R, B] of the same member."""
    return ops.take_along_axis(rows, places[:, :, None], axis=1)
