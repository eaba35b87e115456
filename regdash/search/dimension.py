"""One dimension of a search: a range of numbers, or a list of choices."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.errors import InvalidExperiment
from regdash.params import Param, excerpt, shown

DIGITS = 6  # significant ones of a proposed number, so that it can be read, and typed again
OFF_SHARE = 0.2  # of random proposals, that are "off" where a range has an off beside it
LARGEST = 1e300  # number of a range; a comparison that nan, inf and huge integers all fail
MOST_STEPS, MOST_CHOICES = 1_000, 50


class InvalidSearch(InvalidExperiment):
    """Something about a search is wrong: one sentence per field, all of them at once."""

    def __reduce__(self) -> tuple[type["InvalidSearch"], tuple[dict[str, str]]]:
        return InvalidSearch, (dict(self.errors),)


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, evenly spread over their logarithms with `log`.

    A grid takes `steps` of them. With `off` the exact value that switches the thing off is tried as well: a
    logarithmic range cannot contain 0.
    """

    path: str
    low: float
    high: float
    log: bool = False
    steps: int = 5
    off: bool = False

    def problem(self, param: Param) -> str | None:
        """What is wrong with it for this hyper-parameter, in a sentence; None when nothing is."""
        label = param.label
        if param.kind not in ("number", "integer"):
            return f"{label} must be searched over a list of choices, not over a range"
        for word, value in (("lowest", self.low), ("highest", self.high)):
            right = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= LARGEST
            if not right:
                return f"The {word} {label} must be a number, got {excerpt(value)}"
        if self.log and self.low <= 0:
            hint = "; start above 0 and switch “off” on for an exact 0" if param.off == 0 else "; start above 0"
            return f"A logarithmic range of {label} must be above 0, got {self.low:g}{hint}"
        if self.low >= self.high:
            return f"The lowest {label} must be below the highest, got {self.low:g} to {self.high:g}"
        for value in (self.low, self.high):
            if wrong := param.problem(param.convert(value)):
                return wrong
        if self.off and param.off is None:
            return f"{label} has no value that switches it off; leave “off” out"
        if isinstance(self.steps, bool) or not isinstance(self.steps, int) or not 2 <= self.steps <= MOST_STEPS:
            return f"The steps of {label} must be between 2 and {MOST_STEPS:,}, got {excerpt(self.steps)}"
        return None

    def values(self, param: Param) -> tuple[Any, ...]:
        """What a grid tries: `off` first, then the steps from low to high."""
        spaced = np.geomspace if self.log else np.linspace
        found = dict.fromkeys(_neat(value, param) for value in spaced(self.low, self.high, self.steps).tolist())
        return (*((param.convert(param.off),) if self.off else ()), *found)

    def at(self, place: float, param: Param) -> Any:
        """The value at a place in [0, 1); the first fifth is "off" where that is tried."""
        if self.off:
            if place < OFF_SHARE:
                return param.convert(param.off)
            place = (place - OFF_SHARE) / (1 - OFF_SHARE)
        if param.kind == "integer" and not self.log:
            return min(int(self.low + place * (self.high - self.low + 1)), int(self.high))
        if self.log:
            value = math.exp(math.log(self.low) + place * (math.log(self.high) - math.log(self.low)))
        else:
            value = self.low + place * (self.high - self.low)
        return _neat(min(max(value, self.low), self.high), param)

    def place(self, value: Any, param: Param) -> float:
        """Where in [0, 1] a value lies: the middle of all places whose value it is, as near as that can be told."""
        if self.off and value == param.off:
            return OFF_SHARE / 2
        low, high, here = (math.log(each) if self.log else float(each) for each in (self.low, self.high, value))
        inside = (here - low) / (high - low)
        if param.kind == "integer" and not self.log:
            inside = (value - self.low + 0.5) / (self.high - self.low + 1)
        inside = min(max(inside, 0.0), 1.0)
        return OFF_SHARE + inside * (1 - OFF_SHARE) if self.off else inside


@dataclass(frozen=True)
class Choice:
    """A list of values of a hyper-parameter; or, for a place such as "optimizer", the names of what may stand there."""

    path: str
    choices: tuple[Any, ...]

    def problem(self, param: Param) -> str | None:
        """What is wrong with it for this hyper-parameter, in a sentence; None when nothing is."""
        label = param.label
        if not isinstance(self.choices, tuple) or not 1 <= len(self.choices) <= MOST_CHOICES:
            return f"{label} must have between 1 and {MOST_CHOICES} choices, got {excerpt(self.choices)}"
        for value in self.choices:
            if wrong := param.problem(param.convert(value)):
                return wrong
        twice = next((value for value in self.choices if self.choices.count(value) > 1), None)
        return None if twice is None else f"{label} has the choice {shown(twice)} more than once"

    def values(self, param: Param) -> tuple[Any, ...]:
        """What a grid tries: all choices in their order."""
        return tuple(param.convert(value) for value in self.choices)

    def at(self, place: float, param: Param) -> Any:
        """The value at a place in [0, 1), which is shared out evenly."""
        return param.convert(self.choices[min(int(place * len(self.choices)), len(self.choices) - 1)])

    def place(self, value: Any, param: Param) -> float:
        """The middle of the places whose value it is."""
        return (self.values(param).index(value) + 0.5) / len(self.choices)


Dimension = Range | Choice


def _neat(value: float, param: Param) -> Any:
    if param.kind == "integer":
        return round(value)
    return float(f"{value:.{DIGITS}g}")
