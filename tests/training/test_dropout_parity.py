"""Dropout against the same masks in plain Keras, and the masks against their probabilities."""

import numpy as np
import pytest
from scipy.stats import binomtest

from regdash.api import MLP, SGD, Adam, Dropout, Experiment, Linear, Moons, Split, Training, samples, train
from regdash.networks import Hooks, build
from regdash.training import backend
from regdash.training.backend import keras, ops


def drawn(seed, epoch, rates, shape):
    """Masks as the engine draws them, [R, *shape]."""
    rates = np.asarray(rates, np.float32)
    keys = (backend.on_device(np.array(key, np.int32)) for key in (seed, epoch))
    return ops.convert_to_numpy(backend.kept(*keys, backend.on_device(rates[:, None, None, :]), shape))


def test_the_share_of_dropped_activations_is_the_rate():
    shape = (20, 32, 64)
    kept = drawn([3, 3], [0, 0], [[0.2] * 64, [0.75] * 64], shape)
    for member, rate in enumerate((0.2, 0.75)):
        dropped = int((~kept[member]).sum())
        assert binomtest(dropped, kept[member].size, rate).pvalue > 1e-4


def test_masks_of_other_seeds_epochs_and_units_are_independent():
    kept = drawn([0, 1], [0, 0], [[0.5] * 64] * 2, (20, 32, 64)).astype(float)
    later = drawn([0, 1], [1, 1], [[0.5] * 64] * 2, (20, 32, 64)).astype(float)
    pairs = [(kept[0], kept[1]), (kept[0], later[0]), (kept[0, ..., ::2], kept[0, ..., 1::2])]
    for first, second in pairs:
        correlation = np.corrcoef(first.ravel(), second.ravel())[0, 1]
        assert abs(correlation) < 4 / np.sqrt(first.size)


def test_a_higher_rate_drops_the_same_activations_and_more():
    low, high = drawn([5, 5], [2, 2], [[0.2] * 8, [0.5] * 8], (4, 16, 8))
    assert not (high & ~low).any()


def test_one_step_with_dropout_equals_plain_keras_with_the_same_masks():
    experiment = Experiment(
        data=Moons(samples=60),
        split=Split(train=0.5),
        network=MLP(widths=(6, 5)),
        regularizers=(Dropout(rates=(0.3, 0.6)),),
        optimizer=SGD(0.5),
        training=Training(epochs=1, batch_size=32, seed=4),
    )
    rows = samples(experiment.data, experiment.split)
    (record,) = train(experiment)
    rates = [0.3] * 6 + [0.6] * 5
    kept = drawn([4], [0], [rates], (1, 32, 11))[0, 0, : len(rows.train)]
    scaled = [np.ones((1, 2)), *np.split(kept / (1 - np.array(rates)), [6], axis=1)]
    order = np.random.default_rng([4, 0]).permutation(len(rows.train))
    model = build(
        experiment.network, keras, 2, 1, seed=4, hooks=Hooks(lambda x, place: x * scaled[place].astype(np.float32))
    )
    model.compile(keras.optimizers.SGD(0.5), keras.losses.BinaryCrossentropy(from_logits=True))
    loss = model.train_on_batch(rows.train.x[order], rows.train.y[order][:, None])
    assert record.history["running_loss"][0] == pytest.approx(float(loss), rel=1e-5)
    for theirs, ours in zip(model.get_weights(), record.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_dropout_is_off_when_the_network_is_judged():
    experiment = Experiment(data=Moons(samples=60), regularizers=(Dropout(0.5),), training=Training(epochs=2))
    (record,) = train(experiment)
    rows = samples(experiment.data, experiment.split)
    model = build(experiment.network, keras, 2, 1)
    model.set_weights(record.weights)
    np.testing.assert_allclose(record.val_outputs, model.predict_on_batch(rows.validation.x), atol=1e-5)


def test_input_dropout_on_a_linear_network_tends_to_ridge_with_p_over_1_minus_p():
    from sklearn.linear_model import Ridge

    from regdash.api import Diabetes, Exponential, InputDropout

    p = 0.2
    split = Split(train=0.8)
    seeds = [
        Experiment(
            data=Diabetes(),
            split=split,
            network=Linear(initializer="zeros"),
            regularizers=(InputDropout(p),),
            optimizer=Adam(0.02),
            schedule=Exponential(decay_rate=0.99, decay_steps=10),
            training=Training(epochs=600, batch_size=1024, seed=seed),
        )
        for seed in range(8)
    ]
    mean = np.mean([record.weights[0][:, 0] for record in train(seeds)], axis=0)
    rows = samples(Diabetes(), split)
    peer = Ridge(alpha=len(rows.train) * p / (1 - p)).fit(rows.train.x, rows.train.y)
    np.testing.assert_allclose(mean, peer.coef_, atol=0.02)
