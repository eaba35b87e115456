"""What mathematics says the engine must do, and rows and weights that a program hands in."""

import numpy as np
import pytest
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Lasso, Ridge
from sklearn.neural_network import MLPClassifier

from regdash.api import (
    L2,
    MLP,
    SGD,
    Diabetes,
    Experiment,
    Given,
    Linear,
    RegdashError,
    Training,
    dropout_mask,
    samples,
    train,
)
from regdash.regularizers import GroupLasso, InputNoise, ProximalL1, WeightDecay


def standardised():
    x, y = load_diabetes(return_X_y=True)
    return (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std()


def linear(regularizer, epochs=3_000, rate=0.05, batch=0, **rows):
    x, y = standardised()
    given = rows or {"train_x": x, "train_y": y, "val_x": x, "val_y": y}
    return Experiment(
        data=Given(**given),
        network=Linear(initializer="zeros"),
        regularizers=(regularizer,),
        optimizer=SGD(rate),
        training=Training(epochs=min(epochs, 2_000), batch_size=batch),
    )


def test_weights_that_no_row_pulls_decay_as_one_minus_rate_times_decay_to_the_power_of_steps():
    rows = np.zeros((20, 3))
    data = Given(train_x=rows, train_y=np.zeros(20), val_x=rows, val_y=np.zeros(20))
    experiment = Experiment(
        data=data,
        network=Linear(),
        regularizers=(WeightDecay(0.3),),
        optimizer=SGD(0.1),
        training=Training(epochs=7, batch_size=5),
    )
    first = [np.array([[1.0], [-2.0], [0.5]], np.float32), np.zeros(1, np.float32)]
    (record,) = train(experiment, weights=[first])
    np.testing.assert_allclose(record.weights[0], first[0] * (1 - 0.1 * 0.3) ** 28, rtol=1e-5)


def test_the_proximal_step_reaches_the_zeros_of_lasso_and_its_weights():
    l1 = 0.1
    (record,) = train(linear(ProximalL1(l1)))
    x, y = standardised()
    peer = Lasso(alpha=l1 / 2, tol=1e-10, max_iter=100_000).fit(x, y)
    np.testing.assert_array_equal(record.weights[0][:, 0] == 0, peer.coef_ == 0)
    assert (record.weights[0] != 0).sum() == 6
    assert record.history["zeros/all"][-1] == pytest.approx(0.4)
    np.testing.assert_allclose(record.weights[0][:, 0], peer.coef_, atol=1e-3)


def test_input_noise_tends_to_ridge_with_the_square_of_its_spread():
    spread = 0.7
    x, y = standardised()
    many = {"train_x": np.tile(x, (30, 1)), "train_y": np.tile(y, 30), "val_x": x, "val_y": y}
    (record,) = train(linear(InputNoise(spread), epochs=150, rate=0.02, **many))
    peer = Ridge(alpha=len(x) * spread**2).fit(x, y)
    np.testing.assert_allclose(record.weights[0][:, 0], peer.coef_, atol=0.01)


@pytest.mark.slow
def test_group_lasso_drops_whole_inputs_that_do_not_help():
    chance = np.random.default_rng(0)
    x = chance.standard_normal((300, 6))
    y = np.argmax(x[:, :3] + 0.1 * chance.standard_normal((300, 3)), axis=1)
    data = Given(train_x=x, train_y=y, val_x=x, val_y=y, classes=3)
    strengths = (0.0, 0.05)
    base = Experiment(data=data, network=Linear(), optimizer=SGD(0.2), training=Training(epochs=1_000, batch_size=0))
    free, held = train([base.with_part("group_lasso", GroupLasso(s)) for s in strengths])
    rows = np.linalg.norm(held.weights[0], axis=1)
    assert (rows[3:] < 0.02).all()
    assert (rows[:3] > 0.3).all()
    assert (np.linalg.norm(free.weights[0], axis=1)[3:] > 0.02).any()


def test_fifty_full_batches_follow_the_multi_layer_perceptron_of_scikit_learn():
    chance = np.random.default_rng(1)
    x = chance.standard_normal((80, 4))
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    l2, rate, steps = 0.01, 0.1, 50
    peer = MLPClassifier(
        (6, 5), solver="sgd", alpha=2 * 80 * l2, batch_size=80, learning_rate_init=rate, momentum=0.0,
        shuffle=False, max_iter=1, warm_start=True, random_state=0,
    )  # fmt: skip
    with pytest.warns(Warning, match="Maximum iterations"):
        peer.fit(x, y)
    first = [part.copy() for pair in zip(peer.coefs_, peer.intercepts_, strict=True) for part in pair]
    for _ in range(steps):
        peer.partial_fit(x, y)
    data = Given(train_x=x, train_y=y, val_x=x, val_y=y, classes=2)
    experiment = Experiment(
        data=data,
        network=MLP(widths=(6, 5)),
        regularizers=(L2(l2),),
        optimizer=SGD(rate),
        training=Training(epochs=steps, batch_size=0),
    )
    (record,) = train(experiment, weights=[[np.asarray(part, np.float32) for part in first]])
    for ours, theirs in zip(record.weights[::2], peer.coefs_, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)
    for ours, theirs in zip(record.weights[1::2], peer.intercepts_, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_rows_that_are_given_are_the_rows_that_are_trained_on():
    rows = samples(Diabetes(), Experiment().split)
    given = Given(train_x=rows.train.x, train_y=rows.train.y, val_x=rows.validation.x, val_y=rows.validation.y)
    base = Experiment(data=Diabetes(), network=Linear(), training=Training(epochs=5))
    first, second = train(base)[0], train(base.with_part("data", given))[0]
    np.testing.assert_allclose(first.history["val_loss"], second.history["val_loss"], rtol=1e-6)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"val_x": np.zeros((3, 2))}, r"val_x must be rows \[N, 4\]"),
        ({"train_y": np.full(9, 5)}, "train_y must hold class numbers from 0 to 1"),
        ({"train_x": np.full((9, 4), np.nan)}, "train_x must hold finite numbers only"),
    ],
)
def test_arrays_that_do_not_fit_get_a_sentence(change, sentence):
    good = {"train_x": np.zeros((9, 4)), "train_y": np.zeros(9), "val_x": np.zeros((3, 4)), "val_y": np.zeros(3)}
    with pytest.raises(RegdashError, match=sentence):
        train(Experiment(data=Given(**good | change, classes=2)))


def test_initial_weights_that_do_not_fit_get_a_sentence():
    with pytest.raises(RegdashError, match="the initial weights must have the shapes"):
        train(Experiment(), weights=[[np.zeros((3, 3))]])


def test_arrays_cannot_be_stored_or_linked():
    from regdash.api import to_json

    data = Given(train_x=np.zeros((9, 4)), train_y=np.zeros(9), val_x=np.zeros((3, 4)), val_y=np.zeros(3))
    with pytest.raises(RegdashError, match="cannot be stored or linked"):
        to_json(Experiment(data=data))


def test_the_mask_that_is_handed_out_drops_the_share_and_keeps_the_mean():
    mask = dropout_mask(0.3, 400, 100, seed=3)
    assert set(np.unique(mask).round(6)) == {0.0, round(1 / 0.7, 6)}
    assert mask.mean() == pytest.approx(1.0, abs=4 * np.sqrt(0.3 / 0.7 / mask.size))
