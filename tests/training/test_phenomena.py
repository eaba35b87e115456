"""What the first page promises: the default experiment overfits visibly and one slider visibly cures it."""

import numpy as np
import pytest

from regdash.api import SGD, Experiment, HighDimensionalLine, Linear, Split, Training, train
from regdash.presets import PRESETS

SEEDS = range(5)


def ends(experiment):
    """Mean over seeds of the last validation loss, its lowest, and the last training loss."""
    records = train([experiment.with_values({"training.seed": seed}) for seed in SEEDS])
    curves = [(r.history["val_loss"][-1], r.history["val_loss"].min(), r.history["loss"][-1]) for r in records]
    return np.mean(curves, axis=0)


def test_the_default_experiment_overfits_for_all_to_see():
    last, best, train_loss = ends(Experiment())
    assert last > 2 * best
    assert last > 5 * train_loss


@pytest.mark.parametrize("cure", [{"l2.l2": 2e-3}, {"l1.l1": 1e-3}])
def test_one_slider_cures_it(cure):
    last, _, _ = ends(Experiment())
    cured, best, _ = ends(Experiment().with_values(cure))
    assert cured < last / 2
    assert cured < 1.25 * best


def test_dropout_halves_the_damage():
    assert ends(Experiment().with_values({"dropout.rate": 0.5}))[0] < 0.6 * ends(Experiment())[0]


@pytest.mark.parametrize(("strength", "published", "closed_form"), [(0.0, 12.963, 13.42), (3.0, 0.3557, 0.361)])
def test_d2l_weight_decay_ends_at_the_published_norms(strength, published, closed_form):
    """d2l minimises half the mean square, so its rate 0.003 is 0.0015 here; lambda is l2 as it stands."""
    experiment = Experiment(
        data=HighDimensionalLine(),
        split=Split(train=0.1),
        network=Linear(initializer="unit_normal"),
        optimizer=SGD(0.0015),
        training=Training(epochs=100, batch_size=5),
    ).with_values({"l2.l2": strength})
    records = train([experiment.with_values({"training.seed": seed}) for seed in SEEDS])
    norms = [record.history["l2_norm/all"][-1] for record in records]
    assert np.mean(norms) == pytest.approx(published, rel=0.06)
    assert np.mean(norms) == pytest.approx(closed_form, rel=0.06)


def means(label, which, *columns):
    """The mean over 3 seeds of some last figures of a preset or of its baseline."""
    preset = next(preset for preset in PRESETS if preset.label == label)
    experiment = getattr(preset, which)
    records = train([experiment.with_values({"training.seed": seed}) for seed in range(3)])
    return [float(np.mean([record.history[column][-1] for record in records])) for column in columns]


@pytest.mark.slow
def test_the_preset_on_dropout_rescues_the_noisy_digits():
    wild, tame = (
        means("Dropout to the rescue", which, "val_loss", "val_accuracy") for which in ("baseline", "experiment")
    )
    assert tame[0] < 0.85 * wild[0]
    assert tame[1] > wild[1] + 0.03


def test_the_preset_on_l1_drops_half_of_the_features_and_no_accuracy():
    dense, sparse = (
        means("L1 picks features", which, "near_zero/all", "val_accuracy") for which in ("baseline", "experiment")
    )
    assert dense[0] < 0.1
    assert 0.4 < sparse[0] < 0.7
    assert sparse[1] > dense[1] - 0.02


def test_the_preset_on_weight_decay_lowers_the_validation_loss_several_hundredfold():
    wild, tame = (means("Weight decay as in d2l", which, "val_loss")[0] for which in ("baseline", "experiment"))
    assert tame < wild / 300


def test_in_the_preset_with_nothing_to_learn_the_training_loss_falls_and_validation_is_a_coin():
    loss, accuracy = means("Nothing to learn", "experiment", "loss", "val_accuracy")
    assert loss < 0.62  # well below log 2, the loss of a coin
    assert abs(accuracy - 0.5) < 0.1
