"""Curves over epochs as Plotly traces: a line, its band over seeds, and the axes they share."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from regdash.charts.group import Curve
from regdash.charts.screen import MOST_EPOCHS, MOST_IN_A_BAND, shown, thinned
from regdash.charts.theme import Role, Stroke, rgba
from regdash.intervals import Array

BAND_OPACITY = 0.14


def line(
    curve: Curve,
    name: str,
    colour: str,
    stroke: Stroke,
    *,
    suffix: str = "",
    interval: bool = False,
    keep: Sequence[int] = (),
    most: int = MOST_EPOCHS,
    **trace: Any,
) -> dict[str, Any]:
    """The mean of a curve; `interval` adds low and high to the hover text, `keep` names indices never thinned away."""
    kept = thinned(len(curve.mean), *keep, most=most)
    hover = f"%{{y:.3~g}}{suffix}"
    drawn = {
        "type": "scatter",
        "mode": "lines" if len(curve.mean) > 1 and curve.at is None else "lines+markers",
        "uid": name,
        "name": name,
        "legendgroup": name,
        "x": curve.epochs[kept].tolist(),
        "y": shown(curve.mean[kept]),
        "line": {"color": colour, "width": stroke.width, "dash": stroke.dash},
        "marker": {"size": 5, "color": colour},
        "hovertemplate": f"{hover}<extra>{name}</extra>",
    }
    if interval and np.isfinite(curve.low).any():
        drawn["customdata"] = list(zip(shown(curve.low[kept]), shown(curve.high[kept]), strict=True))
        between = "%{customdata[0]:.3~g} to %{customdata[1]:.3~g}"
        drawn["hovertemplate"] = f"{hover} ({between})<extra>{name}</extra>"
    return drawn | trace


def bands(
    curve: Curve, name: str, colour: str, *, floor: float | None = None, most: int = MOST_IN_A_BAND, **trace: Any
) -> list[dict[str, Any]]:
    """The interval as one closed shape (none for a single run); `floor` is the lowest value a log axis may show."""
    kept = thinned(len(curve.mean), most=most)
    kept = kept[np.isfinite(curve.low[kept])]
    if len(kept) < 2:
        return []
    epochs = curve.epochs[kept].tolist()
    low = curve.low[kept] if floor is None else np.maximum(curve.low[kept], floor)
    outline = {
        "type": "scatter",
        "mode": "lines",
        "uid": f"{name} band",
        "name": name,
        "legendgroup": name,
        "showlegend": False,
        "x": [*epochs, *epochs[::-1]],
        "y": [*shown(curve.high[kept]), *shown(low[::-1])],
        "line": {"width": 0},
        "fill": "toself",
        "fillcolor": rgba(colour, BAND_OPACITY),
        "hoverinfo": "skip",
    }
    return [outline | trace]


def floor_of(*curves: Curve) -> float:
    """A tenth of the smallest positive mean: where the band of a log axis ends when it would reach below 0."""
    means = np.concatenate([curve.mean for curve in curves]) if curves else np.zeros(0)
    positive = means[np.isfinite(means) & (means > 0)]
    return float(positive.min()) / 10 if len(positive) else 1e-12


def epoch_axis(epochs: int, **axis: Any) -> dict[str, Any]:
    """The epoch axis; with the planned number of epochs it stands still while curves grow into it."""
    shared: dict[str, Any] = {"title": {"text": "epoch"}, "unifiedhovertitle": {"text": "epoch %{x}"}}
    if epochs > 1:
        shared |= {"range": [0, epochs + max(epochs * 0.01, 0.5)]}
    return shared | axis


def loss_axis(title: str, log: bool, curves: Sequence[Curve]) -> dict[str, Any]:
    """The axis of a loss: from 0 upwards, or logarithmic with whole numbers written out (0.2 rather than 2)."""
    if not log:
        return {"title": {"text": title}, "rangemode": "tozero"}
    means = np.concatenate([curve.mean for curve in curves])
    low, high = finite_range(means[means > 0])
    digits = (1, 2, 5) if high / low < 1_000 else (1,)
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
    ticks = [float(f"{digit}e{power}") for power in powers for digit in digits]
    return {"title": {"text": title}, "type": "log", "tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}


def finite_range(values: Array) -> tuple[float, float]:
    """The smallest and largest finite value; (0.1, 1) when there is none."""
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if len(finite) else (0.1, 1.0)


def label(role: Role, name: str, part: str) -> str:
    """The name of a line: "validation" for the current setting, "baseline validation" for the pinned one."""
    return part if role == "current" else f"{name} {part}"
