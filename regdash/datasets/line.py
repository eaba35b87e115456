"""The smallest regression there is."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from regdash.datasets.chance import LAYOUT, NOISE, stream
from regdash.datasets.samples import Points
from regdash.params import param


@dataclass(frozen=True)
class Line:
    """A straight line with Gaussian noise, so that what the network should find is known: weight 3 and bias 2.

    y = 3 x + 2 + noise * N(0, 1), with the one input x [N, 1] uniform in [-1, 1). Nothing is standardised.
    """

    name: ClassVar[str] = "line"
    label: ClassVar[str] = "Line"
    help: ClassVar[str] = "A straight line with noise: a network that bends has learnt the noise."
    task: ClassVar[Literal["classification", "regression"]] = "regression"
    standardize: ClassVar[bool] = False
    default_train: ClassVar[float] = 0.25
    features: ClassVar[int] = 1
    classes: ClassVar[int] = 0

    samples: int = param(200, "Rows", "How many rows are drawn.", low=20, high=5_000, unit="rows", stack=True)
    noise: float = param(
        0.5,
        "Noise",
        "How far targets stray from the line (standard deviation). The line itself rises from -1 to 5.",
        low=0.0,
        high=3.0,
        step=0.05,
        stack=True,
    )

    def points(self, seed: int) -> Points:
        """Draw the rows; the noise is drawn apart from the inputs."""
        x = 2 * stream(seed, LAYOUT).random(self.samples) - 1
        noise = stream(seed, NOISE).standard_normal(self.samples)
        return Points(
            inputs=x[:, np.newaxis],
            targets=3 * x + 2 + self.noise * noise,
            feature_names=("x",),
            target_name="y",
        )
