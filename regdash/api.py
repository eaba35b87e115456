"""The flat public list for notebooks and scripts. Importing it loads no framework; `train` does when called."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from regdash.codec import from_dict, from_json, identity, to_dict, to_json
from regdash.datasets import (
    DATASETS,
    Blobs,
    BreastCancer,
    Circles,
    Diabetes,
    Digits,
    HighDimensionalLine,
    Iris,
    Moons,
    Spirals,
    Split,
    Wine,
    Xor,
    samples,
)
from regdash.errors import BrokenLink, InvalidExperiment, RegdashError
from regdash.experiment import Experiment, Training, differences
from regdash.links import from_link, to_link
from regdash.networks import MLP, NETWORKS, Linear
from regdash.optimizers import OPTIMIZERS, SCHEDULES, SGD, Adam, Constant, Exponential, Momentum, RMSprop
from regdash.record import History, Probe, RunRecord
from regdash.regularizers import L1, L2, REGULARIZERS, Dropout, EarlyStopping, InputDropout, WeightDecay
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
) -> list[RunRecord]:
    """Train experiments in this process, those of one shape together as a stack; one record for each, in order.

    A few times per second `on_progress` gets the members of the stack in work, {index: Progress}, and may return
    the indices of those to cancel, which keep what they have learnt. For data with two inputs the indices in
    `probed` also record the decision boundary over the epochs. The first call imports TensorFlow.

    >>> record, = train(Experiment(regularizers=(Dropout(0.3),)))
    >>> record.best_epoch, record.history["val_loss"][-1]
    """
    from regdash.training.groups import groups
    from regdash.training.loop import train_stack

    wanted = [experiments] if isinstance(experiments, Experiment) else list(experiments)
    found: dict[int, RunRecord] = {}
    for members in groups(wanted, settings().max_members):
        records = train_stack(
            [wanted[i] for i in members],
            probed=[place for place, i in enumerate(members) if i in probed],
            on_progress=_renumbered(on_progress, members),
            segment_seconds=settings().segment_seconds,
        )
        found |= dict(zip(members, records, strict=True))
    return [found[i] for i in range(len(wanted))]


def _renumbered(on_progress: Watcher | None, members: Sequence[int]) -> Watcher | None:
    """The watcher of a stack as a part of the caller's list."""
    if on_progress is None:
        return None

    def watch(progress: Mapping[int, "Progress"]) -> Collection[int]:
        cancelled = on_progress({members[place]: each for place, each in progress.items()}) or ()
        return [place for place, i in enumerate(members) if i in cancelled]

    return watch


__all__ = [
    "DATASETS",
    "L1",
    "L2",
    "MLP",
    "NETWORKS",
    "OPTIMIZERS",
    "REGULARIZERS",
    "SCHEDULES",
    "SGD",
    "Adam",
    "Blobs",
    "BreastCancer",
    "BrokenLink",
    "Circles",
    "Constant",
    "Diabetes",
    "Digits",
    "Dropout",
    "EarlyStopping",
    "Experiment",
    "Exponential",
    "HighDimensionalLine",
    "History",
    "InputDropout",
    "InvalidExperiment",
    "Iris",
    "Linear",
    "Momentum",
    "Moons",
    "Probe",
    "RMSprop",
    "RegdashError",
    "RunRecord",
    "RunStore",
    "Spirals",
    "Split",
    "Training",
    "WeightDecay",
    "Wine",
    "Xor",
    "differences",
    "from_dict",
    "from_json",
    "from_link",
    "identity",
    "samples",
    "to_dict",
    "to_json",
    "to_link",
    "train",
]
