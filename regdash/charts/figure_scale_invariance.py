"""Where only the direction of the weights counts, weight decay does nothing but set the learning rate."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.screen import thinned
from regdash.charts.theme import PALETTES, Theme, figure
from regdash.charts.traces import line
from regdash.intervals import Array
from regdash.params import param

NAME, TITLE = "scale_invariance", "Weight decay under a normalised layer"
ROWS, INPUTS, SHARPNESS, WRONG = 200, 10, 3.0, 0.1
BATCH, STEPS, RATE = 16, 4000, 0.1
SEED, DRAWN = 0, 160


@dataclass(frozen=True)
class ScaleInvariance:
    """How strong the decay is, and how long the weights of the second start are."""

    decay: float = param(
        0.05,
        "Weight decay",
        "Each step shrinks all weights by learning rate × decay before it goes downhill. 0 is none.",
        low=0.0,
        high=0.2,
        step=0.01,
    )
    start: float = param(
        4.0,
        "Second start",
        "Length of the weights at the second start; the first has 1. Both point in the same direction.",
        low=0.5,
        high=8.0,
        step=0.5,
    )


@dataclass(frozen=True)
class ScaleData:
    """|w| [STEPS + 1] from both starts, with the decay and without."""

    settings: ScaleInvariance
    decayed: Array
    decayed_other: Array
    free: Array
    free_other: Array


def read_scale_invariance(settings: ScaleInvariance) -> ScaleData:
    """Logistic regression on w / |w|, as a layer before batch normalisation has it: |w| changes no answer.

    The gradient is at right angles to w and as 1 / |w|: without decay |w|^2 grows by exactly lr^2 |g|^2 in each step;
    with it |w| settles where growth and decay balance. A direction moves as with a learning rate of lr / |w|^2.
    Source: van Laarhoven, arXiv 1706.05350.
    """
    norms = scale_norms((1.0, settings.start) * 2, (settings.decay,) * 2 + (0.0,) * 2)
    return ScaleData(settings, *norms)


def scale_norms(starts: tuple[float, ...], decays: tuple[float, ...]) -> Array:
    """|w| [K, STEPS + 1] of K descents on the same batches."""
    rng = np.random.default_rng(SEED)
    x, signs = scale_rows()
    direction = rng.normal(size=INPUTS)
    w = np.array(starts)[:, None] * direction / np.linalg.norm(direction)
    shrink = 1 - RATE * np.array(decays)[:, None]
    norms = np.empty((STEPS + 1, len(starts)))
    norms[0] = starts
    for t, rows in enumerate(rng.integers(ROWS, size=(STEPS, BATCH)), start=1):
        w = w * shrink - RATE * scale_gradient(w, x[rows], signs[rows])
        norms[t] = np.sqrt((w * w).sum(axis=1))
    return norms.T


def scale_rows() -> tuple[Array, Array]:
    """Inputs [ROWS, INPUTS] and labels -1 or 1, one in ten of which is wrong."""
    rng = np.random.default_rng([SEED, 1])
    x = rng.normal(size=(ROWS, INPUTS))
    signs = np.sign(x @ rng.normal(size=INPUTS)) * np.where(rng.random(ROWS) < WRONG, -1, 1)
    return x, signs


def scale_gradient(w: Array, x: Array, signs: Array) -> Array:
    """The gradient [K, F] at w [K, F] of the mean of log(1 + exp(-sign * SHARPNESS * x·w / |w|))."""
    length = np.sqrt((w * w).sum(axis=1, keepdims=True))
    unit = w / length
    slope = -SHARPNESS * signs / (1 + np.exp(SHARPNESS * signs * (unit @ x.T)))
    by_unit = slope @ x / len(x)
    found: Array = (by_unit - (by_unit * unit).sum(axis=1, keepdims=True) * unit) / length
    return found


def draw_scale_invariance(data: ScaleData, theme: Theme) -> Drawing:
    """The length of the weights against the step, four lines."""
    colours, settings = PALETTES[theme], data.settings
    kept = thinned(STEPS + 1, most=DRAWN)
    first = (
        ("decay, from 1", "decay first", data.decayed, colours.series[0], "solid"),
        ("none, from 1", "none first", data.free, colours.series[1], "solid"),
    )
    second = (
        (f"decay, from {settings.start:g}", "decay second", data.decayed_other, colours.series[0], "7px,3px"),
        (f"none, from {settings.start:g}", "none second", data.free_other, colours.series[1], "7px,3px"),
    )
    lines = first if settings.start == 1 else first + second
    traces = [line(name, kept, norms[kept], colour, dash, uid=uid) for name, uid, norms, colour, dash in lines]
    axes = {
        "xaxis": {"title": {"text": "step"}},
        "yaxis": {"title": {"text": "length of the weights |w|"}, "rangemode": "tozero"},
    }
    return figure(theme, NAME, TITLE, traces, **axes)


def alt_scale_invariance(data: ScaleData) -> str:
    """What the chart shows, for people who do not see it."""
    settings = data.settings
    decayed, free = (RATE / norms[-1] ** 2 for norms in (data.decayed, data.free))
    return (
        f"After {STEPS} steps with weight decay {settings.decay:g} the weights that began with length 1 and "
        f"{settings.start:g} have length {data.decayed[-1]:.3f} and {data.decayed_other[-1]:.3f}; without decay "
        f"{data.free[-1]:.3f} and {data.free_other[-1]:.3f}. From 1 the effective learning rate, {RATE:g} / |w|², "
        f"ends at {decayed:.3f} with decay and {free:.3f} without."
    )


def facts_scale_invariance(data: ScaleData) -> Mapping[str, float]:
    """At the end: |w| and lr / |w|^2 with decay from the second start; without decay from 1, and its growth."""
    return {
        "norm_end": float(data.decayed_other[-1]),
        "norm_end_from_1": float(data.decayed[-1]),
        "effective_rate": RATE / float(data.decayed_other[-1]) ** 2,
        "free_rate": RATE / float(data.free[-1]) ** 2,
        "growth": float(data.free[-1] / data.free[0]),
    }


SCALE_INVARIANCE = Figure(
    NAME,
    TITLE,
    ScaleInvariance,
    read_scale_invariance,
    draw_scale_invariance,
    alt_scale_invariance,
    facts_scale_invariance,
    ("norm_end", "norm_end_from_1", "effective_rate", "free_rate", "growth"),
)
