"""Experiment: everything a visitor can choose, as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from regdash.datasets import DATASETS, Dataset, Given, Moons, Split, fold_clashes, shape_of
from regdash.errors import InvalidExperiment
from regdash.networks import MLP, NETWORKS, Network
from regdash.optimizers import OPTIMIZERS, SCHEDULES, Adam, Constant, Optimizer, Schedule
from regdash.params import Param, param, params_of, problems, shown
from regdash.regularizers import (
    REGULARIZERS,
    Cutout,
    Dropout,
    GradientClipping,
    ImageFlip,
    ImageRotation,
    ImageShift,
    LabelSmoothing,
    Regularizer,
)

Kind = TypeVar("Kind", bound=Regularizer)


@dataclass(frozen=True)
class Training:
    """How long and in what portions the network is trained, and the seed of all its chance."""

    name: ClassVar[str] = "training"
    label: ClassVar[str] = "Training"
    help: ClassVar[str] = "How long the network learns, and in what portions."

    epochs: int = param(
        150,
        "Epochs",
        "How often the network sees all training rows. Overfitting usually shows later than learning.",
        low=1,
        high=2_000,
        unit="epochs",
        stack=True,
    )
    batch_size: int = param(
        32,
        "Batch size",
        "How many rows make one step. Small batches give noisy steps, which regularise a little by themselves. "
        "0 takes all rows at once: with SGD that is gradient descent.",
        low=1,
        high=1_024,
        off=0,
        unit="rows",
    )
    seed: int = param(
        0,
        "Seed",
        "The start of all chance in training: initial weights, order of the rows, dropout. The same seed gives "
        "the same curves again.",
        low=0,
        high=1_000_000,
        stack=True,
    )


CHOICES: Mapping[str, tuple[type[Any], ...]] = {
    "data": DATASETS,
    "split": (Split,),
    "network": NETWORKS,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "training": (Training,),
}
"""The places of an experiment that hold one part, and what may stand there."""


@dataclass(frozen=True)
class Experiment:
    """One complete setting of the dashboard. Wrong values raise InvalidExperiment with a sentence per field.

    Regularisers that change nothing are left out and the others put in the order of the catalogue, so equal
    settings are equal values.
    """

    data: Dataset = Moons()
    split: Split = Split()
    network: Network = MLP()
    regularizers: tuple[Regularizer, ...] = ()
    optimizer: Optimizer = Adam()
    schedule: Schedule = Constant()
    training: Training = Training()

    def __post_init__(self) -> None:
        found = self._problems()
        if found:
            raise InvalidExperiment(found)
        kept = sorted((r for r in self.regularizers if r.active), key=lambda r: REGULARIZERS.index(type(r)))
        object.__setattr__(self, "regularizers", tuple(kept))
        if self.split.fold and not self.split.folds:
            object.__setattr__(self, "split", replace(self.split, fold=0))

    def _problems(self) -> dict[str, str]:
        found = {}
        for place, allowed in CHOICES.items():
            if type(getattr(self, place)) not in (*allowed, Given):
                found[place] = f"{place} must be one of {', '.join(c.__name__ for c in allowed)}"
        kinds = [type(r) for r in self.regularizers]
        for kind in kinds:
            if kind not in REGULARIZERS:
                found["regularizers"] = f"a regulariser must be one of {', '.join(c.__name__ for c in REGULARIZERS)}"
            elif kinds.count(kind) > 1:
                found[_place(kind)] = f"{kind.label} is given more than once; give it once"
        if found:
            return found
        for place, part in self._parts().items():
            found |= {f"{place}.{name}": message for name, message in problems(part).items()}
        return found or self._clashes()

    def _clashes(self) -> dict[str, str]:
        """What is wrong between values that are right by themselves; the first that is found."""
        shape = shape_of(self.data)
        if self.network.images and len(shape) == 1:
            return {
                "network": f"{self.network.label} looks at images, and a row of {self.data.label} is "
                f"{_counted(shape[0], 'number')}; choose Digits or another set of images, or another network"
            }
        rows = getattr(self.data, "samples", getattr(self.data, "rows", 2**31))
        if clashes := fold_clashes(self.split, rows):
            return {f"split.{name}": sentence for name, sentence in clashes.items()}
        for kind in (ImageShift, ImageFlip, ImageRotation, Cutout):
            if self.regularizer(kind).active and len(shape) == 1:
                return {kind.name: f"{kind.label} changes images, and {self.data.label} has none; switch it off"}
        if self.regularizer(LabelSmoothing).active and not self.data.classes:
            return {"label_smoothing.smoothing": "Label smoothing needs classes; switch it off for a regression"}
        if clash := self.regularizer(GradientClipping).clash:
            return {"gradient_clipping.clipnorm": clash}
        layers, rates = self.hidden_places, self.regularizer(Dropout).rates
        if rates and len(rates) != layers:
            message = f"Dropout per layer needs one rate for each of the {layers} hidden layers, got {len(rates)}"
            return {"dropout.rates": message}
        return {}

    @property
    def hidden_places(self) -> int:
        """How many hidden places of the network dropout acts at."""
        return len(self.network.stations(shape_of(self.data))) - 1

    def regularizer(self, kind: type[Kind]) -> Kind:
        """The regulariser of that kind; the neutral one when it is not in use."""
        return next((r for r in self.regularizers if isinstance(r, kind)), kind())

    @cached_property
    def parts(self) -> Mapping[str, Any]:
        """Every part by its place: data, split, network, each regulariser of the catalogue, optimizer, ..."""
        return self._parts()

    def _parts(self) -> dict[str, Any]:
        before = {place: getattr(self, place) for place in ("data", "split", "network")}
        middle = {kind.name: self.regularizer(kind) for kind in REGULARIZERS}
        return before | middle | {place: getattr(self, place) for place in ("optimizer", "schedule", "training")}

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """Every hyper-parameter by its path, such as {"data.noise": 0.3, "dropout.rate": 0.0, ...}."""
        return {f"{place}.{p.name}": getattr(part, p.name) for place, part, p in _declared(self)}

    def with_part(self, place: str, part: Any) -> "Experiment":
        """The same experiment with another part at a place."""
        if place in CHOICES:
            return replace(self, **{place: part})
        others = tuple(r for r in self.regularizers if r.name != place)
        return replace(self, regularizers=(*others, part))

    def with_values(self, changes: Mapping[str, Any]) -> "Experiment":
        """The same experiment with some hyper-parameters changed, by path; all errors are gathered."""
        unknown = [path for path in changes if path not in self.values]
        if unknown:
            raise InvalidExperiment({path: f"there is no setting {path} in this experiment" for path in unknown})
        parts = dict(self.parts)
        for path, value in changes.items():
            place, _, name = path.partition(".")
            parts[place] = replace(parts[place], **{name: declaration(self, path).convert(value)})
        return assemble(parts)


def assemble(parts: Mapping[str, Any]) -> Experiment:
    """An experiment from its parts by place; places that are not given keep their defaults."""
    single = {place: part for place, part in parts.items() if place in CHOICES}
    return Experiment(**single, regularizers=tuple(part for place, part in parts.items() if place not in CHOICES))


def declaration(experiment: Experiment, path: str) -> Param:
    """The declaration behind a path such as "dropout.rate"."""
    place, _, name = path.partition(".")
    return next(p for p in params_of(type(experiment.parts[place])) if p.name == name)


@dataclass(frozen=True)
class Difference:
    """One setting in which two experiments differ, in words."""

    path: str
    label: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.label}: {self.before} → {self.after}"


def differences(before: Experiment, after: Experiment) -> tuple[Difference, ...]:
    """Every setting in which two experiments differ; the fields of an exchanged part are not listed one by one."""
    found: list[Difference] = []
    for place, old in before.parts.items():
        new = after.parts[place]
        if type(old) is not type(new):
            found.append(Difference(place, place.capitalize(), old.label, new.label))
            continue
        for p in params_of(type(old)):
            values = getattr(old, p.name), getattr(new, p.name)
            if values[0] != values[1]:
                found.append(Difference(f"{place}.{p.name}", p.label, shown(values[0]), shown(values[1])))
    return tuple(found)


def signature(experiment: Experiment) -> tuple[Any, ...]:
    """What the shape of the compiled program depends on; members of one stack share it.

    It holds the network's inputs and outputs and every hyper-parameter that is not declared with `stack=True`.
    """
    fixed = tuple(
        (f"{place}.{p.name}", getattr(part, p.name))
        for place, part, p in _declared(experiment)
        if not p.stack and place != "data"
    )
    kinds = tuple(type(experiment.parts[place]).name for place in ("network", "optimizer"))
    return (shape_of(experiment.data), experiment.data.classes, *kinds, *fixed)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _declared(experiment: Experiment) -> list[tuple[str, Any, Param]]:
    return [(place, part, p) for place, part in experiment.parts.items() for p in params_of(type(part))]


def _place(kind: type[Any]) -> str:
    return str(getattr(kind, "name", kind.__name__))
