"""What a data set is, and how its rows become training, validation and test parts."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from regdash.datasets.recent import remembered
from regdash.datasets.split import Split, divided

Task = Literal["binary", "multiclass", "regression"]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Points:
    """Rows as a data set gives them: inputs [N, F], targets [N] (class numbers or values)."""

    inputs: NDArray[np.floating[Any]]
    targets: NDArray[Any]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()  # empty for regression
    target_name: str = "target"


class Dataset(Protocol):
    """A data set is a frozen value; its fields are hyper-parameters, `points` is a pure function of them.

    It may also have `image` (H, W, C), `learnable` and `available`; see `shape_of`, `learnable` and `available`.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]
    standardize: ClassVar[bool]  # inputs, and the targets of a regression, by the training rows' statistics
    default_train: ClassVar[float]  # the share of rows for training that suits this data set

    @property
    def task(self) -> Literal["classification", "regression"]:
        """Whether classes or numbers are predicted."""

    @property
    def features(self) -> int:
        """F, the number of inputs of the network."""

    @property
    def classes(self) -> int:
        """C, the number of classes; 0 for regression."""

    def points(self, seed: int) -> Points:
        """Draw or load the rows; each source of chance has its own stream of random numbers."""

    def __hash__(self) -> int: ...


SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def numbered_inputs(features: int) -> tuple[str, ...]:
    """Names of inputs that have none of their own: x₁, x₂, and so on."""
    return tuple(f"x{number}".translate(SUBSCRIPTS) for number in range(1, features + 1))


def shape_of(data: Dataset) -> tuple[int, ...]:
    """The shape of one row: (H, W, C) of an image, (F,) of a row of a table."""
    return getattr(data, "image", ()) or (data.features,)


def learnable(data: Dataset) -> bool:
    """Whether the inputs say anything about the targets; only a data set of pure noise says no."""
    return bool(getattr(data, "learnable", True))


def available(data: Dataset) -> bool:
    """Whether the rows are on this machine; `points` of a data set that is not raises DataMissing."""
    return bool(getattr(data, "available", True))


@dataclass(frozen=True)
class Part:
    """Rows of one part: x [N, F] as the network sees them, y [N] class numbers or (scaled) values."""

    x: Floats
    y: Floats

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class Samples:
    """A data set ready for training; `test` is kept apart and shown by no page while settings are chosen.

    `x = (inputs - input_mean) / input_scale` with the training rows' statistics, so
    `inputs = input_mean + input_scale * x`; targets likewise for regression.
    """

    task: Task
    train: Part
    validation: Part
    test: Part
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    target_name: str
    input_mean: NDArray[np.float64]
    input_scale: NDArray[np.float64]
    target_mean: float = 0.0
    target_scale: float = 1.0
    flipped: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))  # [N] wrong training labels

    @property
    def features(self) -> int:
        return int(self.train.x.shape[1])

    @property
    def outputs(self) -> int:
        """O, the width of the network's last layer: one logit for two classes, C for more, 1 for regression."""
        return len(self.class_names) if self.task == "multiclass" else 1


def _nbytes(made: Samples) -> int:
    return made.train.x.nbytes + made.validation.x.nbytes + made.test.x.nbytes


@remembered(entries=32, limit=2**28, size=_nbytes)
def samples(data: Dataset, split: Split) -> Samples:
    """Draw, split and standardise: a pure function of the two values. Rows that were given are taken as they are."""
    given_parts: Samples | None = getattr(data, "parts", None)
    if given_parts is not None:
        return given_parts
    points = data.points(split.seed)
    classes = len(points.class_names)
    rows, given = divided(points.targets, classes, split)
    right = points.targets[rows[0]]
    mean, scale = _statistics(points.inputs[rows[0]], data.standardize)
    rescale = data.standardize and not classes
    y_mean, y_scale = (float(s[0]) for s in _statistics(right[:, None], rescale))
    targets = (given, points.targets[rows[1]], points.targets[rows[2]])
    train, validation, test = (
        Part(
            x=_frozen((points.inputs[part] - mean) / scale if data.standardize else points.inputs[part]),
            y=_frozen((y - y_mean) / y_scale),
        )
        for part, y in zip(rows, targets, strict=True)
    )
    return Samples(
        task=("binary" if classes == 2 else "multiclass") if classes else "regression",
        train=train,
        validation=validation,
        test=test,
        feature_names=points.feature_names,
        class_names=points.class_names,
        target_name=points.target_name,
        input_mean=mean,
        input_scale=scale,
        target_mean=y_mean,
        target_scale=y_scale,
        flipped=given != right,
    )


def _statistics(values: NDArray[Any], wanted: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if not wanted:
        return np.zeros(values.shape[1]), np.ones(values.shape[1])
    mean, scale = values.mean(axis=0), values.std(axis=0)
    rounding = 1e-12 * np.abs(mean)  # what is left of the scale of a column that never changes
    return mean, np.where(scale > rounding, scale, 1.0)


def _frozen(values: NDArray[Any]) -> Floats:
    array = np.ascontiguousarray(values, np.float32)
    array.setflags(write=False)
    return array
