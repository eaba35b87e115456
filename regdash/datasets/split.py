"""How rows are divided into training, validation and test parts."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from regdash.datasets.chance import LABELS, SPLIT, flip_labels, stratified_order, stream
from regdash.datasets.folds import fold_of
from regdash.errors import InvalidExperiment
from regdash.params import param

LEAST = 2  # rows of the smallest part


@dataclass(frozen=True)
class Split:
    """How rows are divided: training, validation and test parts, and how many training labels are made wrong."""

    name: ClassVar[str] = "split"
    label: ClassVar[str] = "Split"
    help: ClassVar[str] = "How the rows are divided into training, validation and test parts."

    train: float = param(
        0.25,
        "Training share",
        "How much of the data the network may learn from. Half of the rest is for validation; the other half is "
        "the test part, kept apart until you have chosen your settings.",
        low=0.05,
        high=0.9,
        step=0.05,
        stack=True,
    )
    label_noise: float = param(
        0.0,
        "Wrong labels",
        "The share of training rows whose class is replaced by another one. A network that is too free learns "
        "these mistakes by heart. Validation labels stay right.",
        low=0.0,
        high=0.5,
        step=0.05,
        stack=True,
    )
    seed: int = param(
        0,
        "Data seed",
        "Another number draws other rows and another split. Noise, wrong labels and the split are drawn "
        "apart, so moving one of them leaves the others as they are.",
        low=0,
        high=9_999,
        stack=True,
    )
    folds: int = param(
        0,
        "Folds",
        "Cross-validation: training and validation rows are cut into so many folds of equal size, and one fold "
        "validates what was learnt from the others. 0 is off. The test part stays what it is without folds.",
        low=2,
        high=10,
        off=0,
        unit="folds",
        stack=True,
    )
    fold: int = param(
        0,
        "Fold",
        "Which of the folds validates, counted from 0. Train all of them and look at the mean.",
        low=0,
        high=9,
        stack=True,
    )


def fold_clashes(split: Split, rows: int) -> dict[str, str]:
    """What is wrong between the folds and the fold, and the folds and the N rows of a data set: name -> sentence."""
    if not split.folds:
        return {}
    if split.fold >= split.folds:
        return {"fold": f"Fold must be below Folds ({split.folds}), got {split.fold}"}
    pool, needed = sum(_sizes(rows, split.train)), LEAST * split.folds
    if pool < needed:
        least = f"Folds must have at least {LEAST} rows each: {split.folds} folds need {needed} training and"
        return {"folds": f"{least} validation rows, there are {pool}; choose fewer folds or more rows"}
    return {}


def divided(
    targets: NDArray[Any], classes: int, split: Split
) -> tuple[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]], NDArray[Any]]:
    """The places of the training, validation and test rows among the N rows, and the labels given to the training rows.

    With folds a wrong label belongs to a row: it is the same in every fold in which the row is for training.
    """
    order = stratified_order(targets, classes, stream(split.seed, SPLIT))
    n_train, n_validation = _sizes(len(order), split.train)
    train, validation, test = np.split(order, [n_train, n_train + n_validation])
    known = np.concatenate([train, validation]) if split.folds else train  # the rows that some fold learns from
    given = targets[known]
    if classes:
        given = flip_labels(given, split.label_noise, classes, stream(split.seed, LABELS))
    if not split.folds:
        return (train, validation, test), given
    clashes = fold_clashes(split, len(order))
    if clashes:
        raise InvalidExperiment({f"split.{name}": message for name, message in clashes.items()})
    held = fold_of(targets[known], classes, split.folds) == split.fold
    return (known[~held], known[held], test), given[~held]


def _sizes(rows: int, train: float) -> tuple[int, int]:
    """How many rows are for training and for validation when there are no folds."""
    n_train = min(max(round(train * rows), LEAST), rows - 2 * LEAST)
    return n_train, (rows - n_train) // 2
