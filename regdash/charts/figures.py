"""The small interactive figures, by name."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from regdash.charts.figure_base import Figure
from regdash.charts.figure_soft_threshold import SOFT_THRESHOLD
from regdash.errors import InvalidExperiment, RegdashError
from regdash.params import Param, nearest, params_of, problems

FIGURES: tuple[Figure, ...] = (SOFT_THRESHOLD,)
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
