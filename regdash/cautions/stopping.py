"""Rules over epochs that have no epochs to act in."""

from regdash.experiment import Experiment
from regdash.optimizers import ReduceOnPlateau
from regdash.regularizers import EarlyStopping


def plateau_too_patient(experiment: Experiment) -> str:
    """The first epoch always improves, so the first reduction is in force from epoch patience + 2 at the earliest."""
    schedule, epochs = experiment.schedule, experiment.training.epochs
    if not isinstance(schedule, ReduceOnPlateau) or schedule.patience + 2 <= epochs:
        return ""
    return (
        f"With a patience of {schedule.patience} the learning rate can fall from epoch {schedule.patience + 2} on, and "
        f"the training has {epochs}: it never does. Take a patience of about {_tenth(epochs)} or more epochs."
    )


def watched_too_late(experiment: Experiment) -> str:
    """start_epoch >= epochs."""
    rule, epochs = experiment.regularizer(EarlyStopping), experiment.training.epochs
    if not rule.active or rule.start_epoch < epochs:
        return ""
    return (
        f"Early stopping does not watch the first {rule.start_epoch} epochs, and the training has {epochs}: it never "
        "acts and keeps no best weights. Watch from an earlier epoch."
    )


def stopping_too_patient(experiment: Experiment) -> str:
    """The first watched epoch counts as the best, so training ends after epoch start_epoch + 1 + patience earliest."""
    rule, epochs = experiment.regularizer(EarlyStopping), experiment.training.epochs
    earliest = rule.start_epoch + 1 + rule.patience
    if not rule.active or rule.start_epoch >= epochs or earliest < epochs:
        return ""
    return (
        f"Early stopping can end the training after epoch {earliest} at the earliest, and it has {epochs}: it never "
        f"does. Take a patience of about {_tenth(epochs)} or more epochs."
    )


def _tenth(epochs: int) -> int:
    return max(epochs // 10, 1)
