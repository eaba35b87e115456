"""The keras.Model of a program, and the gradient and the answers of all members at once."""

from collections.abc import Callable
from functools import cached_property
from math import prod
from typing import Any

from regdash.networks import Hooks
from regdash.regularizers import ActivityL1, ActivityL2, AlphaDropout, InputDropout
from regdash.training import backend
from regdash.training.backend import Tensor, Tree, keras, ops
from regdash.training.convolution import as_products
from regdash.training.form import Form
from regdash.training.groups import MOST_ACTIVATIONS
from regdash.training.layout import layout_of, named
from regdash.training.metrics import row_losses

MOST_ROWS = 20_000  # of any part of a data set
ACTIVITY = (ActivityL1, ActivityL2)


class Models:
    """Two ordinary keras.Models with the same weights: one as it answers, one with the stations of training."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.stations = form.network.stations(form.inputs)
        self.masked = tuple(p for p in range(len(self.stations)) if p or form.uses(InputDropout))
        self.widths = [prod(self.stations[place]) for place in self.masked]
        self.hidden_widths = [prod(shape) for shape in self.stations[1:]]
        self.activity = tuple(kind for kind in ACTIVITY if form.uses(kind))
        self.shifted = form.uses(AlphaDropout)
        self.model, self._activations = self._plain()
        self.layout = layout_of(self.model)
        self._training_model = self._with_stations()
        if backend.CONVOLVES_BY_PRODUCTS:
            for model in (self.model, self._training_model):
                as_products(model)

    @cached_property
    def block_rows(self) -> int:
        """How many rows are judged at once."""
        return max(1, MOST_ACTIVATIONS // (sum(self.hidden_widths) + self.form.features))

    def _plain(self) -> tuple[Any, Any]:
        """The model that answers, and one that gives the hidden activations as well."""
        seen: list[Any] = []

        def station(x: Any, place: int) -> Any:
            if place:
                seen.append(x)
            return x

        entry, exit_ = self._drawn(Hooks(station))
        flat = [keras.layers.Flatten(name=f"watched_{place}")(x) for place, x in enumerate(seen, start=1)]
        return keras.Model(entry, exit_), keras.Model(entry, [exit_, *flat])

    def _with_stations(self) -> Any:
        """The model with further inputs: multipliers and shifts of its stations, and the weight of each row."""
        multipliers = {place: keras.Input((prod(self.stations[place]),)) for place in self.masked}
        shifts = {place: keras.Input((prod(self.stations[place]),)) for place in self.masked if place and self.shifted}
        rows = keras.Input(())
        seen: list[Any] = []

        def station(x: Any, place: int) -> Any:
            if place and self.activity:
                seen.append(keras.layers.Flatten(name=f"watched_{place}")(x))
            if place in multipliers:
                x = keras.layers.Multiply(name=f"multiplied_{place}")([x, self._shaped(multipliers[place], place)])
            if place in shifts:
                x = keras.layers.Add(name=f"shifted_{place}")([x, self._shaped(shifts[place], place)])
            return x

        def normalize(layer: Any, x: Any) -> Any:
            """Only rows that count enter the statistics; the mask goes no further than this layer."""
            layer.compute_mask = lambda inputs, previous_mask=None: None
            places = (1,) * (len(x.shape) - 2)
            return layer(x, mask=keras.layers.Reshape(places)(rows) if places else rows)

        entry, exit_ = self._drawn(Hooks(station, normalize))
        inputs = [entry, *multipliers.values(), *shifts.values(), rows]
        return keras.Model(inputs, [exit_, *seen])

    def _drawn(self, hooks: Hooks) -> tuple[Any, Any]:
        return self.form.network.layers(keras, self.form.inputs, self.form.outputs, hooks, seed=0)

    def _shaped(self, flat: Any, place: int) -> Any:
        shape = self.stations[place]
        return keras.layers.Reshape(shape)(flat) if len(shape) > 1 else flat

    def gradient(
        self, w: Tensor, moving: Tensor, batch: tuple[Tensor, Tensor, Tensor], chance: Tree, numbers: Tree
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Each member's mean data loss on its batch [R], the gradient [R, P] and the new moving numbers [R, Q].

        The loss holds the penalty on activations, if there is one, but none on weights.
        """
        x, y, row_weights = batch
        own = {"w": w, "moving": moving, "x": x, "y": y, **chance}
        own |= {kind.name: numbers[kind.name][:, 0] for kind in self.activity}

        def one(own: Tree) -> tuple[Tensor, Tensor, Tensor]:
            def loss(w: Tensor) -> tuple[Tensor, Tensor]:
                inputs = [own["x"], *backend.split(own["multiplier"], self.widths)] if self.masked else [own["x"]]
                inputs += backend.split(own["shift"], self.hidden_widths) if self.shifted else []
                (z, *seen), moved = self._call(
                    self._training_model, w, own["moving"], [*inputs, row_weights], training=True
                )
                value = ops.sum(row_losses(self.form.task, z, own["y"]) * row_weights) / ops.sum(row_weights)
                return value + self._activity(seen, own, row_weights), moved

            (value, moved), gradient = backend.value_and_gradient(loss, own["w"])
            return value, gradient, moved

        found: tuple[Tensor, Tensor, Tensor] = self._over_members(one, own)
        return found

    def _call(self, model: Any, w: Tensor, moving: Tensor, inputs: Any, training: bool) -> tuple[list[Any], Tensor]:
        """What a model of these weights gives for one member, as a list, and the new moving numbers."""
        names = [[name for name, v in named(model) if v.trainable is wanted] for wanted in (True, False)]
        found, moved = model.stateless_call(
            self.layout.unflatten(w, names[0]),
            self.layout.unflatten_moving(moving, names[1]),
            inputs,
            training=training,
        )
        outputs = list(found) if isinstance(found, (list, tuple)) else [found]
        return outputs, self.layout.flatten_moving(moved, names[1]) if self.layout.moving else moving

    def answers(self, w: Tensor, moving: Tensor, x: Tensor, counted: Tensor) -> Tensor:
        """Logits or values [R, N, O] with dropout off; x [R or 1, N, F]. Many rows are taken block by block.

        Counted [N] is 1 for the rows that count and 0 for those after them, whose answers mean nothing.
        """
        return self._in_blocks(
            x, counted, self.form.outputs, lambda part, _: self._over_rows(self.model, w, moving, part)[0]
        )

    def dead(self, w: Tensor, moving: Tensor, x: Tensor, counted: Tensor) -> Tensor:
        """The share of units [R, stations] whose activation is 0 on every row of x [R or 1, N, F], dropout off."""

        def largest(part: Tensor, counted: Tensor) -> Tensor:
            found = self._activations_of(w, moving, part)
            sizes = [ops.abs(a) * counted[:, None] for a in found]
            return ops.concatenate([ops.max(size, axis=1, keepdims=True) for size in sizes], axis=-1)

        most = ops.max(self._in_blocks(x, counted, sum(self.hidden_widths), largest), axis=1)
        shares = [ops.mean(ops.cast(a == 0, "float32"), axis=-1) for a in backend.split(most, self.hidden_widths)]
        return ops.stack(shares, axis=1)

    def activity_penalty(self, w: Tensor, moving: Tensor, x: Tensor, counted: Tensor, numbers: Tree) -> Tensor:
        """The penalty on the hidden activations of rows x [R or 1, N, F], dropout off: [R]."""
        own = {kind.name: numbers[kind.name][:, 0] for kind in self.activity}

        def summed(part: Tensor, rows: Tensor) -> Tensor:
            found = {str(place): a for place, a in enumerate(self._activations_of(w, moving, part))}
            means = self._over_members(lambda own, found: self._activity(list(found.values()), own, rows), own, found)
            return means[:, None, None] * ops.sum(rows)

        return ops.sum(self._in_blocks(x, counted, 1, summed), axis=(1, 2)) / ops.sum(counted)

    def _activations_of(self, w: Tensor, moving: Tensor, x: Tensor) -> list[Tensor]:
        """The hidden activations with dropout off, [R, N, U] for each hidden station."""
        return self._over_rows(self._activations, w, moving, x)[1:]

    def _in_blocks(
        self, x: Tensor, counted: Tensor, width: int, function: Callable[[Tensor, Tensor], Tensor]
    ) -> Tensor:
        """`function` of some rows gives [R, K, width]; joined along K over blocks of rows that fit the memory."""
        most = self.block_rows if self.block_rows < MOST_ROWS else None
        return backend.in_blocks(function, x, counted, most, (self.form.members, width))

    def _activity(self, seen: list[Tensor], own: Tree, row_weights: Tensor) -> Tensor | float:
        """The penalty of one member on its activations."""
        return sum(kind.penalty(a, own[kind.name], row_weights, ops) for kind in self.activity for a in seen)

    def _over_members(self, function: Callable[..., Tree], *arguments: Tree) -> Tree:
        return backend.over_members(function, *arguments, one_by_one=self.form.network.images)

    def _over_rows(self, model: Any, w: Tensor, moving: Tensor, x: Tensor) -> list[Tensor]:
        """What a model answers for all members, dropout off; rows x [N, F] may be the same for all."""
        if x.shape[0] == 1:
            shared = x[0]
            found = self._over_members(lambda w, moving: self._call(model, w, moving, shared, False)[0], w, moving)
        else:
            found = self._over_members(lambda w, moving, x: self._call(model, w, moving, x, False)[0], w, moving, x)
        return list(found)
