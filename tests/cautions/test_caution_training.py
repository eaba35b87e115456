import numpy as np
import pytest
from said import said
from scipy.integrate import quad
from scipy.stats import beta

from regdash.datasets import Digits, FashionMNIST, Friedman, Given, Iris, Moons, Split, samples
from regdash.experiment import Experiment, Training
from regdash.networks import MLP, Convolutional, Highway, ResidualConvolutional, ResidualMLP
from regdash.optimizers import (
    SGD,
    Adadelta,
    Constant,
    Cosine,
    Exponential,
    LinearDecay,
    Lion,
    ReduceOnPlateau,
    Step,
    learning_rates,
)
from regdash.regularizers import EarlyStopping, ImageFlip, ImageRotation, LabelSmoothing, Mixup

STEPS = 150 * 4  # of the default experiment: 100 rows in batches of 32


def test_the_default_experiment_has_the_steps_that_the_tests_count_with():
    assert len(samples(Experiment().data, Experiment().split).train) == 100
    assert Experiment().training == Training(epochs=150, batch_size=32)


# Layers


@pytest.mark.parametrize(
    ("network", "layers"),
    [
        (MLP(widths=(16,) * 4, activation="sigmoid"), 4),
        (ResidualMLP(blocks=2, skip=False, activation="sigmoid"), 5),
    ],
)
def test_many_sigmoids_in_a_row_are_said(network, layers):
    assert f"{4**layers:,} times" in said("sigmoid", network=network)


@pytest.mark.parametrize(
    "network",
    [
        MLP(widths=(16,) * 3, activation="sigmoid"),
        MLP(widths=(16,) * 4, activation="sigmoid", normalization="batch"),
        MLP(widths=(16,) * 4),
        ResidualMLP(blocks=8, activation="sigmoid"),
        Highway(depth=8, activation="sigmoid"),
    ],
)
def test_few_sigmoids_or_a_way_around_them_are_not_said(network):
    assert not said("sigmoid", network=network)


@pytest.mark.parametrize("kind", [MLP, ResidualMLP, Highway])
def test_layer_normalisation_over_one_unit_is_said(kind):
    def wide(width):
        return kind(normalization="layer", **({"widths": (8, width)} if kind is MLP else {"width": width}))

    assert ("Hidden place 2" if kind is MLP else "Hidden place 1") in said("single unit", network=wide(1))
    assert not said("single unit", network=wide(2))


@pytest.mark.parametrize("kind", [Convolutional, ResidualConvolutional])
def test_layer_normalisation_over_one_filter_is_said(kind):
    assert said("single unit", data=Digits(), network=kind(filters=(1, 8), normalization="layer"))
    assert not said("single unit", data=Digits(), network=kind(filters=(2, 8), normalization="layer"))
    assert not said("single unit", data=Digits(), network=kind(filters=(1, 8), normalization="batch"))


def test_batch_normalisation_of_one_row_is_said_where_it_takes_one_number_per_row():
    batch = Training(batch_size=1)
    assert said("with 1 row", network=MLP(normalization="batch"), training=batch)
    assert not said("with 1 row", network=MLP(normalization="batch"), training=Training(batch_size=2))
    assert not said("with 1 row", training=batch)
    dense, none = (Convolutional(normalization="batch", widths=widths) for widths in ((8,), ()))
    assert said("with 1 row", data=Digits(), network=dense, training=batch)
    assert not said("with 1 row", data=Digits(), network=none, training=batch)


@pytest.mark.parametrize(("batch", "steps"), [(99, 2), (33, 4)])
def test_a_last_batch_of_one_row_is_said_where_it_is_one_step_of_few(batch, steps):
    sentence = said("leave 1 row", network=MLP(normalization="batch"), training=Training(batch_size=batch))
    assert f"Batches of {batch} out of 100 rows leave 1 row for the last of {steps} steps" in sentence
    better = int(sentence.rstrip(".").split()[-1])
    assert better > batch
    assert 100 % better != 1


@pytest.mark.parametrize("batch", [0, 11, 32, 50, 98, 100])  # 11: one of ten steps, which does no visible harm
def test_a_last_batch_of_more_rows_or_among_many_is_not_said(batch):
    assert not said("leave 1 row", network=MLP(normalization="batch"), training=Training(batch_size=batch))


