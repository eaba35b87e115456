"""Two arms wound around each other."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from regdash.datasets.chance import LAYOUT, NOISE, stream
from regdash.datasets.samples import Points
from regdash.params import param


@dataclass(frozen=True)
class Spirals:
    """Two arms of a spiral, the second turned by half a circle, with Gaussian noise.

    inputs [N, 2] = r * (cos a, sin a) with r uniform in [0, 1) and a = 2 pi * turns * r + pi * class,
    plus noise * N(0, 1).
    """

    name: ClassVar[str] = "spirals"
    label: ClassVar[str] = "Spirals"
    help: ClassVar[str] = "Two arms wound around each other: small networks give up, large ones overfit."
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    standardize: ClassVar[bool] = True
    default_train: ClassVar[float] = 0.5
    features: ClassVar[int] = 2
    classes: ClassVar[int] = 2

    samples: int = param(500, "Points", "How many points are drawn.", low=20, high=5_000, unit="points", stack=True)
    noise: float = param(
        0.05,
        "Noise",
        "How far points stray from the arms (standard deviation). More noise makes the classes overlap.",
        low=0.0,
        high=0.5,
        step=0.01,
        stack=True,
    )
    turns: float = param(
        1.5,
        "Turns",
        "How often each arm goes around the middle. More turns need a more winding boundary.",
        low=0.25,
        high=3.0,
        step=0.25,
        unit="turns",
        stack=True,
    )

    def points(self, seed: int) -> Points:
        """Draw the points; the noise is drawn apart from the places on the arms."""
        radius = stream(seed, LAYOUT).random(self.samples)
        arm = np.arange(self.samples) % 2
        angle = 2 * np.pi * self.turns * radius + np.pi * arm
        clean = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
        noise = stream(seed, NOISE).standard_normal((self.samples, 2))
        return Points(
            inputs=clean + self.noise * noise,
            targets=arm.astype(np.int64),
            feature_names=("x₁", "x₂"),
            class_names=("first arm", "second arm"),
        )
