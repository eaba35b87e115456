"""The figures of penalties against scikit-learn, closed forms and published figures."""

import numpy as np
import pytest
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet, Lasso, Ridge

from regdash.charts.figure_bias_variance import ALPHAS, BIAS_VARIANCE, BiasVariance, read_bias_variance
from regdash.charts.figure_early_stopping_ridge import EARLY_STOPPING_RIDGE, EarlyStoppingRidge
from regdash.charts.figure_max_norm import MaxNormLimit, facts_max_norm, read_max_norm
from regdash.charts.figure_penalties import Penalties, read_penalties
from regdash.charts.figure_penalty_shapes import (
    BEST,
    PenaltyShapes,
    facts_penalty_shapes,
    read_penalty_shapes,
    solution,
)
from regdash.charts.figures import figure_number


def two_rows(correlation):
    """Two rows of two inputs whose correlation matrix X'X / n is that of the figure, and targets without noise."""
    x = np.sqrt(2) * np.linalg.cholesky([[1, correlation], [correlation, 1]]).T
    return x, x @ [2.0, 0.7]


def of_scikit_learn(penalty, strength, correlation):
    """The weights by coordinate descent: Lasso alpha = l1 / 2; ElasticNet alpha = l1 / 2 + l2; Ridge alpha = n l2."""
    peer = {
        "l1": Lasso(alpha=strength / 2, fit_intercept=False, tol=1e-12, max_iter=100_000),
        "l2": Ridge(alpha=2 * strength, fit_intercept=False),
        "elastic": ElasticNet(alpha=0.75 * strength, l1_ratio=1 / 3, fit_intercept=False, tol=1e-12, max_iter=100_000),
    }[penalty]
    return peer.fit(*two_rows(correlation)).coef_


@pytest.mark.parametrize("penalty", ["l1", "l2", "elastic"])
@pytest.mark.parametrize("correlation", [-0.9, -0.3, 0.0, 0.3, 0.7])
@pytest.mark.parametrize("strength", [0.1, 1.0, 2.0, 5.0])
def test_the_weights_under_a_penalty_are_those_of_scikit_learn(penalty, strength, correlation):
    expected = of_scikit_learn(penalty, strength, correlation)
    found = solution(penalty, strength, correlation)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    np.testing.assert_array_equal(found == 0, np.abs(expected) < 1e-9)


def test_without_a_penalty_the_weights_are_those_of_the_loss():
    for penalty in ("l1", "l2", "elastic"):
        np.testing.assert_allclose(solution(penalty, 0.0, 0.3), [2.0, 0.7], rtol=1e-12)


def test_at_first_sight_l1_makes_one_weight_zero_and_l2_none():
    lasso, ridge = (facts_penalty_shapes(read_penalty_shapes(PenaltyShapes(each))) for each in ("l1", "l2"))
    # with w2 = 0: 2 (w1 - 2) + 2 * 0.3 * (0 - 0.7) + 2 = 0
    assert lasso == {"w1": pytest.approx(1.21), "w2": 0.0, "zeros": 1.0}
    assert ridge["zeros"] == 0


@pytest.mark.parametrize("penalty", ["l1", "l2", "elastic"])
def test_shape_and_ellipse_touch_in_the_weights_and_cross_nowhere(penalty):
    data = read_penalty_shapes(PenaltyShapes(penalty, 1.5, 0.5))
    share = {"l1": 1.0, "l2": 0.0, "elastic": 0.5}[penalty]
    h = np.array([[1.0, 0.5], [0.5, 1.0]])

    def cost(w):
        return share * np.abs(w).sum(axis=-1) + (1 - share) * np.square(w).sum(axis=-1)

    def loss(w):
        return np.einsum("gi,ij,gj->g", w - BEST, h, w - BEST)

    here = data.weights[None]
    np.testing.assert_allclose(cost(data.ball), cost(here)[0], rtol=1e-9)
    np.testing.assert_allclose(loss(data.ellipses[0]), loss(here)[0], rtol=1e-9)
    assert (loss(data.ball) >= loss(here) - 1e-9).all()
    assert (cost(data.ellipses[0]) >= cost(here) - 1e-9).all()


def test_costs_and_slopes_are_those_of_the_formulas():
    data = read_penalties(Penalties(strength=0.7, l1_ratio=0.25))
    w = data.weights
    np.testing.assert_allclose(data.costs[0], 0.7 * np.abs(w))
    np.testing.assert_allclose(data.costs[1], 0.7 * w**2)
    np.testing.assert_allclose(data.costs[2], 0.7 * (0.25 * np.abs(w) + 0.75 * w**2))
    np.testing.assert_allclose(data.slopes[0], 0.7 * np.sign(w))
    np.testing.assert_allclose(data.slopes[1], 1.4 * w)
    np.testing.assert_allclose(data.slopes[2], 0.7 * (0.25 * np.sign(w) + 1.5 * w))


