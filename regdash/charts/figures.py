"""The small interactive figures, by name."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from regdash.charts.figure_adam_decay import ADAM_DECAY
from regdash.charts.figure_adam_wrong import ADAM_WRONG
from regdash.charts.figure_augmented_images import AUGMENTED_IMAGES
from regdash.charts.figure_base import Figure
from regdash.charts.figure_batch_noise import BATCH_NOISE
from regdash.charts.figure_bias_variance import BIAS_VARIANCE
from regdash.charts.figure_d2l_norm import D2L_NORM
from regdash.charts.figure_double_descent import DOUBLE_DESCENT
from regdash.charts.figure_dropout_mask import DROPOUT_MASK
from regdash.charts.figure_early_stopping_ridge import EARLY_STOPPING_RIDGE
from regdash.charts.figure_linear_dropout import LINEAR_DROPOUT
from regdash.charts.figure_max_norm import MAX_NORM
from regdash.charts.figure_no_intercept import NO_INTERCEPT
from regdash.charts.figure_one_standard_error import ONE_STANDARD_ERROR
from regdash.charts.figure_optimizer_paths import OPTIMIZER_PATHS
from regdash.charts.figure_penalties import PENALTIES
from regdash.charts.figure_penalty_shapes import PENALTY_SHAPES
from regdash.charts.figure_random_and_grid import RANDOM_AND_GRID
from regdash.charts.figure_saturation import SATURATION
from regdash.charts.figure_scale_invariance import SCALE_INVARIANCE
from regdash.charts.figure_schedule_shapes import SCHEDULE_SHAPES
from regdash.charts.figure_search_strategies import SEARCH_STRATEGIES
from regdash.charts.figure_soft_threshold import SOFT_THRESHOLD
from regdash.errors import InvalidExperiment, RegdashError
from regdash.params import Param, nearest, params_of, problems

FIGURES: tuple[Figure, ...] = (
    SOFT_THRESHOLD,
    PENALTY_SHAPES,
    PENALTIES,
    DROPOUT_MASK,
    BIAS_VARIANCE,
    SCHEDULE_SHAPES,
    MAX_NORM,
    AUGMENTED_IMAGES,
    EARLY_STOPPING_RIDGE,
    LINEAR_DROPOUT,
    OPTIMIZER_PATHS,
    ADAM_DECAY,
    ADAM_WRONG,
    BATCH_NOISE,
    SCALE_INVARIANCE,
    DOUBLE_DESCENT,
    RANDOM_AND_GRID,
    SEARCH_STRATEGIES,
    D2L_NORM,
    ONE_STANDARD_ERROR,
    SATURATION,
    NO_INTERCEPT,
)
"""Charts that need no training; a new one is one file and one line."""

__all__ = ["FIGURES", "Figure", "figure_number", "settings_from"]


def settings_from(figure: Figure, given: Mapping[str, Any]) -> Any:
    """A figure's settings from values or their texts; raises RegdashError with a sentence when one is wrong."""
    declared = {each.name: each for each in params_of(figure.settings)}
    for name in given:
        if name not in declared:
            raise RegdashError(f"{figure.name} has no setting {name}{nearest(name, tuple(declared))}")
    found = figure.settings(**{name: _read(declared[name], value) for name, value in given.items()})
    if faults := problems(found):
        raise InvalidExperiment(faults)
    return found


def figure_number(name: str, number: str, given: Mapping[str, Any]) -> float:
    """A number that a figure computes with these settings."""
    figure = next(each for each in FIGURES if each.name == name)
    return float(_facts(figure, settings_from(figure, given))[number])


@lru_cache(maxsize=64)
def _facts(figure: Figure, settings: Any) -> Mapping[str, float]:
    return figure.facts(figure.read(settings))


def _read(param: Param, value: Any) -> Any:
    if isinstance(value, str) and param.kind in ("number", "integer"):
        try:
            value = float(value)
        except ValueError:
            raise RegdashError(f"{param.name} must be a number, got {value[:40]}") from None
    if isinstance(value, str) and param.kind == "switch":
        value = {"on": True, "off": False, "true": True, "false": False}.get(value, value)
    return param.convert(value)
