"""L2 in the loss against weight decay beside it: the same thing under SGD, two things under Adam."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.screen import thinned
from regdash.charts.theme import PALETTES, Theme, figure
from regdash.charts.traces import line
from regdash.intervals import Array
from regdash.optimizers import SGD, Adam, Momentum, Optimizer, numbers
from regdash.params import param

NAME, TITLE = "adam_decay", "L2 in the loss, and weight decay beside it"
RATE, STEPS = 1e-3, 2000
GRADIENTS = np.array([10.0, 0.1])  # of the steep and of the flat weight; their signs alternate
DRAWN = 100  # points of each line
RULES: Mapping[str, Optimizer] = {"Adam": Adam(), "SGD": SGD(), "momentum": Momentum()}


@dataclass(frozen=True)
class AdamDecay:
    """How strong, and under which optimizer."""

    strength: float = param(
        0.05,
        "L2 strength",
        "λ of λ·Σw² in the loss. The weight decay beside it is 2λ, which under SGD is the same thing.",
        low=0.0,
        high=0.2,
        step=0.01,
    )
    optimizer: str = param(
        "Adam",
        "Optimizer",
        "Which optimizer makes the steps. SGD and momentum of 0.9 are there to compare with Adam.",
        choices=tuple(RULES),
    )


@dataclass(frozen=True)
class DecayData:
    """Weights [STEPS + 1, 2] of the steep and the flat weight for each rule, coupled and decoupled."""

    settings: AdamDecay
    coupled: Mapping[str, Array]
    decoupled: Mapping[str, Array]


def read_adam_decay(settings: AdamDecay) -> DecayData:
    """Two weights from 1; the data's gradients alternate between +g and -g and so ask for nothing on average.

    Coupled adds the gradient 2 * strength * w of L2; decoupled shrinks w by lr * 2 * strength * w before the step.
    """
    decay = 2 * settings.strength
    return DecayData(
        settings,
        {name: _weights(rule, decay, 0.0) for name, rule in RULES.items()},
        {name: _weights(rule, 0.0, decay) for name, rule in RULES.items()},
    )


def draw_adam_decay(data: DecayData, theme: Theme) -> Drawing:
    """Both weights under both penalties against the step."""
    colours, name = PALETTES[theme], data.settings.optimizer
    kept = thinned(STEPS + 1, most=DRAWN)
    traces = [
        line(f"{word}, {kind}", kept, weights[name][kept, turn], colours.series[place], dash, uid=f"{word} {kind}")
        for place, (word, weights) in enumerate((("L2", data.coupled), ("decay", data.decoupled)))
        for turn, (kind, dash) in enumerate((("steep", "solid"), ("flat", "7px,3px")))
    ]
    axes = {
        "xaxis": {"title": {"text": f"step of {name}"}},
        "yaxis": {"title": {"text": "steep and flat weight"}, "rangemode": "tozero"},
    }
    return figure(theme, NAME, TITLE, traces, **axes)


def alt_adam_decay(data: DecayData) -> str:
    """What the chart shows, for people who do not see it."""
    name, strength = data.settings.optimizer, data.settings.strength
    coupled, decoupled = data.coupled[name][-1], data.decoupled[name][-1]
    return (
        f"After {STEPS} steps under {name} two weights that began at 1, one with gradients of ±10 and one with ±0.1: "
        f"L2 of {strength:g} in the loss leaves {coupled[0]:.3f} and {coupled[1]:.3f}, weight decay of "
        f"{2 * strength:g} leaves {decoupled[0]:.3f} and {decoupled[1]:.3f}."
    )


def facts_adam_decay(data: DecayData) -> Mapping[str, float]:
    """Where the steep and the flat weight end; of SGD with L2 in the loss."""
    ends = {
        "coupled": data.coupled["Adam"],
        "decoupled": data.decoupled["Adam"],
        "sgd": data.coupled["SGD"],
        "sgd_decoupled": data.decoupled["SGD"],
        "momentum": data.coupled["momentum"],
        "momentum_decoupled": data.decoupled["momentum"],
    }
    kinds = ("steep", "flat")
    return {f"{name}_{kind}": float(w[-1, turn]) for name, w in ends.items() for turn, kind in enumerate(kinds)}


def _weights(rule: Optimizer, l2_gradient: float, decay: float) -> Array:
    w, slots = np.ones(2), tuple(np.zeros(2) for _ in range(rule.slots))
    found = [w]
    for t in range(1, STEPS + 1):
        gradient = GRADIENTS * (1 if t % 2 else -1) + l2_gradient * w
        w, *rest = rule.step(np, w * (1 - RATE * decay), gradient, slots, t, RATE, **numbers(rule))
        slots = tuple(rest)
        found.append(w)
    return np.array(found)


ADAM_DECAY = Figure(
    NAME,
    TITLE,
    AdamDecay,
    read_adam_decay,
    draw_adam_decay,
    alt_adam_decay,
    facts_adam_decay,
    tuple(
        f"{name}_{kind}"
        for name in ("coupled", "decoupled", "sgd", "sgd_decoupled", "momentum", "momentum_decoupled")
        for kind in ("steep", "flat")
    ),
)
