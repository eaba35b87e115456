"""The L2 penalty on activations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class ActivityL2:
    """strength * mean over the rows of a batch of sum a^2, over the activations a of the hidden units.

    As `activity_regularizer=L2(strength)` on each hidden layer: Keras 3.15 takes the sum over the whole output and
    divides it by the number of rows, so the batch size does not matter. Rows that only fill up the last batch have
    the weight 0 here and do not count.
    """

    name: ClassVar[str] = "activity_l2"
    label: ClassVar[str] = "Activity L2"
    help: ClassVar[str] = (
        "Charges the activations of hidden units when they are large, so that no unit answers too loudly."
    )
    station: ClassVar[Where] = "activations"

    strength: float = param(
        0.0,
        "Activity L2 strength",
        "Adds strength · Σa² to the loss, summed over the hidden units and averaged over the rows: the answers of "
        "all units stay small. 0 is off; 0.0001 is mild.",
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
        return {"activity_l2": self.strength}

    @staticmethod
    def penalty(activations: Any, strength: Any, row_weights: Any, ops: Any) -> Any:
        """The term of one layer and one member, a scalar: activations [B, U...], row_weights [B]."""
        rows = ops.sum(ops.square(activations), axis=tuple(range(1, len(activations.shape))))
        return strength * ops.sum(rows * row_weights) / ops.sum(row_weights)
