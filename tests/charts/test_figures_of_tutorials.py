import numpy as np
import pytest
from scipy.stats import norm
from sklearn.linear_model import LinearRegression, Ridge

from regdash.charts.figure_d2l_norm import D2lNorm, facts_d2l_norm, read_d2l_norm, ridge_optimum
from regdash.charts.figure_double_descent import (
    WIDTHS,
    DoubleDescent,
    draw_double_descent,
    facts_double_descent,
    fitted,
    read_double_descent,
)
from regdash.charts.figure_no_intercept import NoIntercept, facts_no_intercept, read_no_intercept
from regdash.charts.figure_saturation import Saturation, facts_saturation, read_saturation


@pytest.mark.parametrize("width", [30, 60, 150])
def test_without_a_penalty_the_fit_is_the_shortest_of_all_least_squares_fits(width):
    rng = np.random.default_rng(width)
    features, y = rng.normal(size=(60, width)), rng.normal(size=60)
    assert fitted(features, y, 0.0) == pytest.approx(np.linalg.lstsq(features, y, rcond=None)[0], rel=1e-4, abs=1e-6)
    assert fitted(features, y, 2.0) == pytest.approx(Ridge(alpha=2.0, fit_intercept=False).fit(features, y).coef_)


def test_the_test_error_rises_to_a_peak_at_as_many_features_as_rows_and_falls_below_its_first_minimum():
    data = read_double_descent(DoubleDescent())
    known = {10: 0.83, 25: 0.67, 50: 0.57, 80: 1.76, 120: 1.87, 150: 0.94, 200: 0.58, 400: 0.32, 1000: 0.25, 3000: 0.21}
    found = data.without[[WIDTHS.index(width) for width in known]]
    assert found == pytest.approx(list(known.values()), rel=0.25)
    facts = facts_double_descent(data)
    assert facts["peak_width"] == 100
    assert facts["peak"] > 10
    assert facts["at_3000"] < min(data.without[: WIDTHS.index(100)])


def test_a_ridge_penalty_takes_the_peak_away():
    data = read_double_descent(DoubleDescent(alpha=1.0))
    known = {50: 0.42, 80: 0.44, 95: 0.44, 100: 0.47, 105: 0.45, 120: 0.42, 400: 0.28, 3000: 0.21}
    found = data.penalised[[WIDTHS.index(width) for width in known]]
    assert found == pytest.approx(list(known.values()), rel=0.25)
    assert facts_double_descent(data)["at_100"] < 1
    assert len(draw_double_descent(data, "light").traces) == 2


def test_the_norm_that_the_exercise_prints_is_that_of_its_shrunken_initial_weights():
    data = read_d2l_norm(D2lNorm(3.0, 0.003))
    facts = facts_d2l_norm(data)
    assert facts["closed"] == pytest.approx(np.sqrt(180) * (1 - 0.003 * 3) ** 400, rel=0.1)
    assert facts["end"] == pytest.approx(0.3557, rel=0.1)  # as published
    assert facts["end"] == pytest.approx(facts["closed"], rel=0.03)
    assert (data.norm >= data.line).all()  # the rest of the weights lies at right angles to that part
    assert facts["half_square"] == facts["end"] ** 2 / 2
    assert facts["ridge"] < 0.2 * facts["end"]


def test_without_a_penalty_the_norm_stays_where_the_weights_began():
    facts = facts_d2l_norm(read_d2l_norm(D2lNorm(0.0, 0.003)))
    assert facts["end"] == pytest.approx(np.sqrt(180), rel=0.1)
    assert facts["end"] == pytest.approx(12.963, rel=0.1)  # as published
    assert facts["closed"] == pytest.approx(facts["end"], rel=0.01)


def test_the_ridge_optimum_of_the_exercise_is_that_of_scikit_learn():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(20, 50)), rng.normal(size=20)
    assert ridge_optimum(x, y, 3.0) == pytest.approx(Ridge(alpha=20 * 3.0).fit(x, y).coef_)
    centred = np.linalg.pinv(x - x.mean(axis=0)) @ (y - y.mean())
    assert ridge_optimum(x, y, 0.0) == pytest.approx(centred)


@pytest.mark.parametrize("scale", [0.5, 1.0, 5.0, 20.0])
def test_large_weights_flatten_tanh_and_sigmoid_as_a_normal_distribution_says_and_leave_relu_alone(scale):
    facts = facts_saturation(read_saturation(Saturation(scale)))
    edge = np.arctanh(np.sqrt(0.9))  # where 1 - tanh² is a tenth
    assert facts["tanh"] == pytest.approx(2 * norm.sf(edge / scale), abs=0.03)
    assert facts["sigmoid"] == pytest.approx(2 * norm.sf(2 * edge / scale), abs=0.03)
    assert facts["relu"] == pytest.approx(0.5, abs=0.03)
    assert facts["relu_ratio"] == pytest.approx(1)


def test_a_line_through_zero_is_too_steep_for_points_around_3x_plus_2():
    data = read_no_intercept(NoIntercept())
    facts = facts_no_intercept(data)
    assert facts["slope_without"] == pytest.approx(6.22, abs=0.005)
    assert facts["slope_with"] == pytest.approx(2.97, abs=0.005)
    x = data.x[:, None]
    assert facts["slope_without"] == pytest.approx(LinearRegression(fit_intercept=False).fit(x, data.y).coef_[0])
    peer = LinearRegression().fit(x, data.y)
    assert (data.slope, data.bias) == pytest.approx((peer.coef_[0], peer.intercept_))


def test_without_a_true_bias_and_without_noise_both_lines_are_the_true_one():
    facts = facts_no_intercept(read_no_intercept(NoIntercept(intercept=0.0, noise=0.0)))
    assert facts == pytest.approx({"slope_without": 3, "slope_with": 3})
