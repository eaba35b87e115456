"""What the first page promises: the default experiment overfits visibly and one slider visibly cures it."""

import numpy as np
import pytest

from regdash.api import SGD, Experiment, HighDimensionalLine, Linear, Split, Training, train

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
