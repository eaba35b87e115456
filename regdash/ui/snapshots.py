"""Which runs are looked at on their way, so that their spectral norms, dead units and coefficients can be drawn."""

from regdash.datasets import shape_of
from regdash.experiment import Experiment

MOST_WEIGHTS = 50_000  # a few dozen copies of the weights are kept in memory and in the record


def kept(experiment: Experiment) -> bool:
    """Whether the network is small enough for its weights to be looked at on the way."""
    return _weights(experiment) <= MOST_WEIGHTS


def _weights(experiment: Experiment) -> int:
    classes = experiment.data.classes
    return experiment.network.parameters(shape_of(experiment.data), classes if classes > 2 else 1)
