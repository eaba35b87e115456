"""Schedules that do not fit the number of steps."""

from regdash.cautions.places import all_steps
from regdash.experiment import Experiment
from regdash.optimizers import Cosine, LinearDecay, Step

HALF = 0.5  # of the decay may lie beyond the end of the training
STILL = 0.5  # the share of the training that may pass without any movement


def warm_up_too_long(experiment: Experiment) -> str:
    """Steps < warm-up: the learning rate ends at steps / warm-up of its size."""
    steps, warmup = all_steps(experiment), experiment.schedule.warmup
    if warmup <= steps:
        return ""
    return (
        f"The warm-up takes {warmup:,} steps and the whole training has {steps:,}: the learning rate only reaches "
        f"{steps / warmup:.0%} of its size. Take a warm-up of {max(steps // 10, 1):,} steps or more epochs."
    )


def decay_too_late(experiment: Experiment) -> str:
    """(factor at the last step - final share) / (1 - final share) is what is left of the decay at the end."""
    schedule, steps = experiment.schedule, _after_warm_up(experiment)
    if not isinstance(schedule, Cosine | LinearDecay) or _end(schedule) == 1 or steps < 1:
        return ""
    left = float(schedule.factor(steps - 1))
    if (left - _end(schedule)) / (1 - _end(schedule)) <= HALF or schedule.decay_steps <= steps:
        return ""
    return (
        f"The {type(schedule).label.lower()} takes {schedule.decay_steps:,} steps and the training has {steps:,} for "
        f"it: at the end the learning rate is still {left:.0%} of its size. Take {steps:,} decay steps."
    )


def drop_too_late(experiment: Experiment) -> str:
    """No drop when the last step, counted from 0 after the warm-up, is not above `every`."""
    schedule, steps = experiment.schedule, _after_warm_up(experiment)
    if not isinstance(schedule, Step) or steps < 1 or steps - 1 > schedule.every:
        return ""
    return (
        f"The learning rate never drops: the first drop comes after {schedule.every:,} steps, and the training has "
        f"{steps:,} for it. Take a drop every {max(steps // 3, 1):,} steps."
    )


def decay_too_early(experiment: Experiment) -> str:
    """With a final share of 0 nothing moves from step warm-up + decay steps on."""
    schedule, steps = experiment.schedule, all_steps(experiment)
    if not isinstance(schedule, Cosine | LinearDecay) or _end(schedule):
        return ""
    moving = schedule.warmup + schedule.decay_steps
    if steps - moving <= STILL * steps:
        return ""
    return (
        f"The learning rate is 0 from step {moving:,} of {steps:,} on, so nothing moves for "
        f"{(steps - moving) / steps:.0%} of the training. Take {steps - schedule.warmup:,} decay steps or fewer epochs."
    )


def _after_warm_up(experiment: Experiment) -> int:
    return all_steps(experiment) - experiment.schedule.warmup


def _end(schedule: Cosine | LinearDecay) -> float:
    return schedule.alpha if isinstance(schedule, Cosine) else schedule.end
