"""What one search may ask for, checked before it begins."""

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from regdash.errors import InvalidExperiment, RegdashError
from regdash.experiment import Experiment
from regdash.jobs.limits import check_limits
from regdash.search import Plan, Range
from regdash.settings import Settings

CORNERS = 256  # of the space, at most, that are looked at


def check_search(plan: Plan, limits: Settings) -> None:
    """Raise RegdashError with a sentence when a search is larger than this server allows."""
    if plan.total > limits.max_trials:
        how = "Take fewer steps or fewer settings, or let random or Bayesian search choose among them."
        raise RegdashError(
            f"A search may try at most {limits.max_trials} points on this server, and this one would try "
            f"{plan.total}. {how if plan.strategy == 'grid' else 'Take fewer trials.'}"
        )
    runs = plan.total * plan.objective.runs
    if runs > limits.max_search_runs:
        raise RegdashError(
            f"A search may train at most {limits.max_search_runs} runs on this server, and this one would train "
            f"{runs}. Take fewer trials, seeds or folds."
        )
    check_limits([plan.space.base, *corners(plan)], limits)


def corners(plan: Plan) -> Iterator[Experiment]:
    """The experiments at the ends of all ranges and at all choices, as far as they go together."""
    paths = [each.path for each in plan.space.dimensions]
    ends = (
        (axis[-1], axis[0]) if isinstance(each, Range) else axis
        for each, axis in zip(plan.space.dimensions, plan.space.axes, strict=True)
    )
    for point in islice(product(*ends), CORNERS):
        found = _experiment(plan, dict(zip(paths, point, strict=True)))
        if found is not None:
            yield found


def _experiment(plan: Plan, values: dict[str, Any]) -> Experiment | None:
    try:
        return plan.experiment(values)
    except InvalidExperiment:
        return None  # such a trial ends with its sentence
