import numpy as np
import pytest
from scipy.optimize import approx_fprime
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler

from regdash.charts.figure_adam_decay import AdamDecay, facts_adam_decay, read_adam_decay
from regdash.charts.figure_adam_wrong import AdamWrong, facts_adam_wrong, read_adam_wrong
from regdash.charts.figure_batch_noise import BatchNoise, facts_batch_noise, read_batch_noise
from regdash.charts.figure_optimizer_paths import (
    MENU,
    RULES,
    OptimizerPaths,
    alt_optimizer_paths,
    draw_optimizer_paths,
    facts_optimizer_paths,
    path,
    read_optimizer_paths,
)
from regdash.charts.figure_scale_invariance import (
    RATE,
    ScaleInvariance,
    facts_scale_invariance,
    read_scale_invariance,
    scale_gradient,
    scale_rows,
)
from regdash.charts.landscapes import LANDSCAPES

VALLEY = np.array([1.0, 20.0])


def textbook(name, w, gradient, lr, steps):
    """The points of an optimizer as its paper writes it."""
    m, v, found = np.zeros(2), np.zeros(2), [w]
    for t in range(1, steps + 1):
        g = gradient(w)
        if name == "momentum":
            m = 0.9 * m + g
            w = w - lr * m
        elif name == "rmsprop":
            v = 0.9 * v + 0.1 * g**2
            w = w - lr * g / np.sqrt(v)
        else:
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            w = w - lr * (m / (1 - 0.9**t)) / np.sqrt(v / (1 - 0.999**t))
        found.append(w)
    return np.array(found)


@pytest.mark.parametrize("surface", LANDSCAPES.values(), ids=LANDSCAPES)
def test_the_gradients_of_the_surfaces_are_their_slopes_and_vanish_at_the_minima(surface):
    for point in np.random.default_rng(0).normal(size=(5, 2)):
        slopes = approx_fprime(point, lambda w: surface.value(*w), 1e-7)
        assert surface.gradient(point) == pytest.approx(slopes, abs=1e-5)
    for minimum in surface.minima:
        assert surface.gradient(np.array(minimum)) == pytest.approx([0, 0])
        assert surface.value(*minimum) < surface.value(*surface.start)


def test_gradient_descent_in_the_valley_shrinks_both_weights_by_a_fixed_share_per_step():
    data = read_optimizer_paths(OptimizerPaths(learning_rate=0.08, steps=50))
    times = np.arange(51)[:, None]
    assert data.paths["gd"] == pytest.approx(np.array([-3, 1.2]) * (1 - 0.08 * VALLEY) ** times)
    assert facts_optimizer_paths(data)["end_gd"] == pytest.approx(3 * 0.92**50)


@pytest.mark.parametrize("name", ["momentum", "rmsprop", "adam"])
def test_the_paths_are_those_of_the_textbook_rules(name):
    surface = LANDSCAPES["valley"]
    ours = path(RULES[name], surface, 0.05, np.zeros((40, 2)))
    expected = textbook(name, np.array(surface.start), lambda w: VALLEY * w, 0.05, 40)
    assert ours == pytest.approx(expected, rel=1e-4, abs=1e-5)  # epsilon stands elsewhere


def test_plain_descent_flies_off_when_the_rate_times_the_curvature_is_above_two():
    above = read_optimizer_paths(OptimizerPaths(learning_rate=0.11, steps=100))
    assert facts_optimizer_paths(above)["end_gd"] == 1000
    assert "gradient descent has flown off" in alt_optimizer_paths(above)
    below = read_optimizer_paths(OptimizerPaths(learning_rate=0.09, steps=100))
    assert facts_optimizer_paths(below)["end_gd"] < 0.01


def test_at_a_saddle_plain_descent_waits_and_noise_or_a_normalised_step_leaves_it():
    ends = facts_optimizer_paths(read_optimizer_paths(OptimizerPaths("saddle")))
    assert ends["end_gd"] > 0.9
    assert max(ends["end_sgd"], ends["end_rmsprop"], ends["end_adam"]) < 0.3


def test_more_steps_go_on_where_fewer_ended_and_without_noise_sgd_is_gradient_descent():
    short, long = (read_optimizer_paths(OptimizerPaths(steps=steps)).paths for steps in (7, 20))
    assert all((long[name][:8] == short[name]).all() for name in RULES)
    quiet = read_optimizer_paths(OptimizerPaths(noise=0.0)).paths
    assert (quiet["sgd"] == quiet["gd"]).all()


