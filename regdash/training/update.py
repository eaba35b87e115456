"""From a gradient to new weights: penalties, clipping, decay, the optimizer's step, and what follows it."""

from collections.abc import Callable
from typing import Any

from regdash.regularizers import GradientClipping, WeightDecay
from regdash.training import backend
from regdash.training.backend import Tensor, Tree, ops
from regdash.training.form import Form
from regdash.training.layout import Layout


class Update:
    """The update rule of a form over flat weights [R, P]."""

    def __init__(self, form: Form, layout: Layout) -> None:
        self.form = form
        self.layout = layout
        self.mask = ops.convert_to_tensor(layout.kernel_mask)
        penalties = [kind for kind in form.at("loss") if len(kind().numbers) == 1]  # the elastic net is an L1 and an L2
        self.whole = tuple(kind for kind in penalties if not getattr(kind, "each_kernel", False))
        self.each = tuple(kind for kind in penalties if getattr(kind, "each_kernel", False))

    def prepared(self, members: Tree) -> Tree:
        """The members with what stays the same in all steps of a segment: strengths [R, P], and which are in use."""
        numbers = members["numbers"]
        names = ("weight_decay", *(_only(kind) for kind in self.whole))
        return members | {
            "used": {name: ops.any(numbers[name] > 0) for name in names},
            "strengths": {_only(kind): numbers[_only(kind)] * self.mask for kind in self.whole},
            "decay": numbers["weight_decay"] * (self.mask + numbers["decay_biases"] * (1 - self.mask)),
        }

    def penalty(self, w: Tensor, members: Tree) -> Tensor:
        """All penalties on weights, per member [R]."""
        total = sum(kind.penalty(w, members["strengths"][_only(kind)], ops) for kind in self.whole)
        return total + self._penalty_of_kernels(w, members)

    def _penalty_of_kernels(self, w: Tensor, members: Tree) -> Tensor:
        total = ops.zeros_like(w[:, 0])
        for kind in self.each:
            for kernel in self._kernels(w):
                total = total + kind.penalty(kernel, _like(members["numbers"][_only(kind)], kernel), ops)
        return total

    def step(self, w: Tensor, gradient: Tensor, slots: Any, t: Tensor, rate: Tensor, members: Tree) -> tuple[Any, ...]:
        """New weights, new memory of the optimizer, and the penalty before the step [R]."""
        numbers = members["numbers"]
        penalty = self._penalty_of_kernels(w, members)
        for kind in self.whole:
            penalty, gradient = self._pulled(kind, w, penalty, gradient, members)
        for kind in self.each:
            slopes = [kind.gradient(k, _like(numbers[_only(kind)], k), ops) for k in self._kernels(w)]
            gradient = gradient + self._spread(ops.zeros_like(w), slopes)
        if self.form.uses(GradientClipping):
            gradient = self._clipped(gradient, numbers)
        w = self._if_used("weight_decay", members, lambda: WeightDecay.decayed(w, rate, members["decay"]), lambda: w)
        w, *slots = self.form.step(ops, w, gradient, slots, t, rate, **members["optimizer"])
        for kind in self.form.at("weights"):
            w = self._constrained(kind, w, rate, numbers)
        return w, tuple(slots), penalty

    def _pulled(self, kind: Any, w: Tensor, penalty: Tensor, gradient: Tensor, members: Tree) -> tuple[Tensor, Tensor]:
        """The penalty and the gradient with those of a kind added."""
        strength = members["strengths"][_only(kind)]

        def added() -> tuple[Tensor, Tensor]:
            return penalty + kind.penalty(w, strength, ops), gradient + kind.gradient(w, strength, ops)

        found: tuple[Tensor, Tensor] = self._if_used(_only(kind), members, added, lambda: (penalty, gradient))
        return found

    @staticmethod
    def _if_used(name: str, members: Tree, then: Callable[[], Tree], otherwise: Callable[[], Tree]) -> Tree:
        """`then()` while a member has that number above 0: most runs use few regularisers."""
        return backend.either(members["used"][name], then, otherwise)

    def _constrained(self, kind: Any, w: Tensor, rate: Tensor, numbers: Tree) -> Tensor:
        number = numbers[_only(kind)]
        changed = [
            kind.constrained(kernel, ops, _like(rate, kernel), _like(number, kernel)) for kernel in self._kernels(w)
        ]
        return self._spread(w, changed)

    def _clipped(self, gradient: Tensor, numbers: Tree) -> Tensor:
        pieces = backend.split(gradient, self.layout.sizes)
        limits = {name: numbers[name][:, 0] for name in GradientClipping().numbers}
        return ops.concatenate(GradientClipping.clipped(pieces, ops, **limits), axis=-1)

    def _kernels(self, w: Tensor) -> list[Tensor]:
        """The kernels of all members, [R, ..., I, O] each."""
        return [ops.reshape(w[:, begin:end], (-1, *shape)) for begin, end, shape in self.layout.kernel_places]

    def _spread(self, w: Tensor, kernels: list[Tensor]) -> Tensor:
        """The weights [R, P] with these kernels in the place of their own."""
        pieces, last = [], 0
        for (begin, end, _), kernel in zip(self.layout.kernel_places, kernels, strict=True):
            pieces += [w[:, last:begin], ops.reshape(kernel, (-1, end - begin))]
            last = end
        return ops.concatenate([*pieces, w[:, last:]], axis=-1)


def _only(kind: Any) -> str:
    (name,) = kind().numbers
    return str(name)


def _like(column: Tensor, kernel: Tensor) -> Tensor:
    """[R, 1] so that it broadcasts over [R, ..., I, O]."""
    return ops.reshape(column, (-1, *[1] * (len(kernel.shape) - 1)))
