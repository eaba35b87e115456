"""How long a training will about take, to decide whether every change is trained at once."""

from regdash.datasets import samples, shape_of
from regdash.experiment import Experiment
from regdash.ui.rows import missing

SECONDS_PER_STEP = 1.2e-4  # of one mini-batch, however small
SECONDS_PER_EPOCH = 4e-4  # evaluation, penalties and norms
FLOP_PER_SECOND = 2e10  # reached by small matrix products on two cores
SHORT = 4.0  # seconds that are bearable after every move of a slider


def seconds(experiment: Experiment, runs: int) -> float:
    """Steps and epochs have their own cost, and the arithmetic grows with the runs, one for each seed and fold.

    Per multiplication of the network and epoch it is 6 per training row to learn, and 2 per training and validation
    row to judge.
    """
    data = samples(experiment.data, experiment.split)
    rows, epochs = len(data.train), experiment.training.epochs
    steps = epochs * -(-rows // (experiment.training.batch_size or rows))
    products = experiment.network.multiplications(shape_of(experiment.data), data.outputs)
    arithmetic = runs * epochs * products * (8 * rows + 2 * len(data.validation)) / FLOP_PER_SECOND
    return steps * SECONDS_PER_STEP + epochs * SECONDS_PER_EPOCH + arithmetic


def is_short(experiment: Experiment, runs: int) -> bool:
    """Whether the training is short enough to run on every change; without rows there is nothing to wait for."""
    return missing(experiment) is not None or seconds(experiment, runs) <= SHORT
