"""What a regulariser is: a frozen value that acts at one station of training and has a neutral value."""

from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

Where = Literal["loss", "activations", "update", "epochs"]


class Regularizer(Protocol):
    """A regulariser with its defaults is neutral: it changes nothing, so that all may share one stack."""

    name: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]
    station: ClassVar[Where]

    @property
    def active(self) -> bool:
        """Whether it does anything at all."""


@runtime_checkable
class Penalty(Protocol):
    """A regulariser at the station "loss": a term added to the mean data loss.

    `weights` are the kernel entries of each member in a row [R, P], `strength` [R, 1], `ops` numpy or keras.ops.
    """

    symbol: ClassVar[str]

    @property
    def strength(self) -> float: ...

    @staticmethod
    def penalty(weights: Any, strength: Any, ops: Any) -> Any:
        """The term, per member [R]."""

    @staticmethod
    def gradient(weights: Any, strength: Any, ops: Any) -> Any:
        """Its derivative by the weights [R, P]."""
