"""How the learning rate changes under each schedule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.theme import PALETTES, Theme, figure, rgba
from regdash.charts.traces import dots, line
from regdash.intervals import Array
from regdash.optimizers import (
    SCHEDULES,
    Constant,
    Cosine,
    Exponential,
    InverseTime,
    LinearDecay,
    ReduceOnPlateau,
    Schedule,
    Step,
    learning_rates,
)
from regdash.params import param, params_of

NAME, TITLE = "schedule_shapes", "Learning-rate schedules"
STEPS, EPOCH = 1000, 10  # optimizer steps of the whole training, and of one epoch
FLAT = 300  # the step from which the made-up validation loss of the plateau falls no further


@dataclass(frozen=True)
class ScheduleShapes:
    """Which schedule, its main number, its stretch, and a warm-up."""

    schedule: str = param(
        Cosine.name,
        "Schedule",
        "The rule by which the learning rate changes in 1000 steps. The others are drawn faintly.",
        choices=tuple(kind.name for kind in SCHEDULES),
    )
    share: float = param(
        0.1,
        "What remains",
        "The share of the learning rate that is left: at the end for linear and cosine, after each stretch for "
        "exponential and step, after the first stretch for inverse time, after each reduction on a plateau.",
        low=0.0,
        high=1.0,
        step=0.05,
    )
    stretch: float = param(
        250.0,
        "Stretch",
        "After how many steps so much remains. On a plateau: how long it is waited for an improvement. Linear and "
        "cosine take all steps.",
        low=50,
        high=1000,
        step=50,
        unit="steps",
    )
    warmup: float = param(
        0.0,
        "Warm-up",
        "Over so many steps the learning rate grows evenly to its full size before the schedule begins.",
        low=0,
        high=500,
        step=50,
        unit="steps",
    )


@dataclass(frozen=True)
class ScheduleData:
    """Shares of the learning rate [STEPS + 1] of every schedule by its name; `kinds` are their labels."""

    settings: ScheduleShapes
    rates: Mapping[str, Array]
    kinds: Mapping[str, str]


def read_schedule_shapes(settings: ScheduleShapes) -> ScheduleData:
    """The shares at steps 0..1000, by the schedules that training uses.

    A plateau needs a validation loss: the one here falls until step 300 and then stays as it is.
    """
    rates = {}
    for kind in SCHEDULES:
        schedule = schedule_of(kind, settings)
        rates[kind.name] = learning_rates(1.0, schedule, np.arange(STEPS + 1))
        if isinstance(schedule, ReduceOnPlateau):
            rates[kind.name] = rates[kind.name] * _reduced(schedule)
    return ScheduleData(settings, rates, {kind.name: kind.label for kind in SCHEDULES})


def schedule_of(kind: Any, settings: ScheduleShapes) -> Schedule:
    """A schedule with the figure's numbers, as far as it allows them."""
    stretch, warmup = round(settings.stretch), round(settings.warmup)
    whole = STEPS - warmup
    inverse = 1 / settings.share - 1 if settings.share else np.inf
    given: Mapping[type, Mapping[str, float]] = {
        Constant: {},
        Exponential: {"decay_rate": settings.share, "decay_steps": stretch},
        LinearDecay: {"end": settings.share, "decay_steps": whole},
        Cosine: {"alpha": settings.share, "decay_steps": whole},
        Step: {"drop": settings.share, "every": stretch},
        InverseTime: {"decay_rate": inverse, "decay_steps": stretch},
        ReduceOnPlateau: {"shrink": settings.share, "patience": stretch // EPOCH},
    }
    declared = {each.name: each for each in params_of(kind)}
    allowed = {
        name: declared[name].convert(min(max(value, declared[name].low), declared[name].high))
        for name, value in given[kind].items()
    }
    made: Schedule = kind(**allowed, warmup=warmup)
    return made


def draw_schedule_shapes(data: ScheduleData, theme: Theme) -> Drawing:
    """The chosen schedule in colour before all the others."""
    colours = PALETTES[theme]
    steps, chosen = np.arange(STEPS + 1), data.settings.schedule
    faint = rgba(colours.quiet, 0.45)
    traces = [
        line(data.kinds[name], steps[::5], rates[::5], faint, width=1.2, showlegend=False, hoverinfo="skip")
        for name, rates in data.rates.items()
        if name != chosen
    ]
    ends, rates = np.array([STEPS // 2, STEPS]), data.rates[chosen]
    traces += [
        line(data.kinds[chosen], steps, rates, colours.series[0], width=2.8, uid="chosen"),
        dots("half way and end", ends, rates[ends], colours.series[1], symbol="diamond", size=8),
        line("other schedules", [np.nan], [np.nan], faint, width=1.2),
    ]
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"title": {"text": "optimizer step"}},
        yaxis={"title": {"text": "share of the learning rate"}, "range": [0, 1.05]},
    )


def alt_schedule_shapes(data: ScheduleData) -> str:
    """What the chart shows, for people who do not see it."""
    facts, warm = facts_schedule_shapes(data), data.settings.warmup
    begin = f" after a warm-up of {warm:g} steps" if warm else ""
    return (
        f"{data.kinds[data.settings.schedule]}{begin}: {facts['half']:.3g} of the learning rate is left half way "
        f"through 1000 steps and {facts['end']:.3g} at the end. The other schedules are drawn faintly beside it."
    )


def facts_schedule_shapes(data: ScheduleData) -> Mapping[str, float]:
    """What is left of the learning rate half way and at the end."""
    rates = data.rates[data.settings.schedule]
    return {"half": float(rates[STEPS // 2]), "end": float(rates[STEPS])}


def _reduced(schedule: ReduceOnPlateau) -> Array:
    """The share in force at each step [STEPS + 1]: what an epoch's loss decides holds from the next epoch on."""
    epochs = np.arange(1, STEPS // EPOCH + 1)
    losses = 1 + np.maximum(FLAT - EPOCH * epochs, 0) / FLAT
    shares = [1.0, *schedule.rates(losses.tolist())]
    return np.array(shares)[np.arange(STEPS + 1) // EPOCH]


SCHEDULE_SHAPES = Figure(
    NAME,
    TITLE,
    ScheduleShapes,
    read_schedule_shapes,
    draw_schedule_shapes,
    alt_schedule_shapes,
    facts_schedule_shapes,
    ("half", "end"),
)
