"""Rows that a program hands in as arrays."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from regdash.datasets.samples import Floats, Part, Points, Samples
from regdash.errors import RegdashError


@dataclass(frozen=True, eq=False)
class Given:
    """Training and validation rows as they are: nothing is drawn, split or standardised.

    x [N, F]; y [N] with class numbers 0 .. C - 1, or values when `classes` is 0. `image` (H, W, C) says that a row is
    an image. Such an experiment can be trained, but neither stored nor linked: its rows are known to this process only.
    """

    name: ClassVar[str] = "given"
    label: ClassVar[str] = "Arrays"
    help: ClassVar[str] = "Rows handed in by a program."
    standardize: ClassVar[bool] = False
    default_train: ClassVar[float] = 0.5

    train_x: NDArray[Any] = field(default_factory=lambda: np.zeros((0, 1)))
    train_y: NDArray[Any] = field(default_factory=lambda: np.zeros(0))
    val_x: NDArray[Any] = field(default_factory=lambda: np.zeros((0, 1)))
    val_y: NDArray[Any] = field(default_factory=lambda: np.zeros(0))
    classes: int = 0
    image: tuple[int, ...] = ()

    @property
    def task(self) -> Literal["classification", "regression"]:
        return "classification" if self.classes else "regression"

    @property
    def features(self) -> int:
        return int(self.train_x.shape[1])

    def points(self, seed: int) -> Points:
        """There are none to draw from: the parts are given."""
        raise RegdashError("arrays that a program hands in are not drawn; take `parts`")

    @cached_property
    def parts(self) -> Samples:
        """The rows as the engine takes them; RegdashError says what is wrong with them."""
        train, validation = self._part("train"), self._part("val")
        nothing = np.zeros((0, self.features), np.float32)
        return Samples(
            task=("binary" if self.classes == 2 else "multiclass") if self.classes else "regression",
            train=train,
            validation=validation,
            test=Part(nothing, np.zeros(0, np.float32)),
            feature_names=tuple(f"x{number}" for number in range(1, self.features + 1)),
            class_names=tuple(str(number) for number in range(self.classes)),
            target_name="y",
            input_mean=np.zeros(self.features),
            input_scale=np.ones(self.features),
            flipped=np.zeros(len(train), bool),
        )

    def _part(self, name: str) -> Part:
        x, y = (_floats(getattr(self, f"{name}_{letter}"), f"{name}_{letter}") for letter in "xy")
        if x.ndim != 2 or y.ndim != 1 or len(x) != len(y) or not len(x) or x.shape[1] != self.features:
            raise RegdashError(
                f"{name}_x must be rows [N, {self.features}] and {name}_y one target for each, "
                f"got {x.shape} and {y.shape}"
            )
        if self.classes and not np.isin(y, np.arange(self.classes)).all():
            raise RegdashError(f"{name}_y must hold class numbers from 0 to {self.classes - 1}, got others")
        return Part(x, y)


def _floats(values: Any, name: str) -> Floats:
    array = np.ascontiguousarray(values, np.float32)
    if not np.isfinite(array).all():
        raise RegdashError(f"{name} must hold finite numbers only, got nan or infinity")
    return array
