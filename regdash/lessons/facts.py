"""Numbers that expressions ask of figures and demonstrations."""

from collections.abc import Mapping
from functools import cache

from regdash.charts.figures import FIGURES, figure_number
from regdash.errors import RegdashError
from regdash.lessons.demos import DEMOS


def facts(owner: str, number: str, settings: Mapping[str, float]) -> float:
    """A number that a figure computes with these settings, or that a demonstration has found."""
    if any(each.name == owner for each in FIGURES):
        return figure_number(owner, number, settings)
    if settings:
        raise RegdashError(f"{owner} has no settings")
    return _demo_numbers(owner)[number]


@cache
def _demo_numbers(name: str) -> Mapping[str, float]:
    return next(each for each in DEMOS if each.name == name).run().numbers
