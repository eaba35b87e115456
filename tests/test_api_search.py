"""`regdash.api.search`: a search in this process."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from regdash import api
from regdash.api import (
    MLP,
    Choice,
    Experiment,
    Given,
    GradientClipping,
    InvalidSearch,
    Objective,
    Outcome,
    Plan,
    Range,
    Space,
    Split,
    Training,
    plan_from_dict,
    plan_from_json,
    plan_to_dict,
    search,
    train,
)
from regdash.search import next_trials
from regdash.search.conduct import conduct

SMALL = Experiment(split=Split(train=0.2), network=MLP(widths=(4,)), training=Training(epochs=4))
L2 = Range("l2.l2", 1e-4, 1.0, log=True, steps=3)
GRID = Plan(Space(SMALL, (L2, Choice("dropout.rate", (0.0, 0.5)))), strategy="grid", objective=Objective(seeds=2))


@pytest.fixture(scope="module")
def found():
    return search(GRID)


def test_the_score_of_a_trial_is_the_mean_over_what_its_seeds_reach_alone(found):
    trial = found.trials[3]
    alone = [run.history["val_loss"][run.best_epoch - 1] for run in train(list(GRID.members(trial.values)))]
    assert trial.score == pytest.approx(np.mean(alone), abs=1e-5)
    assert trial.outcome.standard_error == pytest.approx(np.std(alone, ddof=1) / math.sqrt(2), abs=1e-5)


def test_a_grid_tries_every_point_and_the_best_has_the_lowest_loss(found):
    assert len({each.point for each in found.trials}) == 6
    assert found.best.score == min(each.score for each in found.trials)
    assert found.experiment == GRID.experiment(found.best.values)


def test_the_frame_shows_the_best_first_and_only_what_varies(found):
    frame = found.to_frame()
    assert list(frame.columns) == ["l2.l2", "dropout.rate", "val_loss", "standard_error", "epoch"]
    assert frame.index[0] == found.best.number
    assert frame["val_loss"].is_monotonic_increasing
    same = search(Space(SMALL, (L2, Choice("dropout.rate", (0.5,)))), strategy="grid").to_frame()
    assert "dropout.rate" not in same.columns


def test_plain_values_are_json_and_hold_the_plan(found):
    tree = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plan_from_dict(tree["plan"]) == GRID
    assert tree["best"] == found.best.number
    assert [each["score"] for each in tree["trials"]] == pytest.approx([each.score for each in found.trials])


def test_the_rule_of_one_standard_error_is_at_hand(found):
    rule = found.one_standard_error
    assert rule.best == found.best
    assert rule.threshold == pytest.approx(found.best.score + found.best.outcome.standard_error)


def test_all_runs_of_a_batch_are_trained_by_one_call():
    calls = []

    def trainer(members):
        calls.append(len(members))
        return train(members)

    conduct(GRID, trainer)
    assert calls == [12]  # 6 points, 2 seeds


def test_a_point_that_is_proposed_again_is_not_trained_again():
    runs = []

    def trainer(members):
        runs.extend(members)
        return train(members)

    plan = Plan(Space(SMALL, (Choice("dropout.rate", (0.0, 0.5)),)), strategy="random", trials=10)
    result = conduct(plan, trainer)
    assert len(result.trials) == 10
    assert len(runs) == len(set(runs)) == 2


def test_what_is_given_replaces_what_the_plan_says():
    again = search(GRID, strategy="random", trials=3, objective=Objective("val_accuracy"), seed=5)
    assert again.plan == Plan(GRID.space, "random", 3, objective=Objective("val_accuracy"), seed=5)
    assert len(again.trials) == 3
    assert again.best.score == max(each.score for each in again.trials)


def test_each_trial_is_told_in_the_order_of_the_numbers(found):
    told = []
    search(GRID, objective=Objective(), on_trial=told.append)
    assert [each.number for each in told] == list(range(6))
    assert all(each.told for each in told)


def test_the_same_search_finds_the_same_again(found):
    again = search(GRID)
    assert [each.point for each in again.trials] == [each.point for each in found.trials]
    assert [each.score for each in again.trials] == pytest.approx([each.score for each in found.trials], abs=1e-5)


def test_nothing_new_is_proposed_when_the_time_is_up():
    now = iter(range(0, 1_000, 7))
    plan = Plan(Space(SMALL, (L2,)), strategy="tpe", trials=40, seconds=10.0)
    result = conduct(plan, lambda members: train(members), clock=lambda: float(next(now)))
    assert 0 < len(result.trials) < 40  # the second look at the clock says 7 s, the third 14 s


def test_rows_of_your_own_can_be_searched_on():
    chance = np.random.default_rng(0)
    x = chance.standard_normal((60, 3)).astype(np.float32)
    y = (x[:, 0] > 0).astype(int)
    own = Experiment(
        data=Given(x[:40], y[:40], x[40:], y[40:], classes=2), network=MLP(widths=(4,)), training=Training(epochs=3)
    )
    result = search(Space(own, (L2,)), strategy="grid")
    assert len(result.to_frame()) == 3


def test_settings_that_do_not_go_together_fail_with_a_sentence_and_the_others_are_tried():
    clip = "gradient_clipping.clipnorm", "gradient_clipping.clipvalue"  # each is right alone, both are one too many
    space = Space(SMALL, tuple(Choice(path, (0.0, 1.0)) for path in clip))
    result = search(space, strategy="grid")
    problems = [each.outcome.problem for each in result.trials]
    assert [bool(each) for each in problems] == [False, False, False, True]
    assert problems[3] == GradientClipping(clipnorm=1.0, clipvalue=1.0).clash
    assert "problem" in result.to_frame().columns


def test_a_search_in_which_everything_fails_has_no_best():
    space = Space(SMALL, (Choice("optimizer.learning_rate", (1e1,)),))
    outcome = Outcome(problem="the run diverged at epoch 2")
    (trial,) = next_trials(Plan(space, "grid"), [])
    nothing = api.SearchResult(Plan(space, "grid"), (trial.ended(outcome),))
    assert nothing.best is None
    assert nothing.experiment is None
    assert nothing.to_dict()["trials"][0]["score"] is None
    assert nothing.to_frame()["problem"].tolist() == ["the run diverged at epoch 2"]


def test_a_wrong_search_is_refused_with_a_sentence_per_field():
    with pytest.raises(InvalidSearch) as refused:
        search(GRID, strategy="rondom", trials=0)
    assert set(refused.value.errors) == {"strategy", "trials"}
    assert "did you mean random?" in refused.value.errors["strategy"]


def test_every_public_name_is_there():
    assert all(hasattr(api, name) for name in api.__all__)
    assert {"search", "SearchResult", "Plan", "Space", "Range", "Choice", "Objective", "SEARCH_PRESETS"} <= {
        *api.__all__
    }


def examples(language: str) -> list[str]:
    """The examples in the description of searches."""
    text = (Path(__file__).parents[1] / "docs" / "search.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_json_of_the_description_is_a_plan_with_every_field_in_its_place():
    (text,) = examples("json")
    plan = plan_from_json(text)
    assert (plan.strategy, plan.trials, plan.objective) == ("tpe", 64, Objective(seeds=3))
    assert plan.space.grid_size == 8 * 8 * 2 * 3
    assert plan.space.programs(64) == 2
    assert set(plan_to_dict(plan)) >= set(json.loads(text))


def test_the_program_of_the_description_runs_and_prints_a_table_and_the_rule(capsys):
    (text,) = examples("python")
    names: dict[str, object] = {}
    exec(compile(text, "docs/search.md", "exec"), names)
    out = capsys.readouterr().out
    assert "val_loss" in out.splitlines()[0]
    assert "one standard error" in out
    assert isinstance(names["best"], Experiment)


def test_the_description_names_every_strategy_and_metric():
    text = (Path(__file__).parents[1] / "docs" / "search.md").read_text(encoding="utf-8")
    assert [each.name for each in api.STRATEGIES if f"`{each.name}`" not in text] == []
    assert [name for name in api.METRICS if f"`{name}`" not in text] == []
