"""Search: which setting is best. Pure functions from what is known to what is tried next; nothing here trains."""

from regdash.search.dimension import Choice, Dimension, InvalidSearch, Range
from regdash.search.objective import METRICS, Metric, Objective, Outcome, metrics_of
from regdash.search.plan import Plan, plan_from_dict, plan_from_json, plan_to_dict, plan_to_json
from regdash.search.space import PLACES, Space, Values, searchable
from regdash.search.strategies import STRATEGIES, Strategy, available
from regdash.search.study import finished, loss, next_trials
from regdash.search.trial import Trial, longest

__all__ = [
    "METRICS",
    "PLACES",
    "STRATEGIES",
    "Choice",
    "Dimension",
    "InvalidSearch",
    "Metric",
    "Objective",
    "Outcome",
    "Plan",
    "Range",
    "Space",
    "Strategy",
    "Trial",
    "Values",
    "available",
    "finished",
    "longest",
    "loss",
    "metrics_of",
    "next_trials",
    "plan_from_dict",
    "plan_from_json",
    "plan_to_dict",
    "plan_to_json",
    "searchable",
]
