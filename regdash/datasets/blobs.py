"""Round clouds of points."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from regdash.datasets.chance import NOISE, stream
from regdash.datasets.samples import Points
from regdash.params import param


@dataclass(frozen=True)
class Blobs:
    """One round Gaussian cloud per class, with the centres evenly on a circle of radius 1.

    inputs [N, 2] = (cos a, sin a) + noise * N(0, 1) with a = 2 pi * class / C. Up to the overlap of the clouds the
    best boundary is made of straight lines.
    """

    name: ClassVar[str] = "blobs"
    label: ClassVar[str] = "Blobs"
    help: ClassVar[str] = "Round clouds, one for each class: straight lines are enough, all else is overfitting."
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    standardize: ClassVar[bool] = True
    default_train: ClassVar[float] = 0.5
    features: ClassVar[int] = 2

    samples: int = param(500, "Points", "How many points are drawn.", low=20, high=5_000, unit="points", stack=True)
    noise: float = param(
        0.5,
        "Spread",
        "How far points stray from the centre of their cloud (standard deviation). The centres lie on a circle of "
        "radius 1, so above 0.5 the clouds overlap.",
        low=0.0,
        high=2.0,
        step=0.05,
        stack=True,
    )
    classes: int = param(3, "Classes", "How many clouds there are.", low=2, high=5, unit="classes")

    def points(self, seed: int) -> Points:
        """Draw the points around the centres."""
        cloud = np.arange(self.samples) % self.classes
        angle = 2 * np.pi * cloud / self.classes
        centre = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        noise = stream(seed, NOISE).standard_normal((self.samples, 2))
        return Points(
            inputs=centre + self.noise * noise,
            targets=cloud.astype(np.int64),
            feature_names=("x₁", "x₂"),
            class_names=tuple(f"cloud {number}" for number in range(1, self.classes + 1)),
        )
