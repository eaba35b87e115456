import numpy as np
import pytest
from said import said
from sklearn.linear_model import Lasso

from regdash.cautions.places import proximal_strength
from regdash.datasets import Diabetes, Iris, Split, samples
from regdash.experiment import Experiment
from regdash.networks import MLP, Linear, ResidualMLP
from regdash.optimizers import SGD, Adam, AdamW, Lion, Momentum
from regdash.regularizers import (
    L1,
    L2,
    ActivityL1,
    ElasticNet,
    GroupLasso,
    MaxNorm,
    ProximalL1,
    UnitNorm,
    WeightDecay,
)


@pytest.mark.parametrize("optimizer", [SGD(0.05), Momentum(0.02, 0.9), Momentum(0.02, 0.5, True)])
def test_the_proximal_step_with_momentum_is_the_lasso_of_the_strength_that_is_said(optimizer):
    data = samples(Diabetes(), Split(train=0.5)).train
    x, y = data.x.astype(float), data.y - data.y.mean()
    strength = proximal_strength(Experiment(optimizer=optimizer, regularizers=(ProximalL1(0.4),)))
    facts = {"momentum": optimizer.momentum, "nesterov": optimizer.nesterov} if optimizer.slots else {}
    w, slots, rate = np.zeros((1, 10, 1)), (np.zeros((1, 10, 1)),) * optimizer.slots, optimizer.learning_rate
    for t in range(1, 4_000):
        slope = 2 / len(y) * x.T @ (x @ w[0, :, 0] - y)
        w, *slots = optimizer.step(np, w, slope[None, :, None], tuple(slots), t, rate, **facts)
        w = ProximalL1.constrained(w, np, rate, 0.4)
    lasso = Lasso(alpha=strength / 2, tol=1e-12, max_iter=100_000).fit(x, y).coef_
    assert w[0, :, 0] == pytest.approx(lasso, abs=1e-6)
    assert (w[0, :, 0] == 0).tolist() == (lasso == 0).tolist()


def test_the_proximal_step_beside_momentum_is_said_with_its_real_strength():
    sentence = said("With momentum", optimizer=Momentum(0.01, 0.9), regularizers=(ProximalL1(0.02),))
    assert f"(1 - 0.9) = {0.02 * (1 - 0.9):.2g}" in sentence
    assert f"{0.02 / (1 - 0.9):.2g} here" in sentence
    assert not said("With momentum", optimizer=Momentum(0.01, 0.0), regularizers=(ProximalL1(0.02),))
    assert not said("proximal", optimizer=SGD(0.01), regularizers=(ProximalL1(0.02),))


@pytest.mark.parametrize("optimizer", [Adam(0.02), AdamW(0.02), Lion(0.002)])
def test_the_proximal_step_beside_scaled_gradients_is_said_with_its_threshold(optimizer):
    sentence = said("Lasso", optimizer=optimizer, regularizers=(ProximalL1(0.03),))
    assert f"{optimizer.learning_rate:g} × 0.03 = {optimizer.learning_rate * 0.03:.2g}" in sentence


def test_a_strength_that_kills_a_linear_network_is_said_from_its_border_on():
    split, linear = Split(train=0.5), Linear()
    data = samples(Iris(), split)
    y = np.eye(3)[data.train.y.astype(int)]
    slopes = data.train.x.T @ (y - y.mean(axis=0)) / len(y)
    l1, group = float(np.abs(slopes).max()), float(np.linalg.norm(slopes, axis=1).max())
    parts = {"data": Iris(), "split": split, "network": linear, "optimizer": SGD(0.1)}
    for kind, border in ((L1, l1), (ProximalL1, l1), (GroupLasso, group)):
        assert f"of {border:.2g} on" in said("no weight left", **parts, regularizers=(kind(border * 1.001),))
        assert not said("no weight left", **parts, regularizers=(kind(border * 0.999),))
        assert not said("no weight left", **parts, regularizers=(kind(border * 1.001), UnitNorm(True)))


@pytest.mark.parametrize(
    ("kind", "border", "words"),
    [(L1, 0.1, "drives every weight"), (GroupLasso, 0.1, "drives all weights"), (ActivityL1, 0.15, "silences")],
)
def test_a_strength_that_kills_a_hidden_layer_is_said_from_its_border_on(kind, border, words):
    assert f"{border:g} " in said(words, regularizers=(kind(border),))
    assert not said(words, regularizers=(kind(border - 0.001),))
    assert not said(words, network=MLP(widths=()), regularizers=(kind(border),))


