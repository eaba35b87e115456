"""A search as a study of Optuna in an SQLite file: optuna.load_study(storage="sqlite:///...") opens it."""

import json
import math
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import optuna
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState, create_trial

from regdash.errors import InvalidExperiment
from regdash.search.optuna_space import described
from regdash.search.plan import Plan, plan_to_json
from regdash.search.trial import Trial

NAME = "regdash"

optuna.logging.set_verbosity(optuna.logging.WARNING)

TRIAL = "INSERT INTO trials (trial_id, number, study_id, state, datetime_start, datetime_complete) VALUES (?,?,?,?,?,?)"
VALUE = "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, 0, ?, 'FINITE')"
STEP = (
    "INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type) "
    "VALUES (?, ?, ?, 'FINITE')"
)
PARAM = "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?, ?, ?, ?)"
FACT = "INSERT INTO trial_user_attributes (trial_id, key, value_json) VALUES (?, ?, ?)"


def study_file(plan: Plan, trials: Sequence[Trial], name: str = NAME) -> bytes:
    """The SQLite file of a study called `name` with every trial that has ended.

    Optuna makes the file with its tables; the trials are written in one go, as by its own functions a thousand of them
    would take half a minute. Wherever a value is not finite, the trial has failed and has none.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.db"
        study_id = _begun(path, plan, name)
        with closing(sqlite3.connect(path)) as connection, connection:
            _fill(connection, study_id, frozen_trials(plan, trials))
        return path.read_bytes()


def frozen_trials(plan: Plan, trials: Sequence[Trial]) -> list[FrozenTrial]:
    """Every point that was tried, as Optuna has it.

    With halving a point is one trial with a value for each number of epochs it was given, pruned where it did not
    reach the last one. Parameters have the paths of settings as their names.
    """
    points: dict[int, list[Trial]] = {}
    for each in trials:
        if each.told:
            points.setdefault(each.origin, []).append(each)
    tried = [each.values for each in trials if each.told]
    distributions = described(plan.space, tried)
    return [_frozen(plan, sorted(rungs, key=lambda t: t.rung), distributions) for _, rungs in sorted(points.items())]


def _frozen(plan: Plan, rungs: Sequence[Trial], space: Any) -> FrozenTrial:
    last = rungs[-1]
    params, distributions = space(last.values)
    finite = {each.epochs: each.score for each in rungs if math.isfinite(each.score)}
    failed = not math.isfinite(last.score)
    pruned = bool(last.epochs) and last.epochs < plan.space.base.training.epochs
    return create_trial(
        state=TrialState.FAIL if failed else TrialState.PRUNED if pruned else TrialState.COMPLETE,
        value=None if failed else last.score,
        params=params,
        distributions=distributions,
        user_attrs=_facts(plan, last),
        intermediate_values=finite if plan.halving else {},
    )


def _facts(plan: Plan, trial: Trial) -> dict[str, Any]:
    """What stands beside a trial: its number here, the runs, each run's score and figures, or why it failed."""
    found: dict[str, Any] = {"number": trial.number, "seeds": plan.objective.seeds, "folds": plan.objective.folds}
    try:
        members = plan.members(trial.values, trial.epochs)
        found |= {"epochs": members[0].training.epochs, "runs": list(plan.objective.setting(members[0]).ids)}
    except InvalidExperiment as error:
        found |= {"problem": next(iter(error.errors.values()))}
    if trial.outcome is not None:
        found |= {"problem": trial.outcome.problem} if trial.outcome.problem else {}
        found |= {"scores": list(trial.outcome.scores)} if trial.outcome.scores else {}
        found |= {name: list(figures) for name, figures in trial.outcome.figures.items()}
    return found


def _begun(path: Path, plan: Plan, name: str) -> int:
    """A study without trials in a file; its number there."""
    storage = optuna.storages.RDBStorage(f"sqlite:///{path}")
    try:
        better = StudyDirection.MAXIMIZE if plan.objective.measure.better > 0 else StudyDirection.MINIMIZE
        study = optuna.create_study(storage=storage, study_name=name, direction=better)
        study.set_user_attr("plan", json.loads(plan_to_json(plan)))
        study.set_user_attr("objective", f"{plan.objective.metric} at the {plan.objective.epoch} epoch, mean over runs")
        return int(storage.get_study_id_from_name(name))
    finally:
        storage.remove_session()
        storage.engine.dispose()


def _fill(connection: sqlite3.Connection, study_id: int, frozen: Sequence[FrozenTrial]) -> None:
    ids = range(1, len(frozen) + 1)
    pairs = list(zip(ids, frozen, strict=True))
    connection.executemany(TRIAL, [(n, n - 1, study_id, each.state.name, *_times(each)) for n, each in pairs])
    connection.executemany(VALUE, [(n, each.value) for n, each in pairs if each.value is not None])
    steps = [(n, step, value) for n, each in pairs for step, value in each.intermediate_values.items()]
    connection.executemany(STEP, steps)
    connection.executemany(PARAM, [(n, *row) for n, each in pairs for row in _params(each)])
    facts = [(n, key, json.dumps(value)) for n, each in pairs for key, value in each.user_attrs.items()]
    connection.executemany(FACT, facts)


def _times(each: FrozenTrial) -> tuple[str | None, str | None]:
    return tuple(when and when.isoformat(" ") for when in (each.datetime_start, each.datetime_complete))  # type: ignore[return-value]


def _params(each: FrozenTrial) -> Iterator[tuple[str, float, str]]:
    for path, value in each.params.items():
        distribution = each.distributions[path]
        internal = distribution.to_internal_repr(value)
        yield path, internal, optuna.distributions.distribution_to_json(distribution)
