"""Two interleaving half circles."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from regdash.datasets.chance import LAYOUT, NOISE, stream
from regdash.datasets.samples import Points
from regdash.params import param


@dataclass(frozen=True)
class Moons:
    """Two half circles of radius 1, the second turned over and moved by (1, 0.5), with Gaussian noise.

    inputs [N, 2] = (cos a, sin a) or (1 - cos a, 0.5 - sin a) with a uniform in [0, pi], plus noise * N(0, 1).
    """

    name: ClassVar[str] = "moons"
    label: ClassVar[str] = "Moons"
    help: ClassVar[str] = "Two interleaving half circles: the boundary has to bend."
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    standardize: ClassVar[bool] = True
    default_train: ClassVar[float] = 0.25
    features: ClassVar[int] = 2
    classes: ClassVar[int] = 2

    samples: int = param(400, "Points", "How many points are drawn.", low=20, high=5_000, unit="points", stack=True)
    noise: float = param(
        0.35,
        "Noise",
        "How far points stray from the half circles (standard deviation). More noise makes the classes overlap.",
        low=0.0,
        high=1.0,
        step=0.05,
        stack=True,
    )

    def points(self, seed: int) -> Points:
        """Draw the points; the noise is drawn apart from the places on the half circles."""
        angle = np.pi * stream(seed, LAYOUT).random(self.samples)
        upper = np.arange(self.samples) % 2 == 0
        clean = np.stack(
            [np.where(upper, np.cos(angle), 1 - np.cos(angle)), np.where(upper, np.sin(angle), 0.5 - np.sin(angle))],
            axis=1,
        )
        noise = stream(seed, NOISE).standard_normal((self.samples, 2))
        return Points(
            inputs=clean + self.noise * noise,
            targets=(~upper).astype(np.int64),
            feature_names=("x₁", "x₂"),
            class_names=("upper moon", "lower moon"),
        )
