"""Small interactive figures that need no training: settings in, numbers out, a drawing of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from regdash.charts.drawing import Drawing
from regdash.charts.theme import Theme


@dataclass(frozen=True)
class Figure:
    """`settings` is a frozen dataclass of `param(...)` lines, each of which becomes a control.

    `read(settings)` computes the data, `draw(data, theme)` draws them, `alt(data)` says them in a sentence, and
    `facts(data)` gives the numbers of `numbers` for texts and claims. It takes a second at most and is the same every
    time.
    """

    name: str
    title: str
    settings: type
    read: Callable[[Any], Any]
    draw: Callable[[Any, Theme], Drawing]
    alt: Callable[[Any], str]
    facts: Callable[[Any], Mapping[str, float]]
    numbers: tuple[str, ...] = ()
    height: int = 320
