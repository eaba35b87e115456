"""The borders that are measured, not derived: beyond them training fails, well inside it does not."""

import numpy as np
import pytest

from regdash.api import train
from regdash.cautions import warnings_before
from regdash.experiment import Experiment, Training
from regdash.networks import MLP
from regdash.optimizers import Adadelta, Adam, Lion
from regdash.regularizers import L1, ActivityL1, GroupLasso

SEEDS = range(3)


def trained(**parts):
    runs = [Experiment(**parts).with_values({"training.seed": seed}) for seed in SEEDS]
    return train(runs), bool(warnings_before(runs[0]))


def spread(record):
    """How far apart the answers to different rows are."""
    return float(np.ptp(record.val_outputs))


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "border"), [(L1, 0.1), (GroupLasso, 0.1), (ActivityL1, 0.15)])
def test_a_strength_at_its_border_leaves_one_answer_for_all_rows_and_the_advice_does_not(kind, border):
    for strength, fails in ((border, True), (0.01, False)):
        records, warned = trained(regularizers=(kind(strength),))
        assert [spread(record) < 0.01 for record in records] == [fails] * len(SEEDS)
        assert warned == fails


@pytest.mark.slow
def test_layer_normalisation_of_one_unit_leaves_one_answer_for_all_rows():
    for width, fails in ((1, True), (2, False)):
        records, warned = trained(network=MLP(widths=(16, width), normalization="layer"))
        assert [spread(record) == 0 for record in records] == [fails] * len(SEEDS)
        assert warned == fails


@pytest.mark.slow
@pytest.mark.parametrize(
    ("optimizer", "calmer"), [(Lion(0.03), Lion(0.003)), (Adadelta(0.01), Adadelta(0.5)), (Lion(0.1), Adam(0.01))]
)
def test_an_unfit_learning_rate_leaves_twice_the_training_loss(optimizer, calmer):
    losses = {}
    for chosen, fails in ((optimizer, True), (calmer, False)):
        records, warned = trained(optimizer=chosen)
        losses[fails] = np.mean([record.history["loss"][-1] for record in records])
        assert warned == fails
    assert losses[True] > 2 * losses[False]


@pytest.mark.slow
@pytest.mark.parametrize(("batch", "calmer"), [(1, 8), (17, 18), (50, 51)])
def test_batch_normalisation_of_a_single_row_costs_validation_loss(batch, calmer):
    losses = {}
    data = {"data.samples": {1: 400, 17: 412, 50: 404}[batch]}
    for size, fails in ((batch, True), (calmer, False)):
        parts = {
            "network": MLP(normalization="batch"),
            "training": Training(epochs=20 if batch == 1 else 150, batch_size=size),
        }
        runs = [Experiment(**parts).with_values({"training.seed": seed, **data}) for seed in range(6)]
        assert bool(warnings_before(runs[0])) == fails
        losses[fails] = np.mean([record.history["val_loss"][-1] for record in train(runs)])
    assert losses[True] > 1.15 * losses[False]
