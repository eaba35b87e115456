"""Penalised linear networks at convergence against scikit-learn, through the conversions of docs/conversions.md."""

import numpy as np
import pytest
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, Ridge

from regdash.api import (
    L1,
    L2,
    Adam,
    Blobs,
    BreastCancer,
    Diabetes,
    Experiment,
    Exponential,
    Iris,
    Linear,
    Split,
    Training,
    samples,
    train,
)

SPLIT = Split(train=0.8)


def converging(data, *regularizers):
    """A linear network trained on all rows at once until nothing moves any more."""
    return Experiment(
        data=data,
        split=SPLIT,
        network=Linear(initializer="zeros"),
        regularizers=regularizers,
        optimizer=Adam(0.05),
        schedule=Exponential(decay_rate=0.99, decay_steps=3),
        training=Training(epochs=1500, batch_size=1024),
    )


def fitted(data, *regularizers):
    """The rows, the kernel [F] and the bias at convergence."""
    (record,) = train(converging(data, *regularizers))
    return samples(data, SPLIT), record.weights[0][:, 0], record.weights[1][0]


@pytest.mark.parametrize("l2", [0.01, 0.1, 1.0])
def test_l2_reaches_ridge_with_alpha_n_l2(l2):
    rows, kernel, bias = fitted(Diabetes(), L2(l2))
    peer = Ridge(alpha=len(rows.train) * l2).fit(rows.train.x, rows.train.y)
    np.testing.assert_allclose(kernel, peer.coef_, atol=2e-3)
    assert bias == pytest.approx(peer.intercept_, abs=2e-3)


@pytest.mark.parametrize("l1", [0.02, 0.1, 0.4])
def test_l1_reaches_lasso_with_alpha_half_l1(l1):
    rows, kernel, _ = fitted(Diabetes(), L1(l1))
    peer = Lasso(alpha=l1 / 2).fit(rows.train.x, rows.train.y)
    np.testing.assert_allclose(kernel, peer.coef_, atol=2e-3)


def test_both_at_once_reach_the_elastic_net():
    l1, l2 = 0.1, 0.05
    rows, kernel, _ = fitted(Diabetes(), L1(l1), L2(l2))
    alpha = l1 / 2 + l2
    peer = ElasticNet(alpha=alpha, l1_ratio=(l1 / 2) / alpha).fit(rows.train.x, rows.train.y)
    np.testing.assert_allclose(kernel, peer.coef_, atol=2e-3)


def test_l2_reaches_logistic_regression_with_c_one_over_2_n_l2():
    l2 = 0.01
    rows, kernel, bias = fitted(BreastCancer(), L2(l2))
    peer = LogisticRegression(C=1 / (2 * len(rows.train) * l2), tol=1e-8, max_iter=10_000).fit(
        rows.train.x, rows.train.y
    )
    np.testing.assert_allclose(kernel, peer.coef_[0], atol=2e-3)
    assert bias == pytest.approx(peer.intercept_[0], abs=2e-3)


def test_l1_reaches_logistic_regression_with_c_one_over_n_l1():
    l1 = 0.1
    rows, kernel, _ = fitted(Blobs(classes=2), L1(l1))
    peer = LogisticRegression(C=1 / (len(rows.train) * l1), l1_ratio=1.0, solver="saga", tol=1e-9, max_iter=50_000)
    peer.fit(rows.train.x, rows.train.y)
    np.testing.assert_allclose(kernel, peer.coef_[0], atol=2e-3)


def test_both_at_once_reach_softmax_regression_with_an_elastic_net():
    l1, l2 = 0.02, 0.01
    rows = samples(Iris(), SPLIT)
    experiment = converging(Iris(), L1(l1), L2(l2))
    kernel = train(experiment)[0].weights[0]
    c, ratio = 1 / (len(rows.train) * (l1 + 2 * l2)), l1 / (l1 + 2 * l2)
    peer = LogisticRegression(C=c, l1_ratio=ratio, solver="saga", tol=1e-9, max_iter=50_000)
    peer.fit(rows.train.x, rows.train.y)
    np.testing.assert_allclose(kernel, peer.coef_.T, atol=5e-3)
