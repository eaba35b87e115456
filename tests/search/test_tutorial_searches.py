"""The searches of the tutorials, against scikit-learn run directly from the code that is shown."""

import contextlib
import io
import math
import warnings
from typing import Any

import numpy as np
import pytest

from regdash.search.tutorials import TUTORIALS, Tutorial, corresponding_plan, grid_search, randomized_search

every_tutorial = pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda tutorial: tutorial.name)


def as_printed(code: str) -> Any:
    """The search that a reader gets who runs the code of the page."""
    names: dict[str, Any] = {}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        exec(code, names)
    return names


@every_tutorial
def test_what_is_shown_is_what_the_printed_code_gives(tutorial: Tutorial) -> None:
    ours, names = tutorial.run(), as_printed(tutorial.code)
    theirs = names["search"]
    assert ours.best == theirs.best_params_
    assert ours.score == pytest.approx(theirs.best_score_)
    scores = [each.score for each in ours.candidates]
    np.testing.assert_allclose(scores, theirs.cv_results_["mean_test_score"], equal_nan=True)
    assert [each.settings for each in ours.candidates] == theirs.cv_results_["params"]
    if "X_test" in names:
        assert ours.test == pytest.approx(theirs.score(names["X_test"], names["y_test"]))


def test_half_of_the_fits_of_the_printed_grid_fail_and_l2_is_reported() -> None:
    found = grid_search()
    failed = [each for each in found.candidates if math.isnan(each.score)]
    assert (len(found.candidates), found.fits, found.failed) == (12, 60, 30)
    assert {each.settings["penalty"] for each in failed} == {"l1"}
    assert len(failed) == 6
    assert found.best["penalty"] == "l2"
    assert any("30 fits failed out of a total of 60" in said for said in found.warnings)


def test_ten_draws_of_the_printed_random_search_are_the_grid_of_eight() -> None:
    found = randomized_search()
    combinations = {(each.settings["C"], each.settings["penalty"]) for each in found.candidates}
    assert len(combinations) == len(found.candidates) == 8
    assert any("smaller than n_iter=10" in said for said in found.warnings)


def test_done_right_no_fit_fails_and_l1_is_as_good_as_l2() -> None:
    found = TUTORIALS[-1].run()
    best = {
        share: max(each.score for each in found.candidates if each.settings["model__l1_ratio"] == share)
        for share in (1.0, 0.0)
    }
    assert found.failed == 0
    assert not found.warnings
    assert best[1.0] == pytest.approx(best[0.0], abs=0.02)  # one flower in each fold is 0.04


def test_the_corresponding_search_has_the_strengths_of_scikit_learn() -> None:
    plan = corresponding_plan()
    rows = 96  # four of five folds of the 120 rows that are not for the test
    strengths = [plan.experiment(plan.space.grid(number)) for number in range(plan.space.grid_size)]
    lasso = sorted(1 / (rows * each.values["elastic_net.strength"]) for each in strengths[::2])
    np.testing.assert_allclose(lasso, 1 / rows * 10.0 ** np.arange(5))
    assert {each.values["elastic_net.l1_ratio"] for each in strengths} == {0.0, 1.0}
    assert len(plan.members(plan.space.grid(0))) == 5
