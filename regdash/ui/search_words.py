"""A search in words: its settings, its scores, how much work it is."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from regdash.experiment import CHOICES
from regdash.intervals import summary
from regdash.params import Param, shown
from regdash.search import PLACES, STRATEGIES, Objective, Plan, Trial
from regdash.search.halving import epochs_of
from regdash.search.study import STACK
from regdash.ui.estimate import seconds
from regdash.ui.rows import missing

SECONDS_PER_PROGRAM = 1.5  # to trace it
MOST_NAMED = 3  # settings in a title


def setting_words(param: Param, path: str, value: Any) -> str:
    """One value of a setting as people read it: 0.001, off, Adam."""
    if path in PLACES:
        return next((kind.label for kind in CHOICES[path] if kind.name == value), str(value))
    if param.off is not None and value == param.off:
        return "off"
    return shown(value).replace("_", " ")


def labels(plan: Plan) -> dict[str, str]:
    """What each searched setting is called, by path."""
    return {each.path: param.label for each, param in zip(plan.space.dimensions, plan.space.params, strict=True)}


def values_words(plan: Plan, values: Mapping[str, Any]) -> str:
    """'Dropout 0.3, L2 strength 0.001'."""
    pairs = zip(plan.space.dimensions, plan.space.params, strict=True)
    return ", ".join(
        f"{param.label} {setting_words(param, each.path, values[each.path])}"
        for each, param in pairs
        if each.path in values
    )


def score_words(objective: Objective, score: float) -> str:
    """A score with as many digits as help: 93.4 %, 0.2134."""
    if not math.isfinite(score):
        return "–"
    return f"{100 * score:.1f} %" if objective.measure.percent else f"{score:.4f}"


def error_words(objective: Objective, error: float) -> str:
    """A standard error, which has the unit of the score; empty for a single run."""
    if not math.isfinite(error):
        return ""
    return f"± {100 * error:.1f}" if objective.measure.percent else f"± {error:.4f}"


def trial_score(objective: Objective, trial: Trial) -> str:
    """'0.2134 ± 0.0021', or why there is no score."""
    if trial.outcome is None:
        return "in training"
    if trial.outcome.problem:
        return f"failed: {trial.outcome.problem}"
    error = error_words(objective, trial.outcome.standard_error)
    return f"{score_words(objective, trial.score)} {error}".strip()


def interval_words(objective: Objective, trial: Trial) -> str:
    """'95 % interval 0.209 to 0.218'; for a single run that there is none."""
    found = summary(trial.outcome.scores if trial.outcome else ())
    if not math.isfinite(found.low):
        return "one run, so no interval"
    return f"95 % interval {score_words(objective, found.low)} to {score_words(objective, found.high)}"


def between_words(objective: Objective, trial: Trial) -> str:
    """The same in short: '0.209 to 0.218'."""
    found, times = summary(trial.outcome.scores if trial.outcome else ()), 100 if objective.measure.percent else 1
    return f"{times * found.low:.3g} to {times * found.high:.3g}" if math.isfinite(found.low) else ""


def title(plan: Plan) -> str:
    """'Grid: Dropout × L2 strength'."""
    names = list(labels(plan).values())
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{strategy_label(plan.strategy)}: {' × '.join(names[:MOST_NAMED])}{more}"


def strategy_label(name: str) -> str:
    """What a strategy is called."""
    return next((each.label for each in STRATEGIES if each.name == name), name)


def counted(number: int, word: str) -> str:
    """'1 trial', '2,500 trials'."""
    return f"{number:,} {word if number == 1 else word + 's'}"


def duration(value: float) -> str:
    """'0.4 s', '12 s', '3 min', '1 h 20 min'."""
    if value < 1:
        return f"{value:.1f} s"
    if value < 90:
        return f"{round(value)} s"
    minutes = round(value / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def work(plan: Plan, pace: float = 1.0) -> str:
    """How much work a search is, before it begins: trials, runs, programs, seconds.

    `pace` is how many times as long as expected earlier searches took here.
    """
    if missing(plan.space.base) is not None:
        return ""
    runs, programs = plan.total * plan.objective.runs, plan.space.programs(plan.total, grid=plan.strategy == "grid")
    each = f" × {repeats(plan.objective)} = {counted(runs, 'run')}" if plan.objective.runs > 1 else ""
    split = "in one program" if programs == 1 else f"which splits into {programs} programs"
    if plan.seconds:
        return f"As many trials as {duration(plan.seconds)} allow, {counted(plan.objective.runs, 'run')} each, {split}."
    about = duration(pace * expected_seconds(plan, programs))
    return f"{counted(plan.total, 'trial')}{each}, {split}: about {about}{_halved(plan)}."


def expected_seconds(plan: Plan, programs: int) -> float:
    """Programs share out the trials; each is traced once and trained in stacks."""
    runs = plan.total * plan.objective.runs
    size = max(1, min(STACK, runs) // programs)
    stacks = max(programs, math.ceil(runs / size))
    training = stacks * seconds(plan.space.base, size) * _epoch_share(plan)
    return programs * SECONDS_PER_PROGRAM * (programs > 1) + training


def _halved(plan: Plan) -> str:
    return f", with {_epoch_share(plan):.0%} of the epochs of all trials" if plan.halving else ""


def _epoch_share(plan: Plan) -> float:
    """The epochs of a search with halving as a share of those without."""
    return epochs_of(plan) / epochs_of(replace(plan, halving="")) if plan.halving else 1.0


def repeats(objective: Objective) -> str:
    seeds = counted(objective.seeds, "seed") if objective.seeds > 1 else ""
    folds = counted(objective.folds, "fold") if objective.folds > 1 else ""
    return " × ".join(filter(None, (seeds, folds)))