# Images and targets


def test_mirrored_digits_are_said():
    assert said("mirrored 2", data=Digits(), regularizers=(ImageFlip(True),))
    pictures = np.zeros((4, 64), np.float32)
    other = Given(pictures, np.arange(4) % 2, pictures, np.arange(4) % 2, classes=2, image=(8, 8, 1))
    assert not said("mirrored 2", data=other, regularizers=(ImageFlip(True),), training=Training(batch_size=2))


def test_turned_digits_are_said_above_thirty_degrees():
    assert "up to 31 degrees" in said("slant", data=Digits(), regularizers=(ImageRotation(31.0),))
    assert not said("slant", data=Digits(), regularizers=(ImageRotation(30.0),))


def test_clothes_are_neither_digits_nor_loaded_for_a_rule_about_digits():
    from regdash.cautions.pictures import mirrored_digits, turned_digits

    clothes = Experiment(data=FashionMNIST(), regularizers=(ImageFlip(True), ImageRotation(45.0)))
    assert mirrored_digits(clothes) == turned_digits(clothes) == ""


@pytest.mark.parametrize("data", [Moons(), Iris()])
def test_label_smoothing_is_said_with_the_entropy_of_its_targets(data):
    targets = LabelSmoothing.smoothed(np.eye(data.classes), 0.1, np)[0]
    floor = -(targets * np.log(targets)).sum()
    sentence = said("label smoothing", data=data, split=Split(train=0.5), regularizers=(LabelSmoothing(0.1),))
    assert f"below {floor:.3f}" in sentence
    assert not said("label smoothing", data=data, split=Split(train=0.5))


@pytest.mark.parametrize("alpha", [0.2, 1.0])
def test_mixup_is_said_with_the_mean_entropy_of_its_targets(alpha):
    def surprise(share):
        return -(share * np.log(share) + (1 - share) * np.log1p(-share)) * beta(alpha, alpha).pdf(share)

    floor = quad(surprise, 0, 0.5)[0] * 2 / 2  # both halves are alike, and half of the pairs are of two classes
    assert f"below {floor:.3f}" in said("mixup", regularizers=(Mixup(alpha),))
    assert not said("mixup", data=Friedman(), regularizers=(Mixup(alpha),))


def test_folds_that_lack_a_class_are_said():
    x, y = np.zeros((12, 2), np.float32), np.array([0] * 9 + [1] * 3)
    given = Given(x[:8], y[[0, 1, 2, 3, 4, 5, 9, 10]], x[:4], y[[6, 7, 8, 11]], classes=2)
    sentence = said("validate without", data=given, split=Split(folds=4), training=Training(batch_size=8))
    assert "Class 1 has 3 of the rows that 4 folds share, so 1 folds validate without it" in sentence
    assert not said("validate without", data=given, split=Split(folds=3), training=Training(batch_size=8))
    assert not said("validate without", data=given, training=Training(batch_size=8))


# Steps


def test_a_batch_above_the_rows_is_said_and_all_rows_are_not():
    assert "101 rows is more than the 100 training rows" in said("more than", training=Training(batch_size=101))
    assert not said("more than", training=Training(batch_size=100))
    assert not said("more than", training=Training(batch_size=0))


def test_lion_is_said_by_the_rate_of_its_last_step():
    assert "0.011 to the end" in said("Lion", optimizer=Lion(0.011))
    assert not said("Lion", optimizer=Lion(0.01))
    assert not said("Lion", optimizer=Lion(0.1), schedule=Cosine(decay_steps=STEPS))
    assert said("Lion", optimizer=Lion(0.1), schedule=Exponential(decay_rate=0.96, decay_steps=100))


def test_a_small_rate_of_adadelta_is_said_with_its_first_step():
    optimizer = Adadelta(0.001, rho=0.9)
    w, *_ = Adadelta.step(np, np.zeros(1), np.full(1, 100.0), (np.zeros(1), np.zeros(1)), 1, 0.001, rho=0.9)
    assert f"moves each weight by {abs(w[0]):.1g}" in said("Adadelta", optimizer=optimizer)
    assert said("Adadelta", optimizer=Adadelta(0.049))
    assert not said("Adadelta", optimizer=Adadelta(0.05))


