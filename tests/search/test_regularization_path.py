"""A grid over one strength of a linear network is the regularisation path: against scikit-learn on the same rows."""

from functools import cache

import numpy as np
import pytest
from sklearn.linear_model import Lasso, LinearRegression, Ridge, lars_path

from regdash.api import SGD, Diabetes, Experiment, Linear, Momentum, Split, Training, samples, train
from regdash.search import Objective, Plan, Range, Space

SPLIT = Split(train=0.7, seed=21)  # the knots of its path lie far enough apart that a grid can tell their order
BASE = Experiment(data=Diabetes(), split=SPLIT, network=Linear(initializer="zeros"))
TRAINED = {
    "proximal_l1.l1": (SGD(0.24), Training(epochs=2_000, batch_size=0), 45),
    "l2.l2": (Momentum(0.1), Training(epochs=500, batch_size=0), 16),
}


def rows():
    part = samples(BASE.data, BASE.split).train
    return part.x.astype(float), part.y.astype(float)


@cache
def path(strength):
    """The strengths of the grid and the weights [K, F] at them, as a search finds them."""
    optimizer, training, steps = TRAINED[strength]
    base = BASE.with_part("optimizer", optimizer).with_part("training", training)
    space = Space(base, (Range(strength, 1e-3, 1.0, log=True, steps=steps, off=True),))
    plan = Plan(space, "grid", objective=Objective(epoch="last"))
    points = [space.grid(number) for number in range(plan.total)]
    records = train([member for point in points for member in plan.members(point)])
    weights = [plan.objective.outcome([record]).coefficients for record in records]
    return np.array([point[strength] for point in points]), np.array(weights)


def peer(strength, value):
    """Lasso alpha = l1 / 2, Ridge alpha = n * l2; without a penalty least squares."""
    x, y = rows()
    if value == 0:
        return LinearRegression().fit(x, y).coef_
    if strength == "l2.l2":
        return Ridge(alpha=len(x) * value).fit(x, y).coef_
    return Lasso(alpha=value / 2, tol=1e-10, max_iter=100_000).fit(x, y).coef_


@pytest.mark.parametrize("strength", TRAINED)
def test_the_path_has_the_weights_of_scikit_learn_at_every_strength(strength):
    values, weights = path(strength)
    assert values[0] == 0
    np.testing.assert_allclose(weights, [peer(strength, value) for value in values], atol=2e-3)


def test_the_variables_enter_the_lasso_path_in_the_order_of_least_angle_regression():
    values, weights = path("proximal_l1.l1")
    x, y = rows()
    alphas, _, coefficients = lars_path(x, y - y.mean(), method="lasso")
    enters = [alphas[np.flatnonzero(row)[0] - 1] for row in coefficients]  # its knot is the last one with 0
    ours = [values[np.flatnonzero(column)].max() for column in weights.T]
    assert len(set(ours)) == len(ours)
    np.testing.assert_array_equal(np.argsort(ours), np.argsort(enters))


def test_each_variable_enters_between_the_two_strengths_around_its_knot():
    values, weights = path("proximal_l1.l1")
    x, y = rows()
    alphas, _, coefficients = lars_path(x, y - y.mean(), method="lasso")
    knots = np.array([2 * alphas[np.flatnonzero(row)[0] - 1] for row in coefficients])
    ours = np.array([values[np.flatnonzero(column)].max() for column in weights.T])
    step = values[2] / values[1]
    assert (ours <= knots * 1.001).all()
    assert (np.minimum(knots, values[-1]) <= ours * step * 1.001).all()
