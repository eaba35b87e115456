"""What is sent to the browser: four digits, no more epochs than a screen can show, and names that are only names."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

DIGITS = 4
SMALLEST, LARGEST = 1e-18, 1e18  # between them all powers of ten that rounding needs are exact
MOST_EPOCHS = 500
LONGEST = 24  # letters of a name beside a chart
MOST_IN_A_BAND = 120  # a band is smooth: fewer corners look the same


_exact: ContextVar[bool] = ContextVar("exact", default=False)


@contextmanager
def exact() -> Iterator[None]:
    """Draw for an export: every epoch, every digit."""
    token = _exact.set(True)
    try:
        yield
    finally:
        _exact.reset(token)


def shown(values: Sequence[float] | Array) -> list[float | None]:
    """Values with four significant digits; None (a gap) for nan and infinity."""
    given = np.asarray(values, float)
    finite = np.isfinite(given)
    if _exact.get():
        return [value if there else None for value, there in zip(given.tolist(), finite, strict=True)]
    sizes = np.abs(given[finite & (given != 0)])
    if len(sizes) and (sizes.min() < SMALLEST or sizes.max() > LARGEST):
        return [float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None for value in given]
    powers = np.zeros_like(given)
    powers[finite & (given != 0)] = DIGITS - 1 - np.floor(np.log10(sizes))
    up, down = 10.0 ** np.maximum(powers, 0), 10.0 ** np.maximum(-powers, 0)
    rounded = (np.rint(np.where(finite, given, 0.0) * up / down) * down / up).tolist()
    return rounded if finite.all() else [value if there else None for value, there in zip(rounded, finite, strict=True)]


def thinned(length: int, *kept: int, most: int = MOST_EPOCHS) -> Array:
    """Indices 0..length-1, evenly thinned to about `most`; the first, the last and those in `kept` always stay."""
    if length <= most or _exact.get():
        return np.arange(length)
    even = np.linspace(0, length - 1, most).round().astype(int)
    return np.unique([*even, *(index for index in kept if 0 <= index < length)])


def plain(name: str) -> str:
    """A name from a data set without anything that Plotly would take for markup."""
    return escape(name, quote=False)


def short(name: str, most: int = LONGEST) -> str:
    """The beginning of a long name."""
    return name if len(name) <= most else f"{name[: most - 1]}…"
