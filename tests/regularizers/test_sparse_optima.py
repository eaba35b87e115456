"""The optima of the penalties that make zeros, on linear models, against scikit-learn."""

from typing import Any

import numpy as np
import pytest
from sklearn import linear_model
from sklearn.datasets import load_diabetes

from regdash.regularizers import L2, ElasticNet, GroupLasso, ProximalL1

X, Y = load_diabetes(return_X_y=True)
X, Y = (X - X.mean(axis=0)) / X.std(axis=0), (Y - Y.mean()) / Y.std()
TASKS = np.stack([Y, X[:, 2] - Y, np.cos(X[:, 8])], axis=1)  # [N, O]
TASKS -= TASKS.mean(axis=0)


def slope(w: Any, y: Any) -> Any:
    """The gradient of the mean squared error by W [F, O]."""
    return 2 / y.size * X.T @ (X @ w - y)


def proximal_optimum(y: Any, l1: float, l2: float = 0.0) -> Any:
    """W [F, O] after many gradient steps of the error and L2, each followed by the proximal step of L1."""
    rate = 1 / (np.linalg.eigvalsh(2 / y.size * X.T @ X).max() + 2 * l2)
    w = np.zeros((X.shape[1], y.shape[1]))
    for _ in range(10_000):
        w = w - rate * (slope(w, y) + L2.gradient(w, l2, np))
        w = ProximalL1.constrained(w[None], np, rate, l1)[0]
    return w


@pytest.mark.parametrize(("l1", "kept"), [(0.1, 6), (0.02, None), (0.5, None)])
def test_gradient_steps_with_proximal_l1_end_at_the_lasso_with_half_the_strength(l1: float, kept: int | None) -> None:
    lasso = linear_model.Lasso(alpha=l1 / 2, fit_intercept=False, tol=1e-10, max_iter=100_000).fit(X, Y)
    w = proximal_optimum(Y[:, None], l1)[:, 0]
    np.testing.assert_allclose(w, lasso.coef_, atol=1e-5)
    np.testing.assert_array_equal(w == 0, lasso.coef_ == 0)
    assert kept is None or np.count_nonzero(w) == kept


@pytest.mark.parametrize("ratio", [0.0, 0.3, 0.5, 1.0])
def test_the_elastic_net_is_that_of_scikit_learn_after_the_conversion(ratio: float) -> None:
    net = ElasticNet(strength=0.2, l1_ratio=ratio)
    alpha, l1_ratio = 0.2 * (1 - ratio / 2), ratio / (2 - ratio)
    assert alpha == pytest.approx(net.l1 / 2 + net.l2)
    assert l1_ratio * alpha == pytest.approx(net.l1 / 2)
    if ratio == 0:  # scikit-learn's coordinate descent warns at a ratio of 0: its ridge is the same
        peer = linear_model.Ridge(alpha=len(X) * net.l2, fit_intercept=False).fit(X, Y)
    else:
        peer = linear_model.ElasticNet(alpha=alpha, l1_ratio=l1_ratio, fit_intercept=False, tol=1e-12).fit(X, Y)
    np.testing.assert_allclose(proximal_optimum(Y[:, None], net.l1, net.l2)[:, 0], peer.coef_, atol=1e-5)


@pytest.mark.parametrize("strength", [0.05, 0.2])
def test_the_group_lasso_is_multi_task_lasso_with_alpha_of_outputs_times_half_the_strength(strength: float) -> None:
    outputs = TASKS.shape[1]
    peer = linear_model.MultiTaskLasso(
        alpha=outputs * strength / 2, fit_intercept=False, tol=1e-10, max_iter=100_000
    ).fit(X, TASKS)
    best = peer.coef_.T
    lengths = np.linalg.norm(best, axis=1)
    assert 0 < np.count_nonzero(lengths) < len(lengths), "some inputs are dropped, some are kept"
    pull = GroupLasso.gradient(best[None], np.array([strength]), np)[0]
    kept = lengths > 0
    np.testing.assert_allclose(slope(best, TASKS)[kept] + pull[kept], 0, atol=1e-6)
    assert np.all(np.linalg.norm(slope(best, TASKS)[~kept], axis=1) <= strength + 1e-9)


def test_gradient_steps_with_the_group_lasso_end_near_the_multi_task_lasso() -> None:
    strength = np.array([0.1])
    peer = linear_model.MultiTaskLasso(alpha=3 * 0.1 / 2, fit_intercept=False, tol=1e-10, max_iter=100_000)
    best = peer.fit(X, TASKS).coef_.T
    w = np.random.default_rng(0).normal(size=best.shape)
    for number in range(6000):
        rate = 0.3 / (1 + number / 100)
        w = w - rate * (slope(w, TASKS) + GroupLasso.gradient(w[None], strength, np)[0])
    np.testing.assert_allclose(w, best, atol=0.01)

    def objective(w: Any) -> float:
        return float(np.mean((X @ w - TASKS) ** 2) + GroupLasso.penalty(w[None], strength, np)[0])

    assert objective(best) <= objective(w) < objective(best) + 1e-3


def test_all_weights_of_one_input_channel_of_a_convolution_are_one_group() -> None:
    kernel = np.random.default_rng(1).normal(size=(2, 3, 3, 4, 5))
    lengths = [np.linalg.norm(kernel[:, :, :, i].reshape(2, -1), axis=1) for i in range(4)]
    np.testing.assert_allclose(GroupLasso.penalty(kernel, np.array([0.1, 1.0]), np), np.sum(lengths, axis=0) * [0.1, 1])
    kernel[:, :, :, 2] = 0
    slopes = GroupLasso.gradient(kernel, np.array([0.1, 1.0]), np)
    np.testing.assert_array_equal(slopes[:, :, :, 2], 0)
    np.testing.assert_allclose(slopes[1, :, :, 0], kernel[1, :, :, 0] / np.linalg.norm(kernel[1, :, :, 0]))


def test_the_soft_threshold_moves_weights_towards_zero_and_stops_there() -> None:
    kernel = np.array([[[0.3, -0.3, 0.05, -0.05, 0.0]]])
    np.testing.assert_allclose(ProximalL1.constrained(kernel, np, 0.1, 1.0), [[[0.2, -0.2, 0.0, 0.0, 0.0]]])
