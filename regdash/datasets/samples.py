"""What a data set is, and how its rows become training, validation and test parts."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from regdash.params import param

Task = Literal["binary", "multiclass", "regression"]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Points:
    """Rows as a data set gives them: inputs [N, F], targets [N] (class numbers or values)."""

    inputs: NDArray[np.float64]
    targets: NDArray[Any]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()  # empty for regression
    target_name: str = "target"


class Dataset(Protocol):
    """A data set is a frozen value; its fields are hyper-parameters, `points` is a pure function of them."""

    name: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str]
    task: ClassVar[Literal["classification", "regression"]]
    standardize: ClassVar[bool]  # inputs, and the targets of a regression, by the training rows' statistics
    default_train: ClassVar[float]  # the share of rows for training that suits this data set

    @property
    def features(self) -> int:
        """F, the number of inputs of the network."""

    @property
    def classes(self) -> int:
        """C, the number of classes; 0 for regression."""

    def points(self, seed: int) -> Points:
        """Draw or load the rows; each source of chance has its own stream of random numbers."""

    def __hash__(self) -> int: ...


@dataclass(frozen=True)
class Split:
    """How rows are divided: training, validation and test parts, and how many training labels are made wrong."""

    name: ClassVar[str] = "split"
    label: ClassVar[str] = "Split"
    help: ClassVar[str] = "How the rows are divided into training, validation and test parts."

    train: float = param(
        0.25,
        "Training share",
        "How much of the data the network may learn from. Half of the rest is for validation; the other half is "
        "the test part, kept apart until you have chosen your settings.",
        low=0.05,
        high=0.9,
        step=0.05,
        stack=True,
    )
    label_noise: float = param(
        0.0,
        "Wrong labels",
        "The share of training rows whose class is replaced by another one. A network that is too free learns "
        "these mistakes by heart. Validation labels stay right.",
        low=0.0,
        high=0.5,
        step=0.05,
        stack=True,
    )
    seed: int = param(
        0,
        "Data seed",
        "Another number draws other rows and another split. Noise, wrong labels and the split are drawn "
        "apart, so moving one of them leaves the others as they are.",
        low=0,
        high=9_999,
        stack=True,
    )


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


LAYOUT, NOISE, LABELS, SPLIT, ROWS = range(5)


def stream(seed: int, purpose: int) -> np.random.Generator:
    """A stream of random numbers of its own for each purpose, so that one never reseeds another."""
    return np.random.default_rng([seed, 7_919, purpose])


def stratified_order(targets: NDArray[Any], classes: int, chance: np.random.Generator) -> NDArray[np.intp]:
    """A shuffled order of the rows in which every beginning holds the classes in their proportions.

    Each row gets the key (rank within its class + a random number) / size of its class; rows are sorted by it.
    A larger training share therefore only adds rows to a smaller one.
    """
    shuffled = chance.permutation(len(targets))
    groups = targets[shuffled] if classes else np.zeros(len(targets))
    keys = np.empty(len(targets))
    for group in np.unique(groups):
        members = groups == group
        keys[members] = (np.arange(members.sum()) + chance.random()) / members.sum()
    return shuffled[np.argsort(keys, kind="stable")]


def flip_labels(targets: NDArray[Any], share: float, classes: int, chance: np.random.Generator) -> NDArray[Any]:
    """Replace the class of round(share * N) rows by another class, each other class equally likely.

    Each row draws its own two numbers: those with the smallest first ones are flipped, the second says to which
    class. More wrong labels therefore only add to fewer, and rows added at the end leave the others' numbers alone.
    """
    turn, other = chance.random((len(targets), 2)).T
    wrong = np.argsort(turn, kind="stable")[: round(share * len(targets))]
    shift = 1 + (other * (classes - 1)).astype(targets.dtype)
    flipped = targets.copy()
    flipped[wrong] = (targets[wrong] + shift[wrong]) % classes
    return flipped


@lru_cache(maxsize=32)
def samples(data: Dataset, split: Split) -> Samples:
    """Draw, split and standardise: a pure function of the two values."""
    points = data.points(split.seed)
    classes = len(points.class_names)
    order = stratified_order(points.targets, classes, stream(split.seed, SPLIT))
    n_train = min(max(round(split.train * len(order)), 2), len(order) - 4)
    n_validation = (len(order) - n_train) // 2
    rows = np.split(order, [n_train, n_train + n_validation])
    right = points.targets[rows[0]]
    given = flip_labels(right, split.label_noise, classes, stream(split.seed, LABELS)) if classes else right
    mean, scale = _statistics(points.inputs[rows[0]], data.standardize)
    rescale = data.standardize and not classes
    y_mean, y_scale = (float(s[0]) for s in _statistics(right[:, None], rescale))
    targets = (given, points.targets[rows[1]], points.targets[rows[2]])
    train, validation, test = (
        Part(x=_frozen((points.inputs[part] - mean) / scale), y=_frozen((y - y_mean) / y_scale))
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
