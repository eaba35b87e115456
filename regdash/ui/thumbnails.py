"""Thumbnails: training and validation loss as a drawing of a few hundred bytes."""

import math
from base64 import b64encode
from collections.abc import Sequence

from regdash.charts.theme import PALETTES, Theme

POINTS = 24
WIDTH, HEIGHT, EDGE = 96, 34, 2


def thumbnail(train: Sequence[float], validation: Sequence[float], theme: Theme) -> str:
    """An image of both losses over all epochs, as HTML; the figures beside it say the same in numbers.

    It is an image because a page takes drawings away from the HTML that it is given.
    """
    data = b64encode(drawing(train, validation, theme).encode()).decode()
    return f'<img class="rd-thumb" alt="" width="{WIDTH}" height="{HEIGHT}" src="data:image/svg+xml;base64,{data}">'


def drawing(train: Sequence[float], validation: Sequence[float], theme: Theme) -> str:
    """The SVG: from the lowest value to the highest; training is thin and dashed, validation is drawn over it.

    Empty where there is no curve.
    """
    palette, ends = PALETTES[theme], _range((*train, *validation))
    strokes = (
        f'stroke="{palette.quiet}" stroke-width="1.2" stroke-dasharray="3 2"',
        f'stroke="{palette.runs["current"]}" stroke-width="1.6"',
    )
    lines = "".join(
        f'<path d="{_path(curve, *ends)}" {stroke}/>'
        for curve, stroke in zip((train, validation), strokes, strict=True)
    )
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} fill="none">{lines}</svg>'


def _range(values: Sequence[float]) -> tuple[float, float]:
    found = [value for value in values if math.isfinite(value)]
    return (min(found), max(found)) if found else (0.0, 1.0)


def _path(curve: Sequence[float], low: float, high: float) -> str:
    """Moves and lines; a gap where a value is not finite."""
    step = (WIDTH - 2 * EDGE) / max(len(curve) - 1, 1)
    scale = (HEIGHT - 2 * EDGE) / (high - low) if high > low else 0.0
    parts, pen = [], False
    for place, value in enumerate(curve):
        if not math.isfinite(value):
            pen = False
            continue
        y = HEIGHT - EDGE - (value - low) * scale
        parts.append(f"{'L' if pen else 'M'}{EDGE + place * step:.1f} {y:.1f}")
        pen = True
    return "".join(parts)
