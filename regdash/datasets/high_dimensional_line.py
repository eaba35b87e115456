"""Many inputs, few rows, and a line to be found among them."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from regdash.datasets.chance import LAYOUT, NOISE, stream
from regdash.datasets.samples import Points, numbered_inputs
from regdash.params import param


@dataclass(frozen=True)
class HighDimensionalLine:
    """Linear regression with far more inputs than training rows, so that only regularisation helps.

    y = 0.05 + sum_i 0.01 * x_i + noise * N(0, 1), with inputs x [N, F] drawn from N(0, 1). Nothing is standardised.
    With the training share 0.1 there are 20 training rows. Source: Zhang, Lipton, Li and Smola, Dive into Deep
    Learning, section Weight Decay.
    """

    name: ClassVar[str] = "high_dimensional_line"
    label: ClassVar[str] = "High-dimensional line"
    help: ClassVar[str] = (
        "Two hundred inputs and twenty training rows: the network can learn every row by heart and still know nothing."
    )
    task: ClassVar[Literal["classification", "regression"]] = "regression"
    standardize: ClassVar[bool] = False
    default_train: ClassVar[float] = 0.1
    classes: ClassVar[int] = 0

    samples: int = param(
        200,
        "Rows",
        "How many rows are drawn. With a training share of 0.1 the network learns from a tenth of them.",
        low=20,
        high=2_000,
        unit="rows",
        stack=True,
    )
    noise: float = param(
        0.01,
        "Noise",
        "How far targets stray from the line (standard deviation).",
        low=0.0,
        high=1.0,
        step=0.01,
        stack=True,
    )
    inputs: int = param(
        200,
        "Inputs",
        "How many inputs each row has. With more inputs than training rows the line can be fitted without being found.",
        low=1,
        high=500,
        unit="inputs",
    )

    @property
    def features(self) -> int:
        return self.inputs

    def points(self, seed: int) -> Points:
        """Draw the rows; the noise is drawn apart from the inputs."""
        x = stream(seed, LAYOUT).standard_normal((self.samples, self.inputs))
        noise = stream(seed, NOISE).standard_normal(self.samples)
        return Points(
            inputs=x,
            targets=0.05 + 0.01 * x.sum(axis=1) + self.noise * noise,
            feature_names=numbered_inputs(self.inputs),
            target_name="y",
        )