@pytest.mark.parametrize("penalty", [L2(0.1), MaxNorm(0.5), MaxNorm(2.0), WeightDecay(0.1), ElasticNet(0.1, 0.5)])
def test_what_unit_norm_undoes_is_said(penalty):
    assert said("Unit norm sets", regularizers=(UnitNorm(True), penalty))
    assert not said("Unit norm sets", regularizers=(penalty,))


@pytest.mark.parametrize("penalty", [L1(0.01), GroupLasso(0.01), ProximalL1(0.01), ElasticNet(0.01, 1.0)])
def test_what_changes_the_direction_of_a_unit_is_not_undone_by_unit_norm(penalty):
    assert not said("Unit norm sets", regularizers=(UnitNorm(True), penalty))


def test_unit_norm_makes_l2_and_max_norm_vanish_from_the_step():
    kernel, slope = np.random.default_rng(0).standard_normal((2, 1, 5, 3))
    unit = UnitNorm.constrained(kernel, np, 0.1, 1.0)
    assert np.square(unit).sum(axis=1) == pytest.approx(1)
    shrunk = UnitNorm.constrained(unit - 0.1 * (slope + 2 * 0.5 * unit), np, 0.1, 1.0)
    turned = UnitNorm.constrained(unit - 0.1 / (1 - 0.1 * 2 * 0.5) * slope, np, 0.1, 1.0)  # only a longer step
    assert shrunk == pytest.approx(turned)
    limited = UnitNorm.constrained(MaxNorm.constrained(turned * 7, np, 0.1, 0.5), np, 0.1, 1.0)
    assert limited == pytest.approx(turned, abs=1e-6)


def test_batch_normalisation_answers_the_same_for_kernels_of_half_the_length():
    x, kernel = np.random.default_rng(0).standard_normal((2, 8, 8))
    normalized = [(z - z.mean(axis=0)) / z.std(axis=0) for z in (x @ kernel, x @ kernel / 2)]
    assert normalized[0] == pytest.approx(normalized[1])


@pytest.mark.parametrize("penalty", [L1(0.01), L2(0.01), ElasticNet(0.01), GroupLasso(0.01), WeightDecay(0.01)])
def test_a_penalty_on_kernels_before_batch_normalisation_is_said(penalty):
    for network in (MLP(normalization="batch"), ResidualMLP(normalization="batch")):
        assert f"There {type(penalty).label} acts" in said("makes up", network=network, regularizers=(penalty,))
    for network in (MLP(), MLP(normalization="layer"), MLP(widths=(), normalization="batch"), Linear()):
        assert not said("makes up", network=network, regularizers=(penalty,))


def test_two_weight_decays_are_said_with_what_they_take_together():
    sentence = said("Two decays", optimizer=AdamW(0.1, 0.5), regularizers=(WeightDecay(0.2),))
    assert f"{1 - (1 - 0.1 * 0.5) * (1 - 0.1 * 0.2):.2g} of their length" in sentence
    assert not said("Two decays", optimizer=AdamW(0.1, 0.0), regularizers=(WeightDecay(0.2),))
    assert not said("Two decays", optimizer=Adam(0.1), regularizers=(WeightDecay(0.2),))
    assert not said("Two decays", optimizer=AdamW(0.1, 0.5))


def test_adamws_own_decay_is_said_when_it_makes_weights_grow():
    assert "10 × 0.201 = 2.01 is above 2" in said("without end", optimizer=AdamW(10.0, 0.201))
    assert not said("without end", optimizer=AdamW(10.0, 0.2))
    factor = (1 - 10 * 0.21) * (1 - 10 * 0.19)  # below 1: the second decay shrinks more than the first one grows
    assert abs(factor) <= 1
    both = {"optimizer": AdamW(10.0, 0.21), "regularizers": (WeightDecay(0.19, biases=True),)}
    assert not said("without end", **both)
    sentence = said("without end", optimizer=AdamW(10.0, 0.21), regularizers=(WeightDecay(0.19),))  # the biases grow
    assert f"multiplies the weights by {1 - 10 * 0.21:.3g}" in sentence
    assert not said("without end", optimizer=Adam(10.0), regularizers=(WeightDecay(0.3), MaxNorm(1.0)))
