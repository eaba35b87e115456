"""Every kind of noise in the engine: its numbers against their distribution, one step against plain Keras."""

import numpy as np
import pytest

from regdash.api import MLP, SGD, Convolutional, Digits, Experiment, Moons, Split, Training, samples, train
from regdash.datasets import shape_of
from regdash.networks import Hooks, build
from regdash.regularizers import AlphaDropout, Dropout, GaussianDropout, InputDropout, InputNoise, SpatialDropout
from regdash.training.backend import keras, on_device
from regdash.training.chance import Chance
from regdash.training.form import form_of
from regdash.training.models import Models
from regdash.training.tensors import brought, members_of

DENSE = Experiment(
    data=Moons(samples=400),
    split=Split(train=0.5),
    network=MLP(widths=(32, 20), activation="selu", initializer="lecun_normal"),
    optimizer=SGD(0.3),
    training=Training(epochs=1, batch_size=0, seed=4),
)
IMAGES = Experiment(
    data=Digits(rows=400),
    split=Split(train=0.5),
    network=Convolutional(filters=(6, 8), widths=(10,)),
    optimizer=SGD(0.3),
    training=Training(epochs=1, batch_size=0, seed=4),
)


def drawn(experiment):
    """What the engine draws for the first step: multipliers and shifts of each station, and the input's noise."""
    rows = samples(experiment.data, experiment.split)
    form = form_of([experiment], rows, True, False)
    models = Models(form)
    count = on_device(np.zeros(1, np.int32))
    found = Chance(form, models).draw(members_of([brought(experiment, form)]), count, 0, (1, len(rows.train)))
    pieces = {name: np.asarray(array)[0, 0] for name, array in found.items()}
    shapes = models.stations
    cuts = np.cumsum(models.widths)[:-1]
    multipliers = dict(zip(models.masked, np.split(pieces["multiplier"], cuts, axis=1), strict=True))
    shifts = np.split(pieces["shift"], np.cumsum(models.hidden_widths)[:-1], axis=1) if "shift" in pieces else []
    return (
        {place: m.reshape(-1, *shapes[place]) for place, m in multipliers.items()},
        {place: c.reshape(-1, *shapes[place]) for place, c in enumerate(shifts, start=1)},
        pieces.get("noise"),
    )


CASES = {
    "gaussian dropout": (DENSE, GaussianDropout(0.4)),
    "alpha dropout": (DENSE, AlphaDropout(0.3)),
    "input dropout": (DENSE, InputDropout(0.3)),
    "input noise": (DENSE, InputNoise(0.5)),
    "spatial dropout": (IMAGES, SpatialDropout(0.4)),
    "dropout of filters": (IMAGES, Dropout(0.4)),
    "gaussian dropout of filters": (IMAGES, GaussianDropout(0.4)),
}


@pytest.mark.parametrize("name", CASES)
def test_one_step_with_the_noise_equals_plain_keras_with_the_same_numbers(name):
    base, regularizer = CASES[name]
    experiment = base.with_part(regularizer.name, regularizer)
    rows = samples(experiment.data, experiment.split)
    (record,) = train(experiment)
    multipliers, shifts, noise = drawn(experiment)

    def station(x, place):
        if place in multipliers:
            x = x * multipliers[place].astype(np.float32)
        return x + shifts[place].astype(np.float32) if place in shifts else x

    model = build(experiment.network, keras, shape_of(experiment.data), rows.outputs, seed=4, hooks=Hooks(station))
    order = np.random.default_rng([4, 0]).permutation(len(rows.train))
    x, y = rows.train.x[order], rows.train.y[order]
    if noise is not None:
        x = x + 0.5 * noise
    losses = keras.losses
    loss = losses.BinaryCrossentropy if rows.task == "binary" else losses.SparseCategoricalCrossentropy
    model.compile(keras.optimizers.SGD(0.3), loss(from_logits=True))
    model.fit(x, y, batch_size=len(x), epochs=1, shuffle=False, verbose=0)
    for ours, theirs in zip(record.weights, model.weights, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=2e-5)


def test_gaussian_multipliers_have_mean_one_and_the_variance_of_dropout():
    multipliers, _, _ = drawn(DENSE.with_part("gaussian_dropout", GaussianDropout(0.4)))
    values = np.concatenate([m.ravel() for m in multipliers.values()])
    assert values.mean() == pytest.approx(1, abs=4 * np.sqrt(0.4 / 0.6 / values.size))
    assert values.var() == pytest.approx(0.4 / 0.6, rel=0.05)


def test_spatial_dropout_takes_whole_filters_of_a_row_and_leaves_dense_units():
    multipliers, _, _ = drawn(IMAGES.with_part("spatial_dropout", SpatialDropout(0.4)))
    for place in (1, 2):
        each = multipliers[place].reshape(200, -1, multipliers[place].shape[-1])
        np.testing.assert_array_equal(each, np.broadcast_to(each[:, :1], each.shape))
        share = (each[:, 0] == 0).mean()
        assert share == pytest.approx(0.4, abs=4 * np.sqrt(0.24 / each[:, 0].size))
    np.testing.assert_array_equal(multipliers[3], 1)


def test_input_noise_is_standard_normal_and_other_in_other_epochs():
    _, _, noise = drawn(DENSE.with_part("input_noise", InputNoise(0.5)))
    assert noise.mean() == pytest.approx(0, abs=4 / np.sqrt(noise.size))
    assert noise.std() == pytest.approx(1, abs=0.1)