def test_only_the_chosen_optimizers_are_drawn():
    data = read_optimizer_paths(OptimizerPaths(drawn="descent and Adam"))
    names = {trace["name"] for trace in draw_optimizer_paths(data, "light").traces}
    assert {"gradient descent", "Adam"} <= names
    assert not {"momentum", "RMSprop", "noisy SGD"} & names
    assert {name for names in MENU.values() for name in names} == set(RULES)


def test_l2_and_weight_decay_agree_under_sgd_and_differ_under_adam():
    data = read_adam_decay(AdamDecay(0.05))
    facts = facts_adam_decay(data)
    ends = [facts[f"{name}_{kind}"] for name in ("coupled", "decoupled", "sgd") for kind in ("steep", "flat")]
    assert ends == pytest.approx([0.978, 0.190, 0.817, 0.817, 0.820, 0.819], abs=0.01)
    momentum = [facts[f"{name}_{kind}"] for name in ("momentum", "momentum_decoupled") for kind in ("steep", "flat")]
    assert momentum == pytest.approx([0.130, 0.134, 0.780, 0.818], abs=0.01)
    assert data.coupled["SGD"] == pytest.approx(data.decoupled["SGD"], rel=1e-9)
    assert facts["decoupled_flat"] == pytest.approx((1 - 1e-4) ** 2000, abs=0.01)


def test_adam_that_overwrites_its_moments_stands_still_before_it_arrives():
    hundred = facts_adam_wrong(read_adam_wrong(AdamWrong(100, 0.01)))
    assert hundred["right_x"] == pytest.approx(0.889, abs=0.01)
    assert hundred["wrong_x"] == pytest.approx(0.019, abs=0.002)
    assert 0 < hundred["last_step"] < 1e-60
    thousand = read_adam_wrong(AdamWrong(1000, 0.01))
    assert thousand.right[-1] == pytest.approx([2, -3], abs=0.01)
    assert thousand.wrong[-1] == pytest.approx([0.277, -0.281], abs=0.01)


def gradients_of_diabetes():
    """The gradient of each row's squared error at weights of zero [442, 10]."""
    x, y = load_diabetes(return_X_y=True, scaled=False)
    x, y = StandardScaler().fit_transform(x), (y - y.mean()) / y.std()
    return -2 * y[:, None] * x


def test_the_noise_formula_is_exact_for_batches_of_one_row_and_of_all_rows_but_one():
    gradients = gradients_of_diabetes()
    full = gradients.mean(axis=0)
    predicted = read_batch_noise(BatchNoise()).predicted
    assert predicted[0] == pytest.approx(((gradients - full) ** 2).sum(axis=1).mean())
    without_one = (442 * full - gradients) / 441
    assert predicted[440] == pytest.approx(((without_one - full) ** 2).sum(axis=1).mean())


@pytest.mark.parametrize("place", ["start", "optimum"])
def test_the_measured_noise_of_batches_follows_the_formula(place):
    data = read_batch_noise(BatchNoise(place=place))
    sizes = np.array([1, 4, 16, 64, 200, 400]) - 1
    assert data.measured[sizes] == pytest.approx(data.predicted[sizes], rel=0.2)
    assert facts_batch_noise(read_batch_noise(BatchNoise(442, place))) == {"measured": 0, "predicted": 0}


def test_the_gradient_of_a_scale_invariant_loss_is_at_right_angles_and_as_one_over_the_length():
    x, signs = scale_rows()
    w = np.random.default_rng(3).normal(size=10)

    def loss(w):
        return np.mean(np.logaddexp(0, -3 * signs * (x @ w) / np.linalg.norm(w)))

    g = scale_gradient(w[None], x, signs)[0]
    assert g == pytest.approx(approx_fprime(w, loss, 1e-7), abs=1e-5)
    assert g @ w == pytest.approx(0, abs=1e-12)
    assert scale_gradient(10 * w[None], x, signs)[0] == pytest.approx(g / 10)
    assert (w - RATE * g) @ (w - RATE * g) == pytest.approx(w @ w + RATE**2 * g @ g, rel=1e-13)


def test_with_weight_decay_both_starts_settle_at_one_length_and_without_it_the_weights_only_grow():
    data = read_scale_invariance(ScaleInvariance(0.05, 4.0))
    facts = facts_scale_invariance(data)
    assert facts["norm_end"] == pytest.approx(facts["norm_end_from_1"], rel=0.02)
    assert facts["effective_rate"] == pytest.approx(0.1 / facts["norm_end"] ** 2)
    assert (np.diff(data.free) > -1e-12).all()
    assert (np.diff(data.free_other) > -1e-12).all()
    assert facts["growth"] > 1.5
    assert facts["effective_rate"] > 3 * facts["free_rate"]
