"""Bias, variance and noise of ridge regression: why the error over the strength is a U."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.theme import PALETTES, Theme, figure
from regdash.charts.traces import dots, line, upright
from regdash.intervals import Array
from regdash.params import param

NAME, TITLE = "bias_variance", "Bias and variance of ridge regression"
INPUTS = 40
DESIGNS = 100  # sets of training inputs that are averaged over
ALPHAS = np.logspace(-3, 4, 141)


@dataclass(frozen=True)
class BiasVariance:
    """How noisy the targets are, and how many rows there are for 40 inputs."""

    noise: float = param(
        1.0,
        "Noise",
        "The standard deviation of the noise in the targets. The signal has 1.",
        low=0.1,
        high=2.0,
        step=0.1,
    )
    rows: int = param(
        50,
        "Training rows",
        "How many rows the 40 weights are learnt from. Near 40 they can be fitted exactly, noise and all.",
        low=20,
        high=200,
        step=5,
        unit="rows",
    )


@dataclass(frozen=True)
class TradeData:
    """Squared bias, variance and their sum with the noise, each [A], at the strengths ALPHAS [A]."""

    settings: BiasVariance
    bias: Array
    variance: Array
    error: Array


def read_bias_variance(settings: BiasVariance) -> TradeData:
    """The expected test error of ridge regression, exact for each of DESIGNS sets of training inputs.

    Inputs ~ N(0, 1), right weights ~ N(0, 1/d), d = 40, targets with noise s. With the eigenvalues e of X'X:
    bias^2 = sum (a / (e + a))^2 / d, variance = s^2 sum e / (e + a)^2, error = bias^2 + variance + s^2.
    Its minimum lies at a = d s^2, for every X. Keras' l2 is a / rows.
    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), sections 3.4 and 7.3.
    """
    chance = np.random.default_rng(0)
    inputs = chance.standard_normal((DESIGNS, settings.rows, INPUTS))
    values = np.maximum(np.linalg.eigvalsh(inputs.transpose(0, 2, 1) @ inputs), 0)[..., None]
    bias = np.mean(np.sum((ALPHAS / (values + ALPHAS)) ** 2, axis=1) / INPUTS, axis=0)
    variance = np.mean(np.sum(values / (values + ALPHAS) ** 2, axis=1), axis=0) * settings.noise**2
    return TradeData(settings, bias, variance, bias + variance + settings.noise**2)


def draw_bias_variance(data: TradeData, theme: Theme) -> Drawing:
    """The three parts and their sum over the strength, on a logarithmic axis; a diamond marks the smallest sum."""
    colours = PALETTES[theme]
    noise = np.full(len(ALPHAS), data.settings.noise**2)
    best = int(np.argmin(data.error))
    traces = [
        line("bias²", ALPHAS, data.bias, colours.series[0], dash="7px,3px", uid="bias"),
        line("variance", ALPHAS, data.variance, colours.series[1], dash="2px,2px"),
        line("noise", ALPHAS, noise, colours.quiet, dash="dot", width=1.6),
        line("test error", ALPHAS, data.error, colours.series[2], width=2.8),
        dots("smallest", ALPHAS[[best]], data.error[[best]], colours.series[2], symbol="diamond", size=10),
    ]
    highest = 1.08 * min(float(data.error.max()), 3 * float(data.error[-1]))
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"type": "log", "title": {"text": "strength α (Keras' l2 times the rows)"}, "dtick": 1},
        yaxis={"title": {"text": "expected squared error"}, "range": [0, highest]},
        shapes=[upright(float(ALPHAS[best]), colours.quiet)],
    )


def alt_bias_variance(data: TradeData) -> str:
    """What the chart shows, for people who do not see it."""
    facts = facts_bias_variance(data)
    best = int(np.argmin(data.error))
    return (
        f"With {data.settings.rows} rows, 40 inputs and noise {data.settings.noise:g} the expected test error of ridge "
        f"regression is {facts['mse_weak']:.3g} at strength 0.001, smallest at {facts['best_alpha']:.3g} with "
        f"{facts['mse_best']:.3g} (squared bias {data.bias[best]:.2g}, variance {data.variance[best]:.2g}, noise "
        f"{data.settings.noise**2:.2g}), and {facts['mse_strong']:.3g} at 10000."
    )


def facts_bias_variance(data: TradeData) -> Mapping[str, float]:
    """The best strength, the error there, and the errors of the weakest and the strongest."""
    best = int(np.argmin(data.error))
    return {
        "best_alpha": float(ALPHAS[best]),
        "mse_best": float(data.error[best]),
        "mse_weak": float(data.error[0]),
        "mse_strong": float(data.error[-1]),
    }


BIAS_VARIANCE = Figure(
    NAME,
    TITLE,
    BiasVariance,
    read_bias_variance,
    draw_bias_variance,
    alt_bias_variance,
    facts_bias_variance,
    ("best_alpha", "mse_best", "mse_weak", "mse_strong"),
    340,
)
