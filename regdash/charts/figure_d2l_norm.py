"""The weight norm that a well-known exercise prints, and where it comes from."""

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

NAME, TITLE = "d2l_norm", "Weight norm in d2l's weight-decay exercise"
INPUTS, ROWS, BATCH, EPOCHS, SEED = 200, 20, 5, 100, 0
TRUE_WEIGHT, TRUE_BIAS, NOISE = 0.01, 0.05, 0.01
STEPS, DRAWN = EPOCHS * (ROWS // BATCH), 120


@dataclass(frozen=True)
class D2lNorm:
    """The two numbers of the exercise."""

    lambd: float = param(
        3.0,
        "λ (lambd)",
        "Strength of the penalty λ·‖w‖²/2 beside half the squared error. The exercise compares 0 and 3.",
        low=0.0,
        high=10.0,
        step=0.5,
    )
    learning_rate: float = param(
        0.003, "Learning rate", "The exercise takes 0.003.", low=0.001, high=0.005, step=0.0005
    )


@dataclass(frozen=True)
class D2lData:
    """|w| [STEPS + 1], the part of it that no row can see [STEPS + 1], and the norm of the ridge optimum."""

    settings: D2lNorm
    norm: Array
    line: Array
    ridge: float


def read_d2l_norm(settings: D2lNorm) -> D2lData:
    """Linear regression of 200 inputs on 20 rows, weights drawn from N(0, 1), batches of 5, 100 epochs.

    Each step: w -= lr * (mean over the batch of (x·w + b - y) x + λ w). Gradients of the data lie in the span of the
    20 rows; the part of w at right angles to it only shrinks, exactly as (1 - lr * λ)^t. The ridge optimum minimises
    the mean of half the squared errors + λ/2 * |w|^2, with a free bias. Source of the exercise: Zhang, Lipton, Li and
    Smola, Dive into Deep Learning, section on weight decay.
    """
    rng = np.random.default_rng(SEED)
    x = rng.normal(size=(ROWS, INPUTS))
    y = x.sum(axis=1) * TRUE_WEIGHT + TRUE_BIAS + NOISE * rng.normal(size=ROWS)
    start = rng.normal(size=INPUTS)
    unseen = float(np.linalg.norm(start - np.linalg.pinv(x) @ (x @ start)))
    shares = (1 - settings.learning_rate * settings.lambd) ** np.arange(STEPS + 1)
    norms = _descended(x, y, start, settings, rng)
    return D2lData(settings, norms, unseen * shares, float(np.linalg.norm(ridge_optimum(x, y, settings.lambd))))


def ridge_optimum(x: Array, y: Array, lambd: float) -> Array:
    """The weights [F] of the optimum; for λ = 0 the shortest of all that fit."""
    centred, less = x - x.mean(axis=0), y - y.mean()
    gram = centred @ centred.T + lambd * len(y) * np.eye(len(y))
    found: Array = centred.T @ np.linalg.lstsq(gram, less, rcond=1e-10)[0]
    return found


def draw_d2l_norm(data: D2lData, theme: Theme) -> Drawing:
    """The norm and the line it follows on a logarithmic axis, the optimum, and half the square."""
    colours = PALETTES[theme]
    kept = thinned(STEPS + 1, most=DRAWN)
    run = line("‖w‖", kept, data.norm[kept], colours.series[0], uid="norm")
    traces = [
        run | {"line": {"color": colours.series[0], "width": 5}},
        line("(1 - ηλ)ᵗ × start", kept, data.line[kept], colours.text, "2px,3px", uid="law"),
        line("‖w‖²/2", kept, data.norm[kept] ** 2 / 2, colours.series[1], "7px,3px", uid="half square"),
        line("‖w‖ of ridge", [0, STEPS], [data.ridge] * 2, colours.series[2], "8px,3px,2px,3px", uid="ridge"),
    ]
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"title": {"text": "step"}},
        yaxis={"title": {"text": "norm of the weights"}, "type": "log", "dtick": 1, "tickformat": "~g"},
    )


def alt_d2l_norm(data: D2lData) -> str:
    """What the chart shows, for people who do not see it."""
    facts = facts_d2l_norm(data)
    return (
        f"With λ = {data.settings.lambd:g} and learning rate {data.settings.learning_rate:g} the weight norm goes from "
        f"{data.norm[0]:.2f} to {facts['end']:.4g} in {STEPS} steps. What the rows cannot see of the first weights, "
        f"shrunk by (1 - ηλ) in each step, is {facts['closed']:.4g} long; the ridge optimum has a norm of "
        f"{facts['ridge']:.3g}. Half the norm's square is {facts['half_square']:.3g}."
    )


def facts_d2l_norm(data: D2lData) -> Mapping[str, float]:
    """In the end: the norm, the line's value, the ridge optimum's norm, and half the norm's square."""
    end = float(data.norm[-1])
    return {
        "start": float(data.norm[0]),
        "end": end,
        "closed": float(data.line[-1]),
        "ridge": data.ridge,
        "half_square": end**2 / 2,
    }


def _descended(x: Array, y: Array, start: Array, settings: D2lNorm, rng: np.random.Generator) -> Array:
    w, b = start, 0.0
    norms = [float(np.linalg.norm(w))]
    for _ in range(EPOCHS):
        for rows in rng.permutation(ROWS).reshape(-1, BATCH):
            errors = x[rows] @ w + b - y[rows]
            w = w - settings.learning_rate * (errors @ x[rows] / BATCH + settings.lambd * w)
            b -= settings.learning_rate * errors.mean()
            norms.append(float(np.linalg.norm(w)))
    return np.array(norms)


D2L_NORM = Figure(
    NAME,
    TITLE,
    D2lNorm,
    read_d2l_norm,
    draw_d2l_norm,
    alt_d2l_norm,
    facts_d2l_norm,
    ("start", "end", "closed", "ridge", "half_square"),
)
