"""A small circle inside a large one."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from regdash.datasets.chance import LAYOUT, NOISE, stream
from regdash.datasets.samples import Points
from regdash.params import param


@dataclass(frozen=True)
class Circles:
    """A circle of radius 1 and a smaller one with the same centre, with Gaussian noise.

    inputs [N, 2] = r * (cos a, sin a) with r = 1 or `inner` and a uniform in [0, 2 pi), plus noise * N(0, 1).
    """

    name: ClassVar[str] = "circles"
    label: ClassVar[str] = "Circles"
    help: ClassVar[str] = "A small circle inside a large one: the boundary has to close around it."
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    standardize: ClassVar[bool] = True
    default_train: ClassVar[float] = 0.5
    features: ClassVar[int] = 2
    classes: ClassVar[int] = 2

    samples: int = param(500, "Points", "How many points are drawn.", low=20, high=5_000, unit="points", stack=True)
    noise: float = param(
        0.15,
        "Noise",
        "How far points stray from the circles (standard deviation). More noise makes the classes overlap.",
        low=0.0,
        high=1.0,
        step=0.05,
        stack=True,
    )
    inner: float = param(
        0.5,
        "Inner radius",
        "The radius of the small circle; the large one has radius 1. The closer they are, the harder it is.",
        low=0.1,
        high=0.9,
        step=0.05,
        stack=True,
    )

    def points(self, seed: int) -> Points:
        """Draw the points; the noise is drawn apart from the places on the circles."""
        angle = 2 * np.pi * stream(seed, LAYOUT).random(self.samples)
        inside = np.arange(self.samples) % 2 == 1
        radius = np.where(inside, self.inner, 1.0)
        clean = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
        noise = stream(seed, NOISE).standard_normal((self.samples, 2))
        return Points(
            inputs=clean + self.noise * noise,
            targets=inside.astype(np.int64),
            feature_names=("x₁", "x₂"),
            class_names=("outer circle", "inner circle"),
        )
