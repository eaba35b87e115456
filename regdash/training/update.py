"""From a gradient to new weights: penalties, clipping, decay, the optimizer's step, and what follows it."""

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
        self.fused = layout.size >= backend.WORTH_FUSING
        self.step = backend.fused(self._step) if self.fused else self._step

    def prepared(self, members: Tree) -> Tree:
        """The members with what stays the same in all steps of a segment: strengths [R, P] of every weight.

        Where the step is one fused loop over memory, they are computed in it rather than read.
        """
        return members if self.fused else members | self._strengths(members["numbers"])

    def _strengths(self, numbers: Tree) -> Tree:
        return {
            "strengths": {_only(kind): numbers[_only(kind)] * self.mask for kind in self.whole},
            "decay": numbers["weight_decay"] * (self.mask + numbers["decay_biases"] * (1 - self.mask)),
        }

    def penalty(self, w: Tensor, members: Tree) -> Tensor:
        """All penalties on weights, per member [R]."""
        strengths = (members if "strengths" in members else self._strengths(members["numbers"]))["strengths"]
        total = sum(kind.penalty(w, strengths[_only(kind)], ops) for kind in self.whole)
        for kind in self.each:
            for kernel in self._kernels(w):
                total = total + kind.penalty(kernel, _like(members["numbers"][_only(kind)], kernel), ops)
        return total

    def _step(self, w: Tensor, gradient: Tensor, slots: Any, t: Tensor, rate: Tensor, members: Tree) -> tuple[Any, ...]:
        """New weights, new memory of the optimizer, and the penalty before the step [R]."""
        if self.fused:
            members = members | self._strengths(members["numbers"])
        numbers = members["numbers"]
        penalty = self.penalty(w, members)
        for kind in self.whole:
            gradient = gradient + kind.gradient(w, members["strengths"][_only(kind)], ops)
        for kind in self.each:
            slopes = [kind.gradient(k, _like(numbers[_only(kind)], k), ops) for k in self._kernels(w)]
            gradient = gradient + self._spread(ops.zeros_like(w), slopes)
        if self.form.uses(GradientClipping):
            gradient = self._clipped(gradient, numbers)
        w = WeightDecay.decayed(w, rate, members["decay"])
        w, *slots = self.form.step(ops, w, gradient, slots, t, rate, **members["optimizer"])
        for kind in self.form.at("weights"):
            w = self._constrained(kind, w, rate, numbers)
        return w, tuple(slots), penalty

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
