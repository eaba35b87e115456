"""The objective as a formula with the visitor's numbers; a term that is off is not shown."""

from collections.abc import Callable, Mapping
from typing import Any

from regdash.experiment import Experiment
from regdash.export.objective import number as number
from regdash.export.objective import objective as objective
from regdash.params import params_of, shown
from regdash.regularizers import (
    L1,
    L2,
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

_TERMS = (L1, L2, ElasticNet, GroupLasso, ActivityL1, ActivityL2)


def beside(experiment: Experiment) -> tuple[str, ...]:
    """What regularises without being a term of the objective, each in a few words."""
    rate = experiment.optimizer.learning_rate
    active = [each for each in experiment.regularizers if not isinstance(each, _TERMS)]
    words = [_WORDS.get(type(each), _plain)(each, rate) for each in active]
    return tuple(filter(None, words))


def _plain(part: Any, rate: float) -> str:
    """Name and first value, for a regulariser that has no words of its own yet."""
    return f"{part.label} {shown(getattr(part, params_of(type(part))[0].name))}"


def _dropout(part: Dropout, rate: float) -> str:
    rates = part.rates or (part.rate,)
    return f"dropout {' and '.join(f'{each:g}' for each in rates)}" if any(rates) else ""


def _stopping(part: EarlyStopping, rate: float) -> str:
    epochs = "1 epoch" if part.patience == 1 else f"{part.patience} epochs"
    return f"stops after {epochs} without improvement"


def _clipping(part: GradientClipping, rate: float) -> str:
    if part.clipvalue:
        return f"gradient entries cut at ±{part.clipvalue:g}"
    if part.global_clipnorm:
        return f"gradient clipped at length {part.global_clipnorm:g}"
    return f"gradient of each layer clipped at length {part.clipnorm:g}"


_WORDS: Mapping[type[Any], Callable[[Any, float], str]] = {
    Dropout: _dropout,
    EarlyStopping: _stopping,
    GradientClipping: _clipping,
    WeightDecay: lambda part, rate: f"w shrinks by {rate * part.weight_decay:.3g} of itself per step",
    ProximalL1: lambda part, rate: f"w moves by {rate * part.l1:.3g} towards 0 per step",
    MaxNorm: lambda part, rate: f"‖w‖ ≤ {part.max_value:g} for each unit",
    UnitNorm: lambda part, rate: "‖w‖ = 1 for each unit",
    InputDropout: lambda part, rate: f"input dropout {part.rate:g}",
    GaussianDropout: lambda part, rate: f"Gaussian dropout {part.rate:g}",
    SpatialDropout: lambda part, rate: f"spatial dropout {part.rate:g}",
    AlphaDropout: lambda part, rate: f"alpha dropout {part.rate:g}",
    InputNoise: lambda part, rate: f"input noise {part.stddev:g}",
    ImageShift: lambda part, rate: f"images shifted by up to {part.pixels} px",
    ImageFlip: lambda part, rate: "images mirrored",
    ImageRotation: lambda part, rate: f"images turned by up to {part.degrees:g}°",
    Cutout: lambda part, rate: f"{part.size} × {part.size} pixels cut out",
    LabelSmoothing: lambda part, rate: f"label smoothing {part.smoothing:g}",
    Mixup: lambda part, rate: f"mixup {part.alpha:g}",
}
