"""What the places on an axis stand for: numbers, powers of ten, or words."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

CLOSE = 0.02  # of a power of ten: ticks are written with few digits


@dataclass(frozen=True)
class Axis:
    """One axis: its title, the words at its ticks, and whether its places are powers of ten.

    `panel` tells the axes of several panels apart and is empty for a chart with one.
    """

    name: str
    words: Mapping[float, str] = field(default_factory=dict)
    powers: bool = False
    panel: str = ""

    def value(self, place: Any) -> Any:
        """What stands at a place: the word that is written there, the number, or ten to its power."""
        if isinstance(place, str) or place is None:
            return words_of(place) if place is not None else None
        word = self.words.get(place)
        if word is not None:
            return word
        return 10.0**place if self.powers else place


def axis_of(layout: Mapping[str, Any], trace: Mapping[str, Any], side: str) -> Axis:
    """The axis on which a trace stands; `side` is x or y."""
    number = str(trace.get(f"{side}axis", side))[1:]
    axis = layout.get(f"{side}axis{number}") or {}
    title = words_of((axis.get("title") or {}).get("text", ""))
    ticks = dict(zip(axis.get("tickvals") or (), map(words_of, axis.get("ticktext") or ()), strict=False))
    ticks |= dict(enumerate(((layout.get("meta") or {}).get("words") or {}).get(side, ())))
    powers = _powers(ticks)
    words = {at: word for at, word in ticks.items() if _number(word) is None} if powers or _same(ticks) else ticks
    return Axis(title, words, powers, title or number)


def words_of(text: str) -> str:
    """A text of Plotly without its markup."""
    return unescape(text.replace("<br>", " ").replace("<b>", "").replace("</b>", ""))


def _number(word: str) -> float | None:
    try:
        return float(word.replace("−", "-"))
    except ValueError:
        return None


def _pairs(ticks: Mapping[Any, str]) -> list[tuple[float, float]]:
    found = [(at, _number(word)) for at, word in ticks.items() if not isinstance(at, str)]
    return [(float(at), number) for at, number in found if number is not None and math.isfinite(number)]


def _powers(ticks: Mapping[Any, str]) -> bool:
    """Whether the numbers that are written are ten to the power of their places."""
    pairs = _pairs(ticks)
    return len(pairs) > 1 and all(abs(at) < 300 and math.isclose(10.0**at, n, rel_tol=CLOSE) for at, n in pairs)


def _same(ticks: Mapping[Any, str]) -> bool:
    """Whether the numbers that are written are their places."""
    pairs = _pairs(ticks)
    return bool(pairs) and all(math.isclose(at, n, rel_tol=CLOSE, abs_tol=1e-12) for at, n in pairs)
