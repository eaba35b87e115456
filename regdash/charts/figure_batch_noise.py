"""How far the gradient of a mini-batch is from that of all rows."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from regdash.charts.diabetes_rows import diabetes_rows
from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.theme import PALETTES, Theme, figure
from regdash.charts.traces import dots, line, upright
from regdash.intervals import Array
from regdash.params import param

NAME, TITLE = "batch_noise", "Noise of a mini-batch's gradient"
DRAWS, SEED = 400, 0
ALL = 442
PLACES = {"start": 0.0, "optimum": 1.0}


@dataclass(frozen=True)
class BatchNoise:
    """Which batch is looked at, and where."""

    batch: int = param(
        32, "Batch size", "Rows in a mini-batch. All 442 rows leave no noise at all.", low=1, high=ALL, unit="rows"
    )
    place: str = param(
        "start",
        "Weights",
        "Where the gradient is taken: at weights of zero, or at those with the lowest error on all rows.",
        choices=tuple(PLACES),
    )


@dataclass(frozen=True)
class NoiseData:
    """Mean of |g_B - g|^2 for B = 1 ... 442, measured [442] and by the formula [442]; `full` is |g|^2."""

    batch: int
    measured: Array
    predicted: Array
    full: float


def read_batch_noise(settings: BatchNoise) -> NoiseData:
    """Least squares on the diabetes data; batches drawn without replacement, as in an epoch.

    E |g_B - g|^2 = S2 / B * (1 - B / n), with S2 the sum of the variances (over n - 1) of the rows' gradients. The last
    factor is there as rows are drawn without replacement. Source: Cochran, Sampling Techniques, 3rd ed., chapter 2.
    """
    x, y = diabetes_rows()
    w = PLACES[settings.place] * np.linalg.lstsq(x, y, rcond=None)[0]
    gradients = 2 * (x @ w - y)[:, None] * x
    sizes = np.arange(1, len(y) + 1)
    spread = gradients.var(axis=0, ddof=1).sum()
    predicted = spread / sizes * (1 - sizes / len(y))
    full = gradients.mean(axis=0)
    return NoiseData(settings.batch, _measured(gradients - full), predicted, float(full @ full))


def draw_batch_noise(data: NoiseData, theme: Theme) -> Drawing:
    """Measured points on the formula's line, both axes logarithmic, and the chosen batch."""
    colours, sizes = PALETTES[theme], np.arange(1, ALL)
    kept = np.unique(np.geomspace(1, ALL - 1, 30).round().astype(int)) - 1
    at = min(data.batch, ALL - 1) - 1
    chosen = dots("your batch", [at + 1], [data.measured[at]], colours.series[1], "circle-open")
    traces = [
        line("S²/B · (1 - B/n)", sizes, data.predicted[:-1], colours.series[0], uid="formula"),
        dots(f"mean of {DRAWS} batches", sizes[kept], data.measured[kept], colours.text, uid="measured"),
        chosen | {"marker": {"size": 14, "color": colours.series[1], "symbol": "circle-open", "line": {"width": 2.2}}},
    ]
    return figure(
        theme,
        NAME,
        TITLE,
        traces if data.batch < ALL else traces[:2],
        xaxis={"title": {"text": "batch size B (rows)"}, "type": "log", "dtick": 1},
        yaxis={"title": {"text": "mean of |batch - full gradient|²"}, "type": "log", "dtick": 1, "tickformat": "~g"},
        shapes=[upright(data.batch, colours.quiet)],
    )


def alt_batch_noise(data: NoiseData) -> str:
    """What the chart shows, for people who do not see it."""
    measured, predicted = facts_batch_noise(data).values()
    if data.batch == ALL:
        return f"With all {ALL} rows in a batch its gradient is the full one, without any noise."
    return (
        f"Over {DRAWS} batches of {data.batch} of {ALL} rows the mean squared distance of the batch's gradient from "
        f"the full one is {measured:.3g}; the formula says {predicted:.3g}. The full gradient's square is "
        f"{data.full:.2g}."
    )


def facts_batch_noise(data: NoiseData) -> Mapping[str, float]:
    """The noise at the chosen batch size, measured and by the formula."""
    return {
        "measured": float(data.measured[data.batch - 1]),
        "predicted": float(data.predicted[data.batch - 1]),
    }


def _measured(deviations: Array) -> Array:
    """The mean square for every batch size [N]: the first B rows of a random order are a batch of B."""
    rng = np.random.default_rng(SEED)
    sizes = np.arange(1, len(deviations) + 1)
    total = np.zeros(len(deviations))
    for _ in range(DRAWS):
        sums = rng.permutation(deviations).cumsum(axis=0)
        total += (sums**2).sum(axis=1)
    found: Array = total / DRAWS / sizes**2
    found[-1] = 0.0  # all rows: nothing but rounding is left
    return found


BATCH_NOISE = Figure(
    NAME,
    TITLE,
    BatchNoise,
    read_batch_noise,
    draw_batch_noise,
    alt_batch_noise,
    facts_batch_noise,
    ("measured", "predicted"),
)
