"""Where all chance in the data comes from: streams of random numbers, shuffled orders and wrong labels."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

LAYOUT, NOISE, LABELS, SPLIT, ROWS = range(5)


def stream(seed: int, purpose: int) -> np.random.Generator:
    """A stream of random numbers of its own for each purpose, so that one never reseeds another."""
    return np.random.default_rng([seed, 7_919, purpose])


def stratified_order(targets: NDArray[Any], classes: int, chance: np.random.Generator) -> NDArray[np.intp]:
    """A shuffled order of the rows in which every beginning holds the classes in their proportions.

    Each row gets the key (rank within its class + a random number) / size of its class; rows are sorted by it.
    A larger training share therefore only adds rows to a smaller one.
    """
    shuffled = chance.permutation(len(targets))
    groups = targets[shuffled] if classes else np.zeros(len(targets))
    keys = np.empty(len(targets))
    for group in np.unique(groups):
        members = groups == group
        keys[members] = (np.arange(members.sum()) + chance.random()) / members.sum()
    return shuffled[np.argsort(keys, kind="stable")]


def flip_labels(targets: NDArray[Any], share: float, classes: int, chance: np.random.Generator) -> NDArray[Any]:
    """Replace the class of round(share * N) rows by another class, each other class equally likely.

    Each row draws its own two numbers: those with the smallest first ones are flipped, the second says to which
    class. More wrong labels therefore only add to fewer, and rows added at the end leave the others' numbers alone.
    """
    turn, other = chance.random((len(targets), 2)).T
    wrong = np.argsort(turn, kind="stable")[: round(share * len(targets))]
    shift = 1 + (other * (classes - 1)).astype(targets.dtype)
    flipped = targets.copy()
    flipped[wrong] = (targets[wrong] + shift[wrong]) % classes
    return flipped