# Schedules


def test_a_warm_up_longer_than_the_training_is_said_with_the_rate_it_reaches():
    schedule = Constant(warmup=2 * STEPS)
    reached = learning_rates(1.0, schedule, np.arange(STEPS)).max()
    assert f"reaches {reached:.0%} of its size" in said("warm-up", schedule=schedule)
    assert not said("warm-up", schedule=Constant(warmup=STEPS))
    assert said("warm-up", schedule=Constant(warmup=STEPS + 1))


@pytest.mark.parametrize("kind", [Cosine, LinearDecay])
def test_a_decay_that_is_not_half_done_at_the_end_is_said(kind):
    last = learning_rates(1.0, kind(decay_steps=3 * STEPS), STEPS - 1)
    assert f"still {last:.0%} of its size" in said("decay steps", schedule=kind(decay_steps=3 * STEPS))
    assert said("decay steps", schedule=kind(decay_steps=2 * STEPS))  # at the last step one step short of half
    assert not said("decay steps", schedule=kind(decay_steps=2 * STEPS - 4))
    assert said("decay steps", schedule=kind(decay_steps=2 * STEPS - 4, warmup=4))  # 4 steps fewer for the decay


def test_a_decay_to_where_it_began_is_not_said():
    assert not said("decay steps", schedule=Cosine(alpha=1.0, decay_steps=100_000))
    assert not said("decay steps", schedule=LinearDecay(end=1.0, decay_steps=100_000))


def test_a_first_drop_after_the_end_is_said():
    for every, warned in ((STEPS - 1, True), (STEPS - 2, False)):
        schedule = Step(every=every)
        dropped = learning_rates(1.0, schedule, np.arange(STEPS)).min() < 1
        assert bool(said("never drops", schedule=schedule)) == warned == (not dropped)


@pytest.mark.parametrize("kind", [Cosine, LinearDecay])
def test_a_training_that_stands_still_for_more_than_half_its_steps_is_said(kind):
    schedule = kind(decay_steps=STEPS // 2 - 1)
    still = (learning_rates(1.0, schedule, np.arange(STEPS)) == 0).mean()
    assert f"nothing moves for {still:.0%}" in said("nothing moves", schedule=schedule)
    assert not said("nothing moves", schedule=kind(decay_steps=STEPS // 2))
    ends_above = Cosine(0.1, STEPS // 4) if kind is Cosine else LinearDecay(0.1, STEPS // 4)
    assert not said("nothing moves", schedule=ends_above)


# Epochs


@pytest.mark.parametrize(("epochs", "warned"), [(11, True), (12, False)])
def test_a_plateau_that_is_never_waited_out_is_said(epochs, warned):
    schedule = ReduceOnPlateau(patience=10)
    shares = [1.0, *schedule.rates([1.0] * epochs)[:-1]]  # in force in each epoch, when the loss never improves
    assert (min(shares) == 1) == warned
    training = Training(epochs=epochs)
    assert bool(said("can fall from epoch 12", schedule=schedule, training=training)) == warned


@pytest.mark.parametrize(("epochs", "warned"), [(16, True), (17, False)])
def test_early_stopping_that_cannot_stop_is_said(epochs, warned):
    rule = EarlyStopping(patience=10, start_epoch=5)
    stopped = rule.stop([1.0] * epochs)  # the loss never improves
    assert (stopped is None or stopped + 1 == epochs) == warned
    parts = {"regularizers": (rule,), "training": Training(epochs=epochs)}
    assert bool(said("after epoch 16 at the earliest", **parts)) == warned


def test_early_stopping_that_never_watches_is_said_once():
    parts = {"optimizer": SGD(0.1), "training": Training(epochs=20)}
    assert said("Early stopping", **parts, regularizers=(EarlyStopping(patience=3, start_epoch=20),))
    assert not said("Early stopping", **parts, regularizers=(EarlyStopping(patience=3, start_epoch=10),))
