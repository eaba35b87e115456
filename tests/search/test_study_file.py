"""The study file is opened by Optuna itself."""

import math

import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState

from regdash.codec import identity
from regdash.experiment import Experiment
from regdash.search import Choice, Objective, Outcome, Plan, Range, Space, next_trials, plan_from_dict
from regdash.search.study_file import frozen_trials, study_file

SPACE = Space(
    Experiment(),
    (
        Range("l2.l2", 1e-4, 1.0, log=True, off=True),
        Range("dropout.rate", 0.0, 0.9),
        Range("training.batch_size", 8, 64),
        Choice("optimizer", ("adam", "sgd")),
        Choice("network.widths", ((8,), (16, 16))),
    ),
)


def searched(plan, outcome):
    """The trials of a search whose outcomes follow from their values."""
    trials = []
    while new := next_trials(plan, trials):
        trials += [each.ended(outcome(each.values)) for each in new]
    return trials


def by_dropout(values):
    """Higher dropout is worse; beyond 0.7 the run diverges."""
    if values["dropout.rate"] > 0.7:
        return Outcome(problem="the run diverged at epoch 3")
    score = values["dropout.rate"] + 1
    return Outcome((score - 0.5, score + 0.5), {"epoch": (3.0, 5.0)})


@pytest.fixture
def load(tmp_path):
    """Open a study file as a person would."""
    storages = []

    def opened(data, name="regdash"):
        path = tmp_path / f"{len(storages)}.db"
        path.write_bytes(data)
        storages.append(optuna.storages.RDBStorage(f"sqlite:///{path}"))
        return optuna.load_study(study_name=name, storage=storages[-1])

    yield opened
    for storage in storages:
        storage.remove_session()
        storage.engine.dispose()


def test_every_trial_has_its_values_its_distributions_and_its_score(load):
    plan = Plan(SPACE, strategy="random", trials=60, objective=Objective(seeds=2))
    trials = searched(plan, by_dropout)
    study = load(study_file(plan, trials))
    assert len(study.trials) == 60
    for ours, theirs in zip(trials, study.trials, strict=True):
        assert theirs.number == ours.number
        assert theirs.state == (TrialState.FAIL if ours.outcome.problem else TrialState.COMPLETE)
        assert theirs.value == (None if ours.outcome.problem else pytest.approx(ours.values["dropout.rate"] + 1))
        on = ours.values["l2.l2"] != 0
        numbers = {path: ours.values[path] for path in ("dropout.rate", "training.batch_size", "optimizer")}
        widths = {"network.widths": "-".join(map(str, ours.values["network.widths"]))}
        assert theirs.params == numbers | widths | {"l2.l2.on": on} | ({"l2.l2": ours.values["l2.l2"]} if on else {})
    on = next(each for each in study.trials if each.params["l2.l2.on"])
    assert on.distributions == {
        "l2.l2.on": CategoricalDistribution((False, True)),
        "l2.l2": FloatDistribution(1e-4, 1.0, log=True),
        "dropout.rate": FloatDistribution(0.0, 0.9),
        "training.batch_size": IntDistribution(8, 64),
        "optimizer": CategoricalDistribution(("adam", "sgd")),
        "network.widths": CategoricalDistribution(("8", "16-16")),
    }
    states = {each.state for each in study.trials}
    assert states == {TrialState.COMPLETE, TrialState.FAIL}


def test_what_stands_beside_a_trial_leads_back_to_its_runs(load):
    plan = Plan(SPACE, strategy="random", trials=20, objective=Objective(seeds=2))
    trials = searched(plan, by_dropout)
    study = load(study_file(plan, trials))
    good = next(each for each in study.trials if each.state == TrialState.COMPLETE)
    runs = [identity(each) for each in plan.members(trials[good.number].values)]
    assert good.user_attrs["runs"] == runs
    assert good.user_attrs["scores"] == list(trials[good.number].outcome.scores)
    assert (good.user_attrs["seeds"], good.user_attrs["folds"], good.user_attrs["epochs"]) == (2, 0, 150)
    bad = next(each for each in study.trials if each.state == TrialState.FAIL)
    assert bad.user_attrs["problem"] == "the run diverged at epoch 3"


def test_the_study_holds_the_plan_and_the_direction(load):
    plan = Plan(SPACE, strategy="random", trials=3)
    study = load(study_file(plan, searched(plan, by_dropout), "mine"), "mine")
    assert plan_from_dict(study.user_attrs["plan"]) == plan
    assert study.direction == optuna.study.StudyDirection.MINIMIZE


def test_a_study_that_is_maximised_goes_on_in_optuna(load):
    plan = Plan(SPACE, strategy="random", trials=12, objective=Objective("val_accuracy"))
    study = load(study_file(plan, searched(plan, by_dropout)))
    assert study.direction == optuna.study.StudyDirection.MAXIMIZE
    best = max(each.value for each in study.trials if each.value is not None)
    assert study.best_value == best
    study.tell(study.ask(), best + 1)
    assert (len(study.trials), study.best_trial.number) == (13, 12)


def test_with_halving_a_point_is_one_trial_and_pruned_where_it_did_not_go_on(load):
    space = Space(Experiment(), (Range("dropout.rate", 0.0, 0.6),))
    plan = Plan(space, strategy="random", trials=27, halving="halving", eta=3)
    trials = searched(plan, by_dropout)
    study = load(study_file(plan, trials))
    assert len(study.trials) == 27
    for theirs in study.trials:
        rungs = [each for each in trials if each.origin == trials[theirs.user_attrs["number"]].origin]
        assert theirs.intermediate_values == {each.epochs: each.score for each in rungs}
        last = max(rungs, key=lambda each: each.rung)
        assert theirs.value == last.score
        assert theirs.state == (TrialState.COMPLETE if last.epochs == 150 else TrialState.PRUNED)
    rungs = len({each.rung for each in trials})
    assert sum(each.state == TrialState.COMPLETE for each in study.trials) == math.ceil(27 / 3 ** (rungs - 1))


def test_trials_that_still_train_are_left_out():
    plan = Plan(SPACE, strategy="random", trials=5)
    trials = searched(plan, by_dropout)
    assert len(frozen_trials(plan, [trials[0], *next_trials(plan, [])[1:]])) == 1


def test_rounded_values_at_the_ends_of_a_range_are_inside_their_distribution(load):
    space = Space(Experiment(), (Range("dropout.rate", 1 / 7, 1 / 3, steps=4), Range("l2.l2", 1 / 7000, 1 / 3, True)))
    plan = Plan(space, strategy="grid")
    trials = searched(plan, by_dropout)
    study = load(study_file(plan, trials))
    assert [each.params["dropout.rate"] for each in study.trials] == [each.values["dropout.rate"] for each in trials]
