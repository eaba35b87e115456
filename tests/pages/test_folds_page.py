"""Cross-validation beside the seeds."""

import pytest
from test_train import draft, words

from regdash.experiment import Experiment
from regdash.links import from_address
from regdash.ui import controls, session


def control(page, name):
    return next(each for each in page.get("segmented_control") if each.key.partition(":")[0] == name)


def choose(page, name, value):
    return control(page, name).set_value(value).run()


def test_folds_are_trained_together_and_stand_in_the_address(open_page, queue):
    page = open_page()
    choose(page, controls.FOLD, 5)
    assert not page.exception
    assert page.query_params["split.folds"] == "5"
    assert "split.fold" not in page.query_params
    assert [each.split.fold for each in queue.asked[1:]] == [0, 1, 2, 3, 4]
    assert "5 folds: 5 finished" in words(page)
    assert from_address(dict(page.query_params)).experiment.split.folds == 5
    choose(page, controls.FOLD, 0)
    assert draft(page) == Experiment()


def test_seeds_and_folds_multiply_and_changes_are_judged_against_the_noise_of_runs(open_page, queue):
    page = open_page(**{"seeds": "3", "split.folds": "3", "base.v": "1", "base.seeds": "3", "base.split.folds": "3",
                        "dropout.rate": "0.5"})  # fmt: skip
    assert {(each.training.seed, each.split.fold) for each in queue.asked} == {
        (s, f) for s in range(3) for f in range(3)
    }
    assert "3 seeds × 3 folds: 9 finished" in words(page)
    assert "run noise" in words(page)


def test_folds_alone_are_judged_against_the_noise_of_folds(open_page):
    page = open_page(**{"split.folds": "5", "base.split.folds": "5", "base.v": "1", "dropout.rate": "0.5"})
    assert "fold noise" in words(page)
    assert "seed noise" not in words(page)


def test_a_baseline_with_other_folds_is_drawn_but_not_paired(open_page):
    page = open_page(**{"split.folds": "5", "base.v": "1"})
    assert "Its folds are others, so the figures cannot be paired" in words(page)
    assert "rd-change" not in words(page).replace(".rd-change", "")


@pytest.mark.parametrize(
    ("link", "seeds", "folds"),
    [
        ({}, ["1 seed", "3", "5", "10"], ["no folds", "3", "5", "10"]),
        ({"seeds": "10"}, ["1 seed", "3", "5", "10"], ["no folds", "3", "5"]),
        ({"split.folds": "10"}, ["1 seed", "3", "5"], ["no folds", "3", "5", "10"]),
        ({"seeds": "7", "split.folds": "7"}, ["1 seed", "3", "5", "7"], ["no folds", "3", "5", "7"]),
    ],
)
def test_only_what_stays_within_fifty_runs_is_offered(open_page, link, seeds, folds):
    page = open_page(**link)
    assert not page.exception
    assert [each.content for each in control(page, controls.REPEAT).proto.options] == seeds
    assert [each.content for each in control(page, controls.FOLD).proto.options] == folds
    assert "at most 50 runs" in control(page, controls.FOLD).proto.help


def test_the_control_goes_on_working_when_its_offers_change(open_page, queue):
    page = open_page()
    choose(page, controls.REPEAT, 10)
    choose(page, controls.FOLD, 5)
    choose(page, controls.REPEAT, 5)
    choose(page, controls.FOLD, 10)
    assert (page.session_state[session.DRAFT].seeds, draft(page).split.folds) == (5, 10)
    assert "5 seeds × 10 folds: 50 finished" in words(page)


def test_a_link_with_too_many_runs_is_a_sentence(open_page):
    page = open_page(**{"seeds": "10", "split.folds": "10"})
    assert "at most 50 runs, got 10 seeds of 10 folds" in words(page)
    assert draft(page) == Experiment()


def test_a_link_to_one_fold_stands_for_all(open_page, queue):
    page = open_page(**{"split.folds": "3", "split.fold": "2"})
    assert draft(page).split.fold == 0
    assert sorted(each.split.fold for each in queue.asked) == [0, 1, 2]


def test_rows_too_few_for_the_folds_are_said_beside_the_control(open_page, queue):
    page = open_page(**{"data.samples": "20", "split.train": "0.05"})
    choose(page, controls.FOLD, 10)
    assert not page.exception
    assert "Folds must have at least 2 rows each" in words(page)
    assert control(page, controls.FOLD).value == 0
    choose(page, controls.FOLD, 3)
    assert "Folds must have" not in words(page)
    assert draft(page).split.folds == 3
