"""Numbers that expressions ask of figures and demonstrations."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from regdash.charts.figures import FIGURES, figure_number, settings_from
from regdash.errors import InvalidExperiment, RegdashError
from regdash.lessons.demos import DEMOS


def facts(owner: str, number: str, settings: Mapping[str, float]) -> float:
    """A number that a figure computes with these settings, or that a demonstration has found."""
    if any(each.name == owner for each in FIGURES):
        return figure_number(owner, number, settings)
    check_settings(owner, settings)
    return _demo_numbers(owner)[number]


def check_settings(owner: str, settings: Mapping[str, Any]) -> None:
    """Raise RegdashError when a figure or a demonstration cannot be asked with these settings."""
    figure = next((each for each in FIGURES if each.name == owner), None)
    if figure is None and settings:
        raise RegdashError(f"{owner} has no settings")
    if figure is not None:
        try:
            settings_from(figure, settings)
        except InvalidExperiment as error:
            raise RegdashError("; ".join(error.errors.values())) from None


@cache
def _demo_numbers(name: str) -> Mapping[str, float]:
    return next(each for each in DEMOS if each.name == name).run().numbers
