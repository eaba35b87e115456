"""Where the values of a setting stand on an axis: numbers to scale, strengths by powers of ten, words in a row."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regdash.params import shown

MOST_TICKS = 9
WIDEST = 0.32  # of the distance to the neighbouring value, on each side
CLOSEST = 0.08  # of that distance, between two dots


@dataclass(frozen=True)
class Axis:
    """An axis: its label, where each value stands, the ticks that are written (none: Plotly's own), and its ends."""

    label: str
    places: dict[Any, float]
    ticks: tuple[tuple[float, str], ...]
    step: float  # the smallest distance between two values

    @property
    def range(self) -> list[float]:
        """From left of the first value to right of the last."""
        places = self.places.values()
        low, high = min(places, default=0.0), max(places, default=1.0)
        room = max(0.06 * (high - low), 0.6 * self.step)
        return [low - room, high + room]


def axis_of(values: Sequence[Any], label: str, log: bool = False) -> Axis:
    """The axis for these values of one setting; an exact 0 on a logarithmic axis stands a step left of the others."""
    different = sorted(set(values), key=_order)
    if not all(_is_number(value) for value in different):
        places = {value: float(place) for place, value in enumerate(different)}
        return Axis(label, places, tuple((at, shown(value)) for value, at in places.items()), 1.0)
    if log and any(value > 0 for value in different):
        powers = {value: math.log10(value) for value in different if value > 0}
        places = {value: powers.get(value, min(powers.values()) - 1.0) for value in different}
    else:
        places = {value: float(value) for value in different}
    step = min((b - a for a, b in zip(sorted(places.values()), sorted(places.values())[1:], strict=False)), default=1.0)
    few = len(places) <= MOST_TICKS
    ticks = tuple((at, shown(value)) for value, at in places.items()) if few else _powers(places) if log else ()
    return Axis(label, places, ticks, step)


def spread_out(dots: Sequence[tuple[Any, str]], axis: Axis) -> list[float]:
    """Where each dot stands: those with one value side by side, ordered by name, so that none covers another."""
    together: dict[Any, list[int]] = defaultdict(list)
    for place in sorted(range(len(dots)), key=lambda place: (dots[place][1].casefold(), place)):
        together[dots[place][0]].append(place)
    found = [0.0] * len(dots)
    for value, group in together.items():
        gap = min(CLOSEST, 2 * WIDEST / max(1, len(group) - 1)) * axis.step
        for turn, place in enumerate(group):
            found[place] = axis.places[value] + gap * (turn - (len(group) - 1) / 2)
    return found


def _powers(places: dict[Any, float]) -> tuple[tuple[float, str], ...]:
    zero = ((places[0], "0"),) if 0 in places else ()
    positive = [at for value, at in places.items() if value > 0]
    powers = range(math.ceil(min(positive) - 1e-9), math.floor(max(positive) + 1e-9) + 1)
    return (*zero, *((float(power), f"{10.0**power:g}") for power in powers))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _order(value: Any) -> tuple[int, float, str]:
    return (0, float(value), "") if _is_number(value) else (1, 0.0, shown(value))
