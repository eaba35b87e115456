"""Every regulariser, optimizer, schedule and network of the catalogue in the engine, against plain Keras."""

import numpy as np
import pytest

from regdash.api import (
    L2,
    MLP,
    SGD,
    Adam,
    Blobs,
    Diabetes,
    Digits,
    Dropout,
    Experiment,
    Linear,
    Moons,
    Split,
    Training,
    train,
)
from regdash.networks import NETWORKS, Convolutional, Highway, ResidualConvolutional, ResidualMLP
from regdash.optimizers import OPTIMIZERS, SCHEDULES, Exponential, ReduceOnPlateau
from regdash.regularizers import (
    REGULARIZERS,
    ActivityL1,
    ActivityL2,
    Cutout,
    ElasticNet,
    GradientClipping,
    GroupLasso,
    ImageFlip,
    ImageRotation,
    ImageShift,
    LabelSmoothing,
    MaxNorm,
    Mixup,
    UnitNorm,
)
from tests.training.plain_keras import keras_curves

SHORT = Training(epochs=4, batch_size=16, seed=3)
SMALL = Experiment(data=Moons(samples=101), split=Split(train=0.5), network=MLP(widths=(12, 8)), training=SHORT)
CLASSES = Experiment(data=Blobs(classes=3, samples=90), split=Split(train=0.5), network=MLP((10,)), training=SHORT)
IMAGES = Experiment(
    data=Digits(rows=120),
    split=Split(train=0.5),
    network=Convolutional(filters=(4, 6), widths=(8,)),
    optimizer=Adam(0.005),
    training=Training(epochs=2, batch_size=16, seed=3),
)


def often(kinds, *names):
    """Kinds as parameters of a test; those that are not named run with the slow tests."""
    return [pytest.param(k, id=k.name, marks=[] if k.name in names else pytest.mark.slow) for k in kinds]


def check(experiment, atol=1e-4):
    (record,) = train(experiment)
    assert record.status == "finished"
    expected, weights, model = keras_curves(experiment)
    for curve, values in expected.items():
        np.testing.assert_allclose(record.history[curve], values, atol=atol, rtol=1e-4, err_msg=curve)
    for ours, theirs in zip(record.weights, weights, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=5 * atol)
    return record, model


OTHER_CLIPPINGS = (GradientClipping(clipvalue=0.01), GradientClipping(global_clipnorm=0.1))


@pytest.mark.parametrize(
    "regularizer",
    [
        ElasticNet(0.02, 0.3),
        GroupLasso(0.05),
        MaxNorm(0.8),
        UnitNorm(True),
        ActivityL1(0.01),
        ActivityL2(0.01),
        LabelSmoothing(0.2),
        Mixup(0.4),
        GradientClipping(clipnorm=0.05),
        *(pytest.param(each, marks=pytest.mark.slow) for each in OTHER_CLIPPINGS),
    ],
    ids=lambda r: f"{r.name} {r}"[:40],
)
@pytest.mark.parametrize(
    "base", [pytest.param(SMALL, id="two classes"), pytest.param(CLASSES, id="three classes", marks=pytest.mark.slow)]
)
def test_a_regulariser_in_the_engine_is_the_one_of_keras(base, regularizer):
    record, _ = check(base.with_part(regularizer.name, regularizer))
    plain = train(base)[0]
    assert np.abs(record.history["loss"] - plain.history["loss"]).max() > 1e-4


@pytest.mark.parametrize("kind", often(OPTIMIZERS, "momentum", "adam"))
def test_an_optimizer_in_the_engine_is_the_one_of_keras(kind):
    check(SMALL.with_part("optimizer", kind()))


@pytest.mark.parametrize("kind", often([kind for kind in SCHEDULES if kind is not ReduceOnPlateau], "cosine"))
def test_a_schedule_with_a_warm_up_in_the_engine_is_the_one_of_keras(kind):
    check(SMALL.with_part("schedule", kind(warmup=7)))


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras' callback
def test_the_rate_falls_on_a_plateau_as_with_the_keras_callback():
    schedule = ReduceOnPlateau(shrink=0.3, patience=1, cooldown=1, min_delta=0.05)
    record, _ = check(SMALL.with_part("schedule", schedule).with_values({"training.epochs": 12}))
    assert len(np.unique(record.history["learning_rate"])) >= 3


