"""Limits for the gradient."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


def _limit(label: str, help: str) -> Any:
    return param(0.0, label, help, low=1e-3, high=100.0, log=True, off=0.0, stack=True, strength=-1)


@dataclass(frozen=True)
class GradientClipping:
    """Cuts the gradient before the optimizer sees it, as `clipnorm`, `clipvalue` or `global_clipnorm` of Keras.

    clipnorm c: g <- g * min(1, c / ||g||) for each variable (kernel or bias) by itself; global_clipnorm c: the same
    with one ||g|| over all variables; clipvalue c: each entry of g is cut to [-c, c]. The gradient includes the
    penalties; weight decay stays outside, as in Keras. Source: Pascanu, Mikolov and Bengio, ICML 2013, arXiv 1211.5063.
    """

    name: ClassVar[str] = "gradient_clipping"
    label: ClassVar[str] = "Gradient clipping"
    help: ClassVar[str] = "Shortens gradients that are too long, so that one wild batch cannot throw the weights away."
    station: ClassVar[Where] = "gradients"

    clipnorm: float = _limit(
        "Clip each layer's gradient",
        "The gradient of each kernel and of each bias is scaled back to this length if it is longer. 0 is off; "
        "1 is usual.",
    )
    clipvalue: float = _limit(
        "Clip each entry",
        "Each entry of the gradient is cut to between minus this and this, which also turns its direction. 0 is off; "
        "0.5 is usual.",
    )
    global_clipnorm: float = _limit(
        "Clip the whole gradient",
        "The gradient of all weights together is scaled back to this length if it is longer; its direction stays. "
        "0 is off; 1 is usual.",
    )

    @property
    def active(self) -> bool:
        return self.clipnorm > 0 or self.clipvalue > 0 or self.global_clipnorm > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        limits = {"clipnorm": self.clipnorm, "clipvalue": self.clipvalue, "global_clipnorm": self.global_clipnorm}
        return {name: limit if limit > 0 else math.inf for name, limit in limits.items()}

    @property
    def clash(self) -> str:
        """What is wrong when more than one limit is set, as Keras refuses it too; empty when nothing is."""
        names = [name for name, limit in self.numbers.items() if math.isfinite(limit)]
        if len(names) < 2:
            return ""
        return f"only one way of clipping the gradient may be set, got {' and '.join(names)}; set the others to 0"

    @staticmethod
    def clipped(pieces: Sequence[Any], ops: Any, clipnorm: Any, clipvalue: Any, global_clipnorm: Any) -> list[Any]:
        """The gradients [R, ...] of the variables after clipping; each limit is [R], infinite where it is off.

        A global norm that is infinite gives nan, as in Keras: the run has diverged.
        """
        pieces = [piece * _scale(_norm(piece, ops), _like(clipnorm, piece, ops), ops) for piece in pieces]
        norm = ops.sqrt(sum(ops.sum(ops.square(piece), axis=_inner(piece)) for piece in pieces))
        without_end = ops.isinf(norm) & ~ops.isinf(global_clipnorm)
        scale = ops.where(without_end, math.nan * norm, _scale(norm, global_clipnorm, ops))
        pieces = [piece * _like(scale, piece, ops) for piece in pieces]
        limits = [_like(clipvalue, piece, ops) for piece in pieces]
        return [ops.minimum(ops.maximum(g, -limit), limit) for g, limit in zip(pieces, limits, strict=True)]


def _inner(piece: Any) -> tuple[int, ...]:
    return tuple(range(1, len(piece.shape)))


def _norm(piece: Any, ops: Any) -> Any:
    return ops.sqrt(ops.sum(ops.square(piece), axis=_inner(piece), keepdims=True))


def _like(numbers: Any, piece: Any, ops: Any) -> Any:
    """Numbers [R] as [R, 1, ..], to broadcast against a piece."""
    return ops.reshape(numbers, (-1,) + (1,) * (len(piece.shape) - 1))


def _scale(norm: Any, limit: Any, ops: Any) -> Any:
    """min(1, limit / norm), and exactly 1 where the limit is infinite, even if the norm is too."""
    one = ops.ones_like(norm)
    off = ops.isinf(limit)
    finite = ops.where(off, one, limit)
    return ops.where(off, one, ops.minimum(finite / ops.where(norm > 0, norm, one), 1.0))
