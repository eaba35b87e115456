"""Where the values of a searched setting stand on an axis: ranges to scale, "off" left of them, choices in a row."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from regdash.charts.screen import plain, short
from regdash.charts.theme import Palette
from regdash.experiment import CHOICES
from regdash.params import Param
from regdash.params import shown as in_words
from regdash.search import Choice, Range, Space

OFF = "off"
OFF_GAP = 0.14  # of the length of a range, between it and "off"
ROOM = 0.04  # of the length, at both ends
MOST_TICKS = 9
LONGEST = 14  # letters of a choice
FEW_POWERS = 2.5  # decades; below that also 2 and 5 of each decade are written


@dataclass(frozen=True)
class Scale:
    """One searched setting as an axis: `low` and `high` are places on it, as are `off` (None: not tried) and `at`."""

    path: str
    label: str
    log: bool
    low: float
    high: float
    off: float | None
    off_value: Any
    choices: tuple[Any, ...]
    words: tuple[str, ...]

    def at(self, value: Any) -> float:
        """The place of a value: a number or its logarithm to base 10, "off" left of the range, the turn of a choice."""
        if self.choices:
            return float(self.choices.index(value))
        if self.off is not None and value == self.off_value:
            return self.off
        return math.log10(value) if self.log else float(value)

    def word(self, value: Any) -> str:
        """A value as people read it."""
        if self.choices:
            return self.words[self.choices.index(value)]
        return OFF if self.off is not None and value == self.off_value else in_words(value)

    @cached_property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Where something is written on the axis, and what."""
        if self.choices:
            return tuple((float(turn), short(word, LONGEST)) for turn, word in enumerate(self.words))
        found = _log_ticks(self.low, self.high) if self.log else spaced_ticks(self.low, self.high)
        return (*(((self.off, OFF),) if self.off is not None else ()), *found)

    @property
    def ends(self) -> tuple[float, float]:
        """The first and the last place that is used."""
        return (self.low if self.off is None else self.off), self.high

    @property
    def range(self) -> list[float]:
        """The ends of the axis, with a little room."""
        low, high = self.ends
        room = 0.5 if self.choices else ROOM * (high - low)
        return [float(f"{low - room:.6g}"), float(f"{high + room:.6g}")]

    def axis(self, most: int = MOST_TICKS) -> dict[str, Any]:
        """The axis in Plotly's words, with at most so many numbers written beside "off"."""
        ticks = self.written(most)
        vals, texts = [float(f"{at:.6g}") for at, _ in ticks], [plain(word) for _, word in ticks]
        return {"title": {"text": self.label}, "range": self.range, "tickvals": vals, "ticktext": texts}

    def written(self, most: int) -> tuple[tuple[float, str], ...]:
        """The ticks, thinned to about so many; choices all stay."""
        apart = int(self.off is not None)
        every = 1 if self.choices else max(1, math.ceil((len(self.ticks) - apart - 1) / max(1, most - 1)))
        return (*self.ticks[:apart], *self.ticks[apart::every])

    def share(self, value: Any) -> float:
        """Its place as a share of the axis, from 0 to 1."""
        low, high = self.ends
        return (self.at(value) - low) / (high - low) if high > low else 0.5


def scale_of(space: Space, path: str) -> Scale:
    """The axis of one searched setting; raises KeyError for a setting that is not searched."""
    for each, param in zip(space.dimensions, space.params, strict=True):
        if each.path == path:
            return _of_range(each, param) if isinstance(each, Range) else _of_choice(each, param)
    raise KeyError(path)


def label_of(param: Param) -> str:
    """The label of a setting with its unit."""
    return f"{param.label} ({param.unit})" if param.unit and param.unit != param.label.lower() else param.label


def labels_of(space: Space) -> dict[str, str]:
    """The labels of all searched settings without units: path -> label."""
    return {each.path: param.label for each, param in zip(space.dimensions, space.params, strict=True)}


def _of_range(each: Range, param: Param) -> Scale:
    low, high = (math.log10(end) if each.log else float(end) for end in (each.low, each.high))
    off = low - OFF_GAP * (high - low) if each.off else None
    value = param.convert(param.off) if each.off else None
    return Scale(each.path, label_of(param), each.log, low, high, off, value, (), ())


def _of_choice(each: Choice, param: Param) -> Scale:
    values = each.values(param)
    named = {kind.name: kind.label for kind in CHOICES.get(each.path, ())}
    words = tuple(named.get(value, in_words(value)) if isinstance(value, str) else in_words(value) for value in values)
    return Scale(each.path, label_of(param), False, 0.0, len(values) - 1.0, None, None, values, words)


def scale_above(words: str, colours: Palette, thickness: int, suffix: str = "") -> dict[str, Any]:
    """The thin colour scale above a chart, in Plotly's words."""
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 1.02,
        "yanchor": "bottom",
        "len": 1,
        "thickness": thickness,
        "outlinewidth": 0,
        "nticks": 5,
        "ticksuffix": suffix,
        "tickfont": {"color": colours.quiet, "size": 10},
        "title": {"text": words, "side": "top", "font": {"color": colours.quiet, "size": 11}},
    }


def spaced_ticks(low: float, high: float) -> tuple[tuple[float, str], ...]:
    """Round numbers inside the range, three to six of them."""
    step = 10.0 ** math.floor(math.log10((high - low) / 2))
    step = next(step * times for times in (0.5, 1, 2, 2.5, 5, 10) if (high - low) / (step * times) <= 5.001)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple((turn * step, f"{turn * step:.6g}") for turn in range(first, last + 1))


def _log_ticks(low: float, high: float) -> tuple[tuple[float, str], ...]:
    """Powers of ten inside the range; of a short one 2 and 5 of each as well, and its ends when there is nothing."""
    digits = (1, 2, 5) if high - low < FEW_POWERS else (1,)
    every = max(1, math.ceil((high - low) / 7))
    powers = range(math.floor(low), math.ceil(high) + 1)
    values = [float(f"{digit}e{power}") for power in powers if power % every == 0 for digit in digits]
    inside = [value for value in values if low - 1e-9 <= math.log10(value) <= high + 1e-9]
    ends = [float(f"{10.0**end:.3g}") for end in (low, high)]
    return tuple((math.log10(value), f"{value:g}") for value in (inside if len(inside) > 1 else ends))


def edges_of(scale: Scale, bins: int) -> Sequence[float]:
    """The places of the edges [bins + 1] of equally wide bins of a range."""
    edges: list[float] = np.linspace(scale.low, scale.high, bins + 1).tolist()
    return edges
