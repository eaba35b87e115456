"""A bent surface over inputs of which only five matter."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from regdash.datasets.chance import LAYOUT, NOISE, stream
from regdash.datasets.samples import Points, numbered_inputs
from regdash.params import param


@dataclass(frozen=True)
class Friedman:
    """A regression that is partly bent, partly straight, and has inputs that say nothing.

    y = 10 sin(pi x1 x2) + 20 (x3 - 1/2)^2 + 10 x4 + 5 x5 + noise * N(0, 1), with inputs x [N, F] uniform in [0, 1);
    those after the fifth have no effect. Source: Friedman, Annals of Statistics 19 (1991) 1-67.
    """

    name: ClassVar[str] = "friedman"
    label: ClassVar[str] = "Friedman"
    help: ClassVar[str] = "A bent surface over five inputs, among others that say nothing: L1 can tell them apart."
    task: ClassVar[Literal["classification", "regression"]] = "regression"
    standardize: ClassVar[bool] = True
    default_train: ClassVar[float] = 0.25
    classes: ClassVar[int] = 0

    samples: int = param(400, "Rows", "How many rows are drawn.", low=20, high=5_000, unit="rows", stack=True)
    noise: float = param(
        1.0,
        "Noise",
        "How far targets stray from the surface (standard deviation). The surface itself has one of about 5.",
        low=0.0,
        high=10.0,
        step=0.1,
        stack=True,
    )
    inputs: int = param(
        10,
        "Inputs",
        "How many inputs each row has. Only the first five matter; the others invite overfitting.",
        low=5,
        high=100,
        unit="inputs",
    )

    @property
    def features(self) -> int:
        return self.inputs

    def points(self, seed: int) -> Points:
        """Draw the rows; the noise is drawn apart from the inputs."""
        x = stream(seed, LAYOUT).random((self.samples, self.inputs))
        noise = stream(seed, NOISE).standard_normal(self.samples)
        bent = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2
        return Points(
            inputs=x,
            targets=bent + 10 * x[:, 3] + 5 * x[:, 4] + self.noise * noise,
            feature_names=numbered_inputs(self.inputs),
            target_name="y",
        )
