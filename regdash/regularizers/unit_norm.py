"""Weights of length one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.params import param
from regdash.regularizers.base import Where
from regdash.regularizers.norms import EPSILON, unit_norms


@dataclass(frozen=True)
class UnitNorm:
    """w <- w / (||w|| + 1e-7) after each optimizer step, w all weights that enter one unit.

    This is keras.constraints.UnitNorm over all axes of the kernel but the last. Biases are free.
    """

    name: ClassVar[str] = "unit_norm"
    label: ClassVar[str] = "Unit norm"
    help: ClassVar[str] = "Keeps the weights that enter each unit at length one: only their direction is learnt."
    station: ClassVar[Where] = "weights"

    on: bool = param(
        False,
        "Unit norm",
        "After each step the weights that enter a unit are scaled to length one, so no unit can shout. The output "
        "layer is scaled too, which limits how sure the network can be.",
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return self.on

    @property
    def numbers(self) -> Mapping[str, float]:
        return {"unit_norm": float(self.on)}

    @staticmethod
    def constrained(kernel: Any, ops: Any, learning_rate: Any, number: Any) -> Any:
        """Number * unit + (1 - number) * kernel, for a number that is 0 or 1."""
        return ops.where(number > 0, kernel / (EPSILON + unit_norms(kernel, ops)), kernel)
