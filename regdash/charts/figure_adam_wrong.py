"""A common slip in hand-written Adam: the running moments are overwritten with their corrected values."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.screen import thinned
from regdash.charts.theme import PALETTES, Theme, figure
from regdash.charts.traces import level, line
from regdash.intervals import Array
from regdash.optimizers import Adam, numbers
from regdash.optimizers.base import EPSILON
from regdash.params import param

NAME, TITLE = "adam_wrong", "Adam with overwritten moments"
TRUTH = np.array([2.0, -3.0])
ROWS, SEED, DRAWN = 100, 0, 200


@dataclass(frozen=True)
class AdamWrong:
    """How long and how fast both go."""

    steps: int = param(
        1000,
        "Steps",
        "How many steps both versions take. The wrong one counts its correction down from this number.",
        low=10,
        high=1500,
        step=10,
    )
    learning_rate: float = param(
        0.01, "Learning rate", "The length of a step; Adam's own first steps are this long.", low=0.001, high=0.1,
        step=0.001,
    )  # fmt: skip


@dataclass(frozen=True)
class WrongData:
    """Weights [T + 1, 2] by the right and by the wrong rule, and the length of the wrong rule's last step."""

    right: Array
    wrong: Array
    last_step: float

    @property
    def steps(self) -> int:
        """How many steps each took."""
        return len(self.right) - 1


def read_adam_wrong(settings: AdamWrong) -> WrongData:
    """Least squares without noise, 100 rows, true weights (2, -3), from (0, 0).

    Right: m and v stay as they are and m / (1 - b1^t) is used for the step. Wrong, as printed: m and v are replaced by
    m / (1 - b1^(T - i)) and v / (1 - b2^(T - i)) at step i = 0, 1, ... of T, so each correction is corrected again.
    Source of the right rule: Kingma and Ba, arXiv 1412.6980, algorithm 1.
    """
    x = np.random.default_rng(SEED).normal(size=(ROWS, 2))
    square, target = 2 * x.T @ x / ROWS, 2 * x.T @ (x @ TRUTH) / ROWS
    return WrongData(_right(square, target, settings), *_wrong(square, target, settings.steps, settings.learning_rate))


def draw_adam_wrong(data: WrongData, theme: Theme) -> Drawing:
    """Both weights by both rules against the step, and the truth."""
    colours = PALETTES[theme]
    kept = thinned(data.steps + 1, most=DRAWN)
    traces = [
        line(f"{name}, {which}", kept, values[kept, turn], colours.series[place], dash, uid=f"{name} {word}")
        for place, (name, values) in enumerate((("right", data.right), ("wrong", data.wrong)))
        for turn, (which, word, dash) in enumerate((("1st", "first", "solid"), ("2nd", "second", "7px,3px")))
    ]
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"title": {"text": "step"}},
        yaxis={"title": {"text": "1st and 2nd weight (truth dotted)"}, "range": [-3.4, 2.4]},
        shapes=[level(value, colours.quiet) for value in TRUTH.tolist()],
    )


def alt_adam_wrong(data: WrongData) -> str:
    """What the chart shows, for people who do not see it."""
    (right_x, right_y), (wrong_x, wrong_y) = data.right[-1], data.wrong[-1]
    return (
        f"After {data.steps} steps Adam has reached ({right_x:.3f}, {right_y:.3f}) and the version that overwrites its "
        f"moments ({wrong_x:.3f}, {wrong_y:.3f}), where the truth is (2, -3). The latter's last step is "
        f"{f'{data.last_step:.0e} long' if data.last_step else 'too short for a computer to tell it from none'}."
    )


def facts_adam_wrong(data: WrongData) -> Mapping[str, float]:
    """The first weight by both rules, and the length of the wrong rule's last step."""
    return {
        "right_x": float(data.right[-1, 0]),
        "wrong_x": float(data.wrong[-1, 0]),
        "right_y": float(data.right[-1, 1]),
        "wrong_y": float(data.wrong[-1, 1]),
        "last_step": data.last_step,
    }


def _right(square: Array, target: Array, settings: AdamWrong) -> Array:
    w, slots, found = np.zeros(2), (np.zeros(2), np.zeros(2)), [np.zeros(2)]
    for t in range(1, settings.steps + 1):
        w, *rest = Adam.step(np, w, square @ w - target, slots, t, settings.learning_rate, **numbers(Adam()))
        slots = (rest[0], rest[1])
        found.append(w)
    return np.array(found)


def _wrong(square: Array, target: Array, steps: int, rate: float) -> tuple[Array, float]:
    b_1, b_2 = numbers(Adam()).values()
    w, m, v = np.zeros(2), np.zeros(2), np.zeros(2)
    found, step = [w], np.zeros(2)
    with np.errstate(over="ignore"):  # v grows without end, and so the steps vanish
        for i in range(steps):
            gradient = square @ w - target
            m = (b_1 * m + (1 - b_1) * gradient) / (1 - b_1 ** (steps - i))
            v = (b_2 * v + (1 - b_2) * gradient**2) / (1 - b_2 ** (steps - i))
            step = rate * m / (np.sqrt(v) + EPSILON)
            w = w - step
            found.append(w)
    return np.array(found), float(np.abs(step).max())


ADAM_WRONG = Figure(
    NAME,
    TITLE,
    AdamWrong,
    read_adam_wrong,
    draw_adam_wrong,
    alt_adam_wrong,
    facts_adam_wrong,
    ("right_x", "wrong_x", "right_y", "wrong_y", "last_step"),
)
