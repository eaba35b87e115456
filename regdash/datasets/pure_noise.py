"""Nothing to learn."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from regdash.datasets.chance import LAYOUT, NOISE, stream
from regdash.datasets.samples import Points, numbered_inputs
from regdash.params import param


@dataclass(frozen=True)
class PureNoise:
    """Inputs that say nothing about the classes, which are drawn by lot.

    inputs [N, F] ~ N(0, 1); of each two rows a coin decides which one is heads, so both classes have the same size.
    No network can be right more often than every other time on new rows; all that it learns is noise.
    """

    name: ClassVar[str] = "pure_noise"
    label: ClassVar[str] = "Pure noise"
    help: ClassVar[str] = "Classes drawn by lot: there is nothing to learn, and yet networks learn the rows by heart."
    task: ClassVar[Literal["classification", "regression"]] = "classification"
    standardize: ClassVar[bool] = True
    default_train: ClassVar[float] = 0.5
    classes: ClassVar[int] = 2
    learnable: ClassVar[bool] = False

    rows: int = param(
        100,
        "Rows",
        "How many rows are drawn. Fewer rows are easier to learn by heart.",
        low=20,
        high=5_000,
        unit="rows",
        stack=True,
    )
    inputs: int = param(
        10,
        "Inputs",
        "How many inputs each row has. With many of them even a straight line parts the training rows.",
        low=1,
        high=200,
        unit="inputs",
    )

    @property
    def features(self) -> int:
        return self.inputs

    def points(self, seed: int) -> Points:
        """Draw the rows; the coins are thrown apart from the inputs."""
        coin = stream(seed, NOISE).random((self.rows + 1) // 2) < 0.5
        return Points(
            inputs=stream(seed, LAYOUT).standard_normal((self.rows, self.inputs)),
            targets=np.stack([coin, ~coin], axis=1).ravel()[: self.rows].astype(np.int64),
            feature_names=numbered_inputs(self.inputs),
            class_names=("tails", "heads"),
        )
