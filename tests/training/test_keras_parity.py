"""The curves of the stacked engine against plain keras.Model training with Keras' own parts."""

import numpy as np
import pytest

from regdash.api import (
    L1,
    L2,
    MLP,
    SGD,
    Adam,
    Blobs,
    Diabetes,
    Experiment,
    Exponential,
    Linear,
    Momentum,
    Moons,
    RMSprop,
    Split,
    WeightDecay,
    train,
)
from regdash.training.backend import keras
from tests.training.plain_keras import keras_curves

EPOCHS = 8

SMALL = Split(train=0.5, seed=1)
SETTINGS = {
    "adam on moons": Experiment(network=MLP(widths=(16, 8)), optimizer=Adam(0.001)),
    "adam with l1 and l2": Experiment(
        network=MLP(widths=(16, 8)), optimizer=Adam(0.001), regularizers=(L1(1e-3), L2(1e-2))
    ),
    "sgd with l2": Experiment(
        network=MLP(widths=(16,), activation="tanh"), optimizer=SGD(0.1), regularizers=(L2(1e-2),)
    ),
    "momentum with l1": Experiment(network=MLP(widths=(16,)), optimizer=Momentum(0.02), regularizers=(L1(1e-3),)),
    "nesterov, decaying rate": Experiment(
        network=MLP(widths=(16,), initializer="he_normal"),
        optimizer=Momentum(0.02, nesterov=True),
        schedule=Exponential(decay_rate=0.9, decay_steps=10),
    ),
    "rmsprop": Experiment(network=MLP(widths=(16,), activation="elu"), optimizer=RMSprop(0.002)),
    "adam with weight decay": Experiment(
        network=MLP(widths=(16,)), optimizer=Adam(0.001), regularizers=(WeightDecay(0.1),)
    ),
    "sgd with decay of biases too": Experiment(
        network=MLP(widths=(16,)), optimizer=SGD(0.1), regularizers=(WeightDecay(0.1, biases=True),)
    ),
    "softmax of several classes": Experiment(
        data=Blobs(classes=4), network=MLP(widths=(16,)), regularizers=(L2(1e-3),)
    ),
    "linear regression": Experiment(data=Diabetes(), network=Linear(), optimizer=Adam(0.01), regularizers=(L1(0.02),)),
    "a last batch of its own size": Experiment(data=Moons(samples=101), network=MLP(widths=(8,)), split=SMALL),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_curves_and_weights_equal_those_of_plain_keras(name):
    experiment = SETTINGS[name].with_values({"training.epochs": EPOCHS, "training.seed": 3})
    (record,) = train(experiment)
    expected, weights, _ = keras_curves(experiment)
    for curve, values in expected.items():
        if values:
            np.testing.assert_allclose(record.history[curve], values, atol=1e-4, rtol=1e-4, err_msg=curve)
    for ours, theirs in zip(record.weights, weights, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-4)


def test_early_stopping_stops_and_restores_as_the_keras_callback_does_on_the_same_losses():
    from regdash.api import EarlyStopping

    rule = EarlyStopping(patience=4, min_delta=0.001)
    settings = {"training.epochs": 200}
    free = Experiment(optimizer=Adam(0.02), network=MLP(widths=(32,))).with_values(settings)
    (whole,) = train(free)
    (stopped,) = train(free.with_part("early_stopping", rule))

    class Bare(keras.Model):
        stop_training = False

    model = Bare()
    callback = keras.callbacks.EarlyStopping("val_loss", patience=4, min_delta=0.001)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, loss in enumerate(whole.history["val_loss"]):
        callback.on_epoch_end(epoch, {"val_loss": float(loss)})
        if model.stop_training:
            break
    assert stopped.status == f"stopped early at epoch {epoch + 1}"
    np.testing.assert_array_equal(stopped.history["val_loss"], whole.history["val_loss"][: epoch + 1])
    restored = train(free.with_values({"training.epochs": callback.best_epoch + 1}))[0]
    for ours, theirs in zip(stopped.weights, restored.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_a_penalty_changes_the_curves_by_far_more_than_the_tolerance():
    plain, decayed = (
        SETTINGS[name].with_values({"training.epochs": EPOCHS}) for name in ("adam on moons", "adam with l1 and l2")
    )
    first, second = train([plain, decayed])
    assert abs(first.history["loss"][-1] - second.history["loss"][-1]) > 1e-3
