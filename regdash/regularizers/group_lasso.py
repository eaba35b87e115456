"""The group lasso on the inputs of each layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class GroupLasso:
    """strength * sum_i ||W_i||, where W_i are all weights that leave input i of a layer (channel i of a convolution).

    Its derivative is strength * W_i / ||W_i||, and 0 where W_i = 0. All groups weigh the same: there is no factor
    sqrt(group size), so that it equals scikit-learn's MultiTaskLasso. For n rows and O outputs that minimises
    ||Y - XW||^2 / (2 n) + alpha * sum_i ||W_i||. The mean squared error and this penalty are ||Y - XW||^2 / (n O) +
    strength * sum_i ||W_i||; O / 2 times that is the same with alpha = O * strength / 2 (Lasso's l1 / 2 at O = 1).
    Source: Yuan and Lin, J. R. Stat. Soc. B 68 (2006) 49-67.
    """

    name: ClassVar[str] = "group_lasso"
    label: ClassVar[str] = "Group lasso"
    help: ClassVar[str] = "Charges all weights that leave one input together, so that whole inputs and units drop out."
    station: ClassVar[Where] = "loss"
    each_kernel: ClassVar[bool] = True
    symbol: ClassVar[str] = "Σ‖w‖"

    strength: float = param(
        0.0,
        "Group lasso strength",
        "Adds strength · Σ‖w‖ to the loss, with one length ‖w‖ for all weights that leave an input or unit. Useless "
        "ones lose all their weights at once. 0 is off; 0.001 is mild, 0.1 is strong.",
        low=1e-6,
        high=1.0,
        log=True,
        off=0.0,
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return self.strength > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {"group": self.strength}

    @staticmethod
    def penalty(weights: Any, strength: Any, ops: Any) -> Any:
        lengths = _lengths(weights, ops)
        return ops.reshape(strength, (-1,)) * ops.sum(lengths, axis=tuple(range(1, len(weights.shape))))

    @staticmethod
    def gradient(weights: Any, strength: Any, ops: Any) -> Any:
        lengths = _lengths(weights, ops)
        column = ops.reshape(strength, (-1,) + (1,) * (len(weights.shape) - 1))
        return weights * (column / ops.where(lengths > 0, lengths, ops.ones_like(lengths)))


def _lengths(kernel: Any, ops: Any) -> Any:
    """||W_i|| of each member and input: [R, I, 1] of a kernel [R, I, O], [R, 1, 1, I, 1] of [R, h, w, I, O]."""
    last = len(kernel.shape) - 1
    return ops.sqrt(ops.sum(ops.square(kernel), axis=(*range(1, last - 1), last), keepdims=True))
