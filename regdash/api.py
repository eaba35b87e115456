"""The flat public list for notebooks and scripts. Importing it loads no framework; training and searching do."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from regdash.codec import from_dict, from_json, identity, to_dict, to_json
from regdash.datasets import (
    CIFAR10,
    DATASETS,
    MNIST,
    Blobs,
    BreastCancer,
    Circles,
    Diabetes,
    Digits,
    FashionMNIST,
    Friedman,
    Given,
    HighDimensionalLine,
    Iris,
    Line,
    Moons,
    OwnTable,
    PureNoise,
    Spirals,
    Split,
    Wine,
    Xor,
    available,
    learnable,
    samples,
    shape_of,
)
from regdash.datasets.tables import InvalidTable, Prepared, Table, prepare, read_table
from regdash.errors import BrokenLink, InvalidExperiment, RegdashError
from regdash.experiment import Experiment, Training, differences
from regdash.links import from_link, to_link
from regdash.networks import MLP, NETWORKS, Convolutional, Highway, Linear, ResidualConvolutional, ResidualMLP
from regdash.optimizers import (
    OPTIMIZERS,
    SCHEDULES,
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    AMSGrad,
    Constant,
    Cosine,
    Exponential,
    InverseTime,
    LinearDecay,
    Lion,
    Momentum,
    Nadam,
    ReduceOnPlateau,
    RMSprop,
    Step,
    learning_rates,
)
from regdash.record import History, Probe, RunRecord, Snapshots
from regdash.regularizers import (
    L1,
    L2,
    REGULARIZERS,
    ActivityL1,
    ActivityL2,
    AlphaDropout,
    Cutout,
    Dropout,
    EarlyStopping,
    ElasticNet,
    GaussianDropout,
    GradientClipping,
    GroupLasso,
    ImageFlip,
    ImageRotation,
    ImageShift,
    InputDropout,
    InputNoise,
    LabelSmoothing,
    MaxNorm,
    Mixup,
    ProximalL1,
    SpatialDropout,
    UnitNorm,
    WeightDecay,
)
from regdash.search import (
    METRICS,
    STRATEGIES,
    Choice,
    InvalidSearch,
    Metric,
    Objective,
    Outcome,
    Plan,
    Range,
    Space,
    Strategy,
    Trial,
    metrics_of,
    plan_from_dict,
    plan_from_json,
    plan_to_dict,
    plan_to_json,
    searchable,
)
from regdash.search.conduct import conduct
from regdash.search.presets import SEARCH_PRESETS, SearchPreset
from regdash.search.result import SearchResult
from regdash.settings import settings
from regdash.store.runs import RunStore

if TYPE_CHECKING:
    from regdash.training.loop import Progress

Watcher = Callable[[Mapping[int, "Progress"]], Collection[int] | None]


def train(
    experiments: Experiment | Sequence[Experiment],
    on_progress: Watcher | None = None,
    *,
    probed: Collection[int] = (),
    weights: Sequence[Sequence[Any]] | None = None,
) -> list[RunRecord]:
    """Train experiments in this process, those of one shape together as a stack; one record for each, in order.

    A few times per second `on_progress` gets the members of the stack in work, {index: Progress}, and may return
    the indices of those to cancel, which keep what they have learnt. The indices in `probed` also record what the
    weights look like on the way and, for data with two inputs, the decision boundary. `weights` gives each experiment
    its initial weights, as `keras.Model.get_weights` lists them, instead of those of its seed. Rows of your own come
    as `Given` arrays. The first call imports TensorFlow, or JAX where REGDASH_BACKEND says so.

    >>> record, = train(Experiment(regularizers=(Dropout(0.3),)))
    >>> record.best_epoch, record.history["val_loss"][-1]
    """
    from regdash.training.groups import groups
    from regdash.training.layout import flat_weights
    from regdash.training.loop import train_stack

    wanted = [experiments] if isinstance(experiments, Experiment) else list(experiments)
    found: dict[int, RunRecord] = {}
    for members in groups(wanted, settings().max_members):
        records = train_stack(
            [wanted[i] for i in members],
            probed=[place for place, i in enumerate(members) if i in probed],
            on_progress=_renumbered(on_progress, members),
            segment_seconds=settings().segment_seconds,
            weights=[flat_weights(wanted[i], weights[i]) for i in members] if weights is not None else None,
        )
        found |= dict(zip(members, records, strict=True))
    return [found[i] for i in range(len(wanted))]


def search(
    plan_or_space: Plan | Space,
    *,
    strategy: str | None = None,
    trials: int | None = None,
    seconds: float | None = None,
    objective: Objective | None = None,
    halving: str | None = None,
    seed: int | None = None,
    on_trial: Callable[[Trial], object] | None = None,
) -> SearchResult:
    """Search in this process: which settings of a space are best. All runs of a batch train together.

    What is given replaces what the plan says. `on_trial` is called with each trial when it has ended. Raises
    InvalidSearch with a sentence per field when the plan is wrong.

    >>> space = Space(Experiment(), (Range("l2.l2", 1e-5, 1, log=True, off=True), Range("dropout.rate", 0, 0.8)))
    >>> found = search(space, strategy="random", trials=32, objective=Objective(seeds=3))
    >>> found.to_frame().head()
    """
    given = {"strategy": strategy, "trials": trials, "seconds": seconds, "objective": objective}
    given |= {"halving": halving, "seed": seed}
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    plan = Plan(plan_or_space, **changes) if isinstance(plan_or_space, Space) else replace(plan_or_space, **changes)
    return conduct(plan, train, on_trial)


def dropout_mask(rate: float, rows: int, units: int, seed: int = 0, epoch: int = 0) -> Any:
    """The inverted mask [rows, units] as the engine draws it: 0 with probability `rate`, else 1 / (1 - rate)."""
    import numpy as np

    from regdash.training.backend import kept, on_device

    rates = np.full((1, 1, 1, units), rate, np.float32)
    first, second = (on_device(np.array([number], np.int32)) for number in (seed, epoch))
    drawn = np.asarray(kept(first, second, on_device(rates), (1, rows, units)))[0, 0]
    return drawn / (1 - rate)


def _renumbered(on_progress: Watcher | None, members: Sequence[int]) -> Watcher | None:
    """The watcher of a stack as a part of the caller's list."""
    if on_progress is None:
        return None

    def watch(progress: Mapping[int, "Progress"]) -> Collection[int]:
        cancelled = on_progress({members[place]: each for place, each in progress.items()}) or ()
        return [place for place, i in enumerate(members) if i in cancelled]

    return watch


