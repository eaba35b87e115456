"""Targets that are no longer what the training loss seems to say, and folds that lack a class."""

from dataclasses import replace
from math import log

import numpy as np
from scipy.special import digamma

from regdash.datasets import samples
from regdash.experiment import Experiment
from regdash.regularizers import LabelSmoothing, Mixup


def smoothing_floor(experiment: Experiment) -> str:
    """No cross-entropy is below the entropy of its targets 1 - s + s / C (once) and s / C (C - 1 times)."""
    smoothing, classes = experiment.regularizer(LabelSmoothing).smoothing, experiment.data.classes
    if not smoothing:
        return ""
    other = smoothing / classes
    right = 1 - smoothing + other
    floor = -right * log(right) - (classes - 1) * other * log(other)
    return (
        f"With label smoothing {smoothing:g} over {classes} classes the running training loss cannot fall below "
        f"{floor:.3f}, the entropy of the smoothed targets. Look at the other curves: they are judged on true labels."
    )


def mixup_floor(experiment: Experiment) -> str:
    """The mean entropy of shares lam, 1 - lam with lam ~ Beta(a, a) is psi(2 a + 1) - psi(a + 1), psi the digamma.

    Two rows of the same class keep a sure target, so it counts for 1 - sum p_c^2 of the pairs.
    """
    alpha, classes = experiment.regularizer(Mixup).alpha, experiment.data.classes
    if not alpha or not classes:
        return ""
    labels = samples(experiment.data, experiment.split).train.y.astype(int)
    shares = np.bincount(labels, minlength=classes) / len(labels)
    floor = (1 - np.square(shares).sum()) * (digamma(2 * alpha + 1) - digamma(alpha + 1))
    return (
        f"With mixup {alpha:g} the running training loss cannot fall much below {floor:.3f}, the mean entropy of the "
        "blended targets. Look at the other curves: they are judged on rows that are not blended."
    )


def folds_without_a_class(experiment: Experiment) -> str:
    """A class with fewer rows than there are folds is missing from the validation rows of some."""
    split, classes = experiment.split, experiment.data.classes
    if not split.folds or not classes:
        return ""
    parts = samples(experiment.data, replace(split, label_noise=0.0))
    labels = np.concatenate([parts.train.y, parts.validation.y]).astype(int)
    counts = np.bincount(labels, minlength=classes)
    least = int(counts.argmin())
    if counts[least] >= split.folds:
        return ""
    return (
        f"Class {parts.class_names[least]} has {counts[least]} of the rows that {split.folds} folds share, so "
        f"{split.folds - counts[least]} folds validate without it. Take fewer folds or more rows."
    )
