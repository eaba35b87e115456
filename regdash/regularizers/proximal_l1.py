"""L1 by the proximal step, which reaches exact zeros."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class ProximalL1:
    """w <- sign(w) * max(|w| - learning_rate * l1, 0) after each optimizer step, on kernels.

    Under plain SGD this is ISTA: it minimises data loss + l1 * sum |w| as L1 does, on a linear network Lasso with
    alpha = l1 / 2, but a useless weight becomes exactly 0 where the plain gradient leaves it trembling about 0. Under
    Adam and the like the threshold stays learning_rate * l1 while the gradient is rescaled, so the balance is another.
    Source: Daubechies, Defrise and De Mol, Comm. Pure Appl. Math. 57 (2004) 1413-1457.
    """

    name: ClassVar[str] = "proximal_l1"
    label: ClassVar[str] = "L1 with exact zeros (proximal)"
    help: ClassVar[str] = "Moves every weight a fixed bit towards zero after each step and stops there: real zeros."
    station: ClassVar[Where] = "weights"

    l1: float = param(
        0.0,
        "Proximal L1 strength",
        "After each step every weight moves by learning rate x strength towards zero, and one that arrives stays "
        "exactly there. The same aim as L1, but with real zeros. 0 is off.",
        low=1e-6,
        high=1.0,
        log=True,
        off=0.0,
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return self.l1 > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {"proximal_l1": self.l1}

    @staticmethod
    def constrained(kernel: Any, ops: Any, learning_rate: Any, number: Any) -> Any:
        """Each weight moved by learning_rate * number towards zero, at most to zero."""
        return ops.sign(kernel) * ops.maximum(ops.abs(kernel) - learning_rate * number, 0.0)
