"""What a regulariser is: a frozen value that acts at one station of training and has a neutral value."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

Where = Literal["inputs", "targets", "activations", "loss", "gradients", "update", "weights", "epochs"]
"""The stations in the order of a training step; "weights" comes after the optimizer's step."""


class Regularizer(Protocol):
    """A regulariser with its defaults is neutral: it changes nothing, so that all may share one stack."""

    name: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]
    station: ClassVar[Where]

    @property
    def active(self) -> bool:
        """Whether it does anything at all."""

    @property
    def numbers(self) -> Mapping[str, float]:
        """What the compiled program gets of it, per member, at the neutral value when it is off.

        Equal names of two regularisers are one number: their values are added.
        """


@runtime_checkable
class Penalty(Protocol):
    """A regulariser at the station "loss": a term added to the mean data loss.

    `weights` are the kernel entries of each member in a row [R, P] and `strength` is [R, 1]; with `each_kernel` they
    are one kernel [R, I, O] or [R, h, w, I, O] and `strength` [R] or [R, 1, ..]. `ops` is numpy or keras.ops.
    """

    symbol: ClassVar[str]
    each_kernel: ClassVar[bool]

    @property
    def strength(self) -> float: ...

    @staticmethod
    def penalty(weights: Any, strength: Any, ops: Any) -> Any:
        """The term, per member [R]."""

    @staticmethod
    def gradient(weights: Any, strength: Any, ops: Any) -> Any:
        """Its derivative by the weights, in their shape."""


@runtime_checkable
class Constraint(Protocol):
    """A regulariser at the station "weights": it replaces each kernel after the optimizer's step."""

    @staticmethod
    def constrained(kernel: Any, ops: Any, learning_rate: Any, number: Any) -> Any:
        """The kernel [R, I, O] or [R, h, w, I, O] afterwards; the numbers broadcast against it, as [R, 1, 1]."""
