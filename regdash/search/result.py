"""SearchResult: what a search has found, as a table and as plain values."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regdash.experiment import Experiment
from regdash.search.choosing import Choice1SE, best, one_standard_error
from regdash.search.plan import Plan, plan_to_dict
from regdash.search.study import loss
from regdash.search.trial import Trial, longest


@dataclass(frozen=True)
class SearchResult:
    """A plan and all its trials, in the order of their numbers."""

    plan: Plan
    trials: tuple[Trial, ...]

    @property
    def best(self) -> Trial | None:
        """The trial with the best score; None when none has one."""
        return best(self.plan, self.trials)

    @property
    def one_standard_error(self) -> Choice1SE | None:
        """The strongest regularisation within one standard error of the best."""
        return one_standard_error(self.plan, self.trials)

    @property
    def experiment(self) -> Experiment | None:
        """The settings of the best trial, ready to be trained; None when no trial has a score."""
        found = self.best
        return None if found is None else self.plan.experiment(found.values)

    @property
    def ranked(self) -> tuple[Trial, ...]:
        """Of each point the told trial with the most epochs: most epochs first, among them the best first."""
        whole = self.plan.space.base.training.epochs

        def key(each: Trial) -> tuple[int, float, int]:
            return -(each.epochs or whole) if self.plan.halving else 0, loss(self.plan, each), each.number

        return tuple(sorted(longest(self.trials), key=key))

    @property
    def varying(self) -> tuple[str, ...]:
        """The paths of the settings that were not the same in all trials."""
        paths = [each.path for each in self.plan.space.dimensions]
        return tuple(path for path in paths if len({str(each.values[path]) for each in self.trials}) > 1)

    def rows(self) -> list[dict[str, Any]]:
        """The table: one row per point, best first, with the settings that vary; nan where nothing was measured."""
        return [self._row(each) for each in self.ranked]

    def to_frame(self) -> Any:
        """The table as a pandas DataFrame with the trial's number as its index."""
        import pandas as pd

        return pd.DataFrame(self.rows(), columns=["trial", *self._columns()]).set_index("trial")

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; None where there is no number."""
        found, rule = self.best, self.one_standard_error
        return {
            "plan": plan_to_dict(self.plan),
            "best": None if found is None else found.number,
            "one_standard_error": None
            if rule is None
            else {"trial": None if rule.trial is None else rule.trial.number, "sentence": rule.sentence},
            "trials": [_plain(each) for each in self.trials],
        }

    def _columns(self) -> tuple[str, ...]:
        epochs = ("epochs",) if self.plan.halving else ()
        failed = ("problem",) if any(each.outcome.problem for each in self.ranked if each.outcome) else ()
        return (*self.varying, self.plan.objective.metric, "standard_error", *epochs, "epoch", *failed)

    def _row(self, each: Trial) -> dict[str, Any]:
        outcome = each.outcome
        figures: Mapping[str, Sequence[float]] = outcome.figures if outcome else {}
        judged = figures.get("epoch", ())
        facts = {
            "trial": each.number,
            **{path: each.values[path] for path in self.varying},
            self.plan.objective.metric: each.score,
            "standard_error": outcome.standard_error if outcome else math.nan,
            "epochs": each.epochs or self.plan.space.base.training.epochs,
            "epoch": sum(judged) / len(judged) if judged else math.nan,
            "problem": outcome.problem if outcome else "",
        }
        return {name: facts[name] for name in ("trial", *self._columns())}


def _plain(each: Trial) -> dict[str, Any]:
    outcome = each.outcome
    facts: dict[str, Any] = {"number": each.number, "values": dict(each.values)}
    facts |= {name: getattr(each, name) for name in ("epochs", "rung", "bracket") if getattr(each, name)}
    if outcome is None:
        return facts | {"told": False}
    facts |= {"told": True, "score": _finite(each.score), "standard_error": _finite(outcome.standard_error)}
    return facts | {name: value for name, value in outcome.to_dict().items() if name != "coefficients"}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