__all__ = [
    "CIFAR10",
    "DATASETS",
    "L1",
    "L2",
    "METRICS",
    "MLP",
    "MNIST",
    "NETWORKS",
    "OPTIMIZERS",
    "REGULARIZERS",
    "SCHEDULES",
    "SEARCH_PRESETS",
    "SGD",
    "STRATEGIES",
    "AMSGrad",
    "ActivityL1",
    "ActivityL2",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "AlphaDropout",
    "Blobs",
    "BreastCancer",
    "BrokenLink",
    "Choice",
    "Circles",
    "Constant",
    "Convolutional",
    "Cosine",
    "Cutout",
    "Diabetes",
    "Digits",
    "Dropout",
    "EarlyStopping",
    "ElasticNet",
    "Experiment",
    "Exponential",
    "FashionMNIST",
    "Friedman",
    "GaussianDropout",
    "Given",
    "GradientClipping",
    "GroupLasso",
    "HighDimensionalLine",
    "Highway",
    "History",
    "ImageFlip",
    "ImageRotation",
    "ImageShift",
    "InputDropout",
    "InputNoise",
    "InvalidExperiment",
    "InvalidSearch",
    "InvalidTable",
    "InverseTime",
    "Iris",
    "LabelSmoothing",
    "Line",
    "Linear",
    "LinearDecay",
    "Lion",
    "MaxNorm",
    "Metric",
    "Mixup",
    "Momentum",
    "Moons",
    "Nadam",
    "Objective",
    "Outcome",
    "OwnTable",
    "Plan",
    "Prepared",
    "Probe",
    "ProximalL1",
    "PureNoise",
    "RMSprop",
    "Range",
    "ReduceOnPlateau",
    "RegdashError",
    "ResidualConvolutional",
    "ResidualMLP",
    "RunRecord",
    "RunStore",
    "SearchPreset",
    "SearchResult",
    "Snapshots",
    "Space",
    "SpatialDropout",
    "Spirals",
    "Split",
    "Step",
    "Strategy",
    "Table",
    "Training",
    "Trial",
    "UnitNorm",
    "WeightDecay",
    "Wine",
    "Xor",
    "available",
    "differences",
    "dropout_mask",
    "from_dict",
    "from_json",
    "from_link",
    "identity",
    "learnable",
    "learning_rates",
    "metrics_of",
    "plan_from_dict",
    "plan_from_json",
    "plan_to_dict",
    "plan_to_json",
    "prepare",
    "read_table",
    "samples",
    "search",
    "searchable",
    "shape_of",
    "to_dict",
    "to_json",
    "to_link",
    "train",
]