def test_the_rate_that_is_written_down_is_that_of_the_last_step_of_the_epoch():
    schedule = Exponential(decay_rate=0.5, decay_steps=10)
    (record,) = train(SMALL.with_part("schedule", schedule))
    steps = -(-50 // 16)
    last = np.arange(1, 5) * steps - 1
    np.testing.assert_allclose(record.history["learning_rate"], 0.01 * 0.5 ** (last / 10), rtol=1e-6)


def test_a_batch_of_all_rows_is_gradient_descent():
    check(SMALL.with_part("optimizer", SGD(0.5)).with_values({"training.batch_size": 0, "training.epochs": 10}))


STEADY = IMAGES.with_part("optimizer", SGD(0.05))  # Adam enlarges the rounding of a gradient that is 0 in theory

NORMED = {
    "mlp batch": (SMALL.with_part("optimizer", SGD(0.05)), MLP((12, 8), normalization="batch")),
    "mlp layer": (SMALL, MLP((12, 8), normalization="layer")),
    "highway": (SMALL, Highway(width=10, depth=2)),
    "highway layer": (SMALL, Highway(width=10, depth=2, normalization="layer")),
    "highway batch": (
        SMALL.with_part("optimizer", SGD(0.05)), Highway(width=10, depth=2, normalization="batch"),
    ),
    "residual": (SMALL, ResidualMLP(width=10, blocks=2)),
    "residual batch": (CLASSES, ResidualMLP(width=10, blocks=2, normalization="batch")),
    "residual without skips": (SMALL, ResidualMLP(width=10, blocks=2, skip=False)),
    "convolutional": (IMAGES, Convolutional(filters=(4, 6), widths=(8,))),
    "convolutional batch": (STEADY, Convolutional(filters=(4,), widths=(8,), normalization="batch")),
    "convolutional layer, gates": (
        IMAGES, Convolutional(filters=(4,), widths=(8,), normalization="layer", pooling="average", squeeze=True),
    ),
    "residual convolutional": (IMAGES, ResidualConvolutional(filters=(4, 6), blocks=1)),
}  # fmt: skip


OFTEN = ("mlp batch", "convolutional")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in OFTEN else pytest.mark.slow) for name in NORMED]
)
def test_a_network_in_the_engine_is_the_keras_model_alone_and_in_a_stack(name, tmp_path):
    base, network = NORMED[name]
    experiment = base.with_part("network", network)
    record, model = check(experiment, atol=3e-4)
    twin, other = train([experiment, experiment.with_values({"l2.l2": 0.01})])
    np.testing.assert_allclose(twin.history["val_loss"], record.history["val_loss"], rtol=1e-3, atol=1e-4)
    assert abs(other.history["val_loss"][-1] - twin.history["val_loss"][-1]) > 1e-5
    assert model.count_params() == sum(weight.size for weight in record.weights)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras, when it saves
@pytest.mark.parametrize("kind", often(NETWORKS, "mlp", "convolutional"))
def test_a_record_becomes_a_keras_model_again_that_saves_and_predicts_the_same(kind, tmp_path):
    from regdash.api import samples
    from regdash.training.backend import keras

    experiment = (IMAGES if kind.images else SMALL).with_part("network", kind()).with_values({"training.epochs": 1})
    (record,) = train(experiment)
    path = tmp_path / "run.keras"
    record.to_keras().save(path)
    x = samples(experiment.data, experiment.split).validation.x
    answers = keras.models.load_model(path).predict(x, verbose=0)
    np.testing.assert_allclose(answers, record.val_outputs, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize(
    "regularizer",
    [
        ImageShift(2),
        MaxNorm(0.5),
        *(
            pytest.param(each, marks=pytest.mark.slow)
            for each in (ImageRotation(20.0), Cutout(3), ImageFlip(True), Mixup(1.0), UnitNorm(True), L2(0.01))
        ),
    ],
    ids=lambda r: r.name,
)
def test_images_are_changed_and_kernels_of_filters_held_as_in_keras(regularizer):
    check(IMAGES.with_part(regularizer.name, regularizer), atol=3e-4)


def test_a_linear_network_on_a_regression_with_clipping_and_group_lasso():
    base = Experiment(data=Diabetes(), network=Linear(), optimizer=SGD(0.05), training=SHORT)
    check(base.with_part("group_lasso", GroupLasso(0.1)).with_part("gradient_clipping", GradientClipping(clipnorm=0.5)))


ALL_AT_ONCE = [
    SMALL,
    *(SMALL.with_part(kind.name, part) for kind in REGULARIZERS for part in [kind()] if part.active),
    SMALL.with_part("max_norm", MaxNorm(0.8)),
    SMALL.with_part("group_lasso", GroupLasso(0.05)).with_part("dropout", Dropout(0.3)),
    SMALL.with_part("mixup", Mixup(0.4)).with_values({"training.seed": 5}),
    SMALL.with_part("label_smoothing", LabelSmoothing(0.2)).with_values({"gaussian_dropout.rate": 0.3}),
    SMALL.with_values({"alpha_dropout.rate": 0.2, "input_noise.stddev": 0.3}),
    SMALL.with_values({"activity_l1.strength": 0.01, "gradient_clipping.clipnorm": 0.05}),
    SMALL.with_values({"proximal_l1.l1": 0.05, "input_dropout.rate": 0.3}),
    SMALL.with_part("schedule", ReduceOnPlateau(patience=1, min_delta=0.05)),
]


@pytest.mark.slow
def test_all_share_one_stack_and_each_gets_what_it_gets_alone():
    for together, experiment in zip(train(ALL_AT_ONCE), ALL_AT_ONCE, strict=True):
        (alone,) = train(experiment)
        for name in alone.history:
            np.testing.assert_allclose(
                together.history[name], alone.history[name], rtol=1e-4, atol=3e-6, err_msg=f"{name} {experiment}"
            )
