"""Sketch: all that is typed on the Search page, and the plan that it stands for when all of it is right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from regdash.experiment import Experiment
from regdash.search import PLACES, InvalidSearch, Objective, Plan, Space, metrics_of, searchable
from regdash.search.objective import Epoch
from regdash.settings import settings
from regdash.ui.search_typed import ListTyped, NamesTyped, RangeTyped, Typed, declared, dimension, fits, prefilled
from regdash.ui.search_typed import typed_from as typed_of

FIRST = ("dropout.rate", "l2.l2")  # what is ticked before the visitor has chosen anything
TRIALS, SECONDS = "trials", "seconds"
BUDGETS = {TRIALS: "Trials", SECONDS: "Seconds"}


@dataclass(frozen=True)
class Sketch:
    """The fields of the page. `searched` has what is typed for each ticked setting, in the order of ticking."""

    searched: Mapping[str, Typed] = field(default_factory=dict)
    strategy: str = "grid"
    halving: str = ""
    eta: int = 3
    budget: str = TRIALS
    trials: int = 64
    seconds: int = 30
    metric: str = "val_loss"
    epoch: Epoch = "best"
    seeds: int = 3
    folds: int = 0
    seed: int = 0

    def with_typed(self, path: str, typed: Typed) -> "Sketch":
        """The sketch with other words in the fields of a setting, which is ticked by that."""
        return replace(self, searched={**self.searched, path: typed})

    def without(self, path: str) -> "Sketch":
        """The sketch with a setting not ticked any more."""
        return replace(self, searched={at: typed for at, typed in self.searched.items() if at != path})


def first_sketch(experiment: Experiment, free: Callable[[str], bool] = lambda path: True) -> Sketch:
    """A grid of dropout and L2, as far as this experiment has them and they are `free`."""
    sketch = Sketch(metric=metrics_of(experiment)[0].name)
    for path in FIRST:
        if free(path) and (path != "dropout.rate" or (experiment.hidden_places and not _rates(experiment))):
            sketch = sketch.with_typed(path, prefilled(experiment, path))
    return sketch


def sketch_of(plan: Plan) -> Sketch:
    """The fields of the page for a plan that exists already."""
    base, objective = plan.space.base, plan.objective
    pairs = zip(plan.space.dimensions, plan.space.params, strict=True)
    searched = {each.path: typed_of(each, None if each.path in PLACES else param) for each, param in pairs}
    limited = plan.seconds > 0
    return Sketch(
        {path: typed for path, typed in searched.items() if path in searchable(base)},
        plan.strategy,
        plan.halving,
        plan.eta,
        SECONDS if limited else TRIALS,
        min(plan.trials, settings().max_trials),
        max(1, round(plan.seconds)) if limited else Sketch.seconds,
        objective.metric,
        objective.epoch,
        objective.seeds,
        objective.folds,
        plan.seed,
    )


def present(sketch: Sketch, experiment: Experiment) -> dict[str, Typed]:
    """What is ticked of the settings that this experiment has; the others wait until it has them again."""
    there = searchable(experiment)
    return {
        path: typed
        for path, typed in sketch.searched.items()
        if path in there and fits(typed, declared(experiment, path))
    }


def metric_of(sketch: Sketch, experiment: Experiment) -> str:
    """The metric that was chosen, or the first one while the task does not have it."""
    names = [each.name for each in metrics_of(experiment)]
    return sketch.metric if sketch.metric in names else names[0]


def plan_of(sketch: Sketch, experiment: Experiment) -> Plan:
    """The plan; raises InvalidSearch with a sentence per field."""
    ticked = present(sketch, experiment)
    empty = {path: _EMPTY for path, typed in ticked.items() if _nothing(typed)}
    if empty:
        raise InvalidSearch(empty)
    space = Space(experiment, tuple(dimension(experiment, path, typed) for path, typed in ticked.items()))
    limited = sketch.budget == SECONDS
    return Plan(
        space,
        sketch.strategy,
        settings().max_trials if limited else sketch.trials,
        float(sketch.seconds) if limited else 0.0,
        Objective(metric_of(sketch, experiment), sketch.epoch, sketch.seeds, sketch.folds),
        sketch.halving,
        sketch.eta,
        sketch.seed,
    )


def checked(sketch: Sketch, experiment: Experiment) -> tuple[Plan | None, Mapping[str, str]]:
    """The plan, or what is wrong in each field."""
    try:
        return plan_of(sketch, experiment), {}
    except InvalidSearch as error:
        return None, error.errors


_EMPTY = "Choose at least one value, or take the tick away"


def _nothing(typed: Typed) -> bool:
    if isinstance(typed, NamesTyped):
        return not typed.names
    return isinstance(typed, ListTyped) and not typed.text.strip(" ,;")


def _rates(experiment: Experiment) -> Any:
    return experiment.values["dropout.rates"]


__all__ = ["RangeTyped", "Sketch", "checked", "first_sketch", "metric_of", "plan_of", "present", "sketch_of"]
