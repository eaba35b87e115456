"""Four squares of which opposite ones belong together."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from regdash.datasets.chance import LAYOUT, NOISE, stream
from regdash.datasets.samples import Points
from regdash.params import param


@dataclass(frozen=True)
class Xor:
    """Points in the four quarters of a square; the class says whether the signs of the inputs differ.

    inputs [N, 2] = (s1 * u1, s2 * u2) with signs s, u uniform in [0, 1) and class 1 where s1 * s2 < 0,
    plus noise * N(0, 1). Each quarter gets every fourth point.
    """

    name: ClassVar[str] = "xor"
    label: ClassVar[str] = "XOR"
    help: ClassVar[str] = "Opposite quarters belong together: no straight line can part the classes."
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    standardize: ClassVar[bool] = True
    default_train: ClassVar[float] = 0.5
    features: ClassVar[int] = 2
    classes: ClassVar[int] = 2

    samples: int = param(500, "Points", "How many points are drawn.", low=20, high=5_000, unit="points", stack=True)
    noise: float = param(
        0.2,
        "Noise",
        "How far points are moved from where their class was decided (standard deviation). More noise carries "
        "points into the wrong quarter.",
        low=0.0,
        high=1.0,
        step=0.05,
        stack=True,
    )

    def points(self, seed: int) -> Points:
        """Draw the points; the noise is drawn apart from the places in the quarters."""
        row = np.arange(self.samples)
        differ = row % 2 == 1
        first = np.where(row // 2 % 2 == 0, 1.0, -1.0)
        signs = np.stack([first, np.where(differ, -first, first)], axis=1)
        clean = signs * stream(seed, LAYOUT).random((self.samples, 2))
        noise = stream(seed, NOISE).standard_normal((self.samples, 2))
        return Points(
            inputs=clean + self.noise * noise,
            targets=differ.astype(np.int64),
            feature_names=("x₁", "x₂"),
            class_names=("equal signs", "different signs"),
        )