def test_the_best_strength_is_the_number_of_inputs_times_the_variance_of_the_noise():
    for noise in (0.5, 1.0, 2.0):
        best = figure_number("bias_variance", "best_alpha", {"noise": noise})
        assert best == pytest.approx(40 * noise**2, rel=0.07)  # the strengths stand 12 % apart


def test_the_error_is_a_u_with_the_published_values():
    facts = BIAS_VARIANCE.facts(BIAS_VARIANCE.read(BIAS_VARIANCE.settings()))
    assert 20 < facts["best_alpha"] < 100
    # means over 200 seeds of an independent simulation
    assert facts["mse_best"] == pytest.approx(1.56, abs=0.03)
    assert facts["mse_weak"] == pytest.approx(5.32, rel=0.05)
    assert facts["mse_strong"] == pytest.approx(1.96, abs=0.05)
    # E tr (X'X)^-1 = d / (n - d - 1) for Gaussian inputs
    assert facts["mse_weak"] == pytest.approx(1 + 40 / (50 - 40 - 1), rel=0.05)


def test_the_error_is_that_of_ridge_regressions_of_scikit_learn():
    chance = np.random.default_rng(7)
    place = 100
    alpha, errors = ALPHAS[place], []
    for _ in range(150):
        x, w = chance.standard_normal((60, 40)), chance.standard_normal(40) / np.sqrt(40)
        fitted = Ridge(alpha=alpha, fit_intercept=False).fit(x, x @ w + 0.8 * chance.standard_normal(60))
        errors.append(0.64 + np.sum((fitted.coef_ - w) ** 2))
    data = read_bias_variance(BiasVariance(noise=0.8, rows=60))
    four_errors = 4 * np.std(errors) / np.sqrt(len(errors))
    assert data.error[place] == pytest.approx(np.mean(errors), abs=four_errors)


def test_more_strength_is_more_bias_and_less_variance():
    data = read_bias_variance(BiasVariance())
    assert (np.diff(data.bias) > 0).all()
    assert (np.diff(data.variance) < 0).all()


@pytest.mark.parametrize("limit", [0.3, 1.0, 2.4, 3.0])
def test_max_norm_cuts_long_columns_to_the_limit_and_leaves_short_ones(limit):
    data = read_max_norm(MaxNormLimit(limit))
    lengths = np.sqrt((data.before**2).sum(axis=0))
    expected = data.before * np.minimum(1, limit / lengths)
    np.testing.assert_allclose(data.after, expected, rtol=1e-6)
    facts = facts_max_norm(data)
    assert facts["before"] == pytest.approx(2.4)
    assert facts["after"] == pytest.approx(min(2.4, limit), rel=1e-6)
    assert facts["cut"] == (lengths > limit).sum()


@pytest.fixture(scope="module")
def diabetes_rows():
    x, y = load_diabetes(return_X_y=True)
    return (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std()


@pytest.mark.parametrize(
    ("steps", "norm", "l2"),
    [
        (1, 0.121, 6.89),
        (5, 0.317, 1.20),
        (10, 0.402, 0.508),
        (20, 0.480, 0.182),
        (50, 0.527, 0.095),
        (100, 0.534, 0.072),
        (500, 0.580, 0.016),
    ],
)
def test_gradient_descent_that_is_stopped_lies_near_the_published_ridge(steps, norm, l2, diabetes_rows):
    data = EARLY_STOPPING_RIDGE.read(EarlyStoppingRidge(steps))
    facts = EARLY_STOPPING_RIDGE.facts(data)
    assert facts["norm"] == pytest.approx(norm, abs=6e-4)
    assert facts["matching_l2"] == pytest.approx(l2, rel=0.02)
    assert facts["rule_l2"] == pytest.approx(1 / (2 * 0.05 * steps))
    assert 0.015 < facts["distance"] < 0.155
    x, y = diabetes_rows
    weights = np.zeros(10)
    for _ in range(steps):
        weights -= 0.05 * 2 * x.T @ (x @ weights - y) / len(y)
    peer = Ridge(alpha=len(y) * facts["matching_l2"], fit_intercept=False).fit(x, y).coef_
    np.testing.assert_allclose(data.stopped, weights, atol=1e-9)
    np.testing.assert_allclose(data.ridge, peer, atol=1e-9)
    assert facts["distance"] == pytest.approx(np.linalg.norm(weights - peer) / np.linalg.norm(weights))
