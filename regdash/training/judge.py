"""At the end of an epoch: evaluate, write the history row, and decide who stops and whose learning rate falls."""

import numpy as np

from regdash.optimizers import ReduceOnPlateau
from regdash.regularizers import MONITORS
from regdash.training.backend import Tensor, Tree, ops
from regdash.training.form import PLATEAU, Form
from regdash.training.metrics import NEAR_ZERO, SCORES, row_losses, scores
from regdash.training.models import Models
from regdash.training.update import Update

NORMS = ("l1_norm", "l2_norm", "max_norm", "near_zero", "zeros")


class Judge:
    """Judges all members of a form after an epoch."""

    def __init__(self, form: Form, models: Models, update: Update) -> None:
        self.form = form
        self.models = models
        self.update = update
        self.places = models.layout.kernel_places
        self.sizes = np.array([end - begin for begin, end, _ in self.places], np.float32)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the history rows, in order; two flags come after them."""
        losses = [f"{part}{name}" for part in ("", "val_") for name in ("loss", *SCORES[self.form.task])]
        layers = (*self.models.layout.kernel_layers, "all")
        norms = [f"{norm}/{layer}" for norm in NORMS for layer in layers]
        return (*losses, "penalty", "running_loss", "learning_rate", *norms)

    def after(
        self, now: Tree, new: Tree, running: Tensor, rate: Tensor, epoch: Tensor, members: Tree, data: Tree
    ) -> tuple[Tree, Tensor]:
        """The state after the epoch and its history row [M, R].

        A member that is not active, or whose numbers are no longer finite, keeps the weights it had.
        """
        w, moving = new["w"], new["moving"]
        train, validation = (
            self.models.answers(w, moving, data[f"{part}_x"], data[f"{part}_counted"]) for part in ("train", "val")
        )
        losses = [self._scored(z, data, part) for z, part in ((train, "train"), (validation, "val"))]
        penalty = self.update.penalty(w, members)
        if self.models.activity:
            rows = data["train_x"], data["train_counted"]
            penalty = penalty + self.models.activity_penalty(w, moving, *rows, members["numbers"])
        norms = self.norms(w)
        l1_norm = norms[len(self.places)]  # of all layers: finite only if every kernel entry is
        finite = ops.isfinite(losses[0][0]) & ops.isfinite(losses[1][0]) & ops.isfinite(l1_norm)
        going = now["active"] & finite
        watched = self._watched(losses, members)
        watching = going & (epoch >= members["start_epoch"])
        improved = watching & (watched < now["best"] - members["min_delta"])
        waited = ops.where(improved, 0, ops.where(watching, now["waited"] + 1, now["waited"]))
        patient = (members["patience"] == 0) | (waited < members["patience"])
        lowest = going & (losses[1][0] < now["lowest"])
        after = {
            "w": _chosen(going, w, now["w"]),
            "moving": _chosen(going, moving, now["moving"]),
            "slots": new["slots"],
            "best_w": _chosen(improved, w, now["best_w"]),
            "best_moving": _chosen(improved, moving, now["best_moving"]),
            "best": ops.where(improved, watched, now["best"]),
            "waited": waited,
            "lowest": ops.where(lowest, losses[1][0], now["lowest"]),
            "lowest_z": ops.where(lowest[:, None, None], validation, now["lowest_z"]),
            "active": going & patient & (epoch + 1 < members["epochs"]),
        }
        if PLATEAU in self.form.extras:
            rule = ("best", "waited", "cooling", "share")
            state = tuple(now["plateau"][name] for name in rule)
            found = ReduceOnPlateau.after_epoch(ops, losses[1][0], state, **members["plateau"])
            after["plateau"] = dict(zip(rule, found, strict=True))
        flags = [ops.cast(flag, "float32") for flag in (now["active"], finite)]
        return after, ops.stack([*losses[0], *losses[1], penalty, running, rate, *norms, *flags])

    def _scored(self, z: Tensor, data: Tree, part: str) -> list[Tensor]:
        """Penalty-free loss and scores of one part, dropout off: [R] each."""
        y, share = data[f"{part}_y"], data[f"{part}_counted"] / ops.sum(data[f"{part}_counted"])
        return [ops.sum(row_losses(self.form.task, z, y) * share, axis=-1), *scores(self.form.task, z, y, share)]

    def _watched(self, losses: list[list[Tensor]], members: Tree) -> Tensor:
        """What early stopping looks at, turned so that less is better, by the member's monitor."""
        score = 1 + SCORES[self.form.task].index("r2" if self.form.task == "regression" else "accuracy")
        found = {"val_loss": losses[1][0], "val_accuracy": -losses[1][score], "loss": losses[0][0]}
        chosen = found[MONITORS[0]]
        for place, name in enumerate(MONITORS[1:], start=1):
            chosen = ops.where(members["monitor"] == place, found[name], chosen)
        return chosen

    def norms(self, w: Tensor) -> list[Tensor]:
        """The norms of each layer and of all, in the order of NORMS: [R] each."""
        pieces = [ops.abs(w[:, begin:end]) for begin, end, _ in self.places]
        tables = {
            "l1_norm": [ops.sum(piece, axis=1) for piece in pieces],
            "l2_norm": [ops.sum(ops.square(piece), axis=1) for piece in pieces],
            "max_norm": [ops.max(piece, axis=1) for piece in pieces],
            "near_zero": [ops.sum(ops.cast(piece < NEAR_ZERO, "float32"), axis=1) for piece in pieces],
            "zeros": [ops.sum(ops.cast(piece == 0, "float32"), axis=1) for piece in pieces],
        }
        found = []
        for name in NORMS:
            layers = tables[name]
            whole = ops.max(ops.stack(layers), axis=0) if name == "max_norm" else sum(layers)
            entries = [*self.sizes, self.sizes.sum()]
            for value, size in zip([*layers, whole], entries, strict=True):
                found.append(ops.sqrt(value) if name == "l2_norm" else value / size if name in NORMS[3:] else value)
        return found


def _chosen(which: Tensor, new: Tensor, old: Tensor) -> Tensor:
    return ops.where(which[:, None], new, old)
