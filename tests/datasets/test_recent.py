"""Remembering answers within a number of bytes."""

from typing import Any

import numpy as np

from regdash.datasets import Digits, Moons, Split, samples
from regdash.datasets.recent import remembered


def counting(entries: int, limit: int) -> tuple[list[int], Any]:
    """A remembered function of a number, and the numbers it was really asked for."""
    asked: list[int] = []

    @remembered(entries, limit, size=len)
    def zeros(number: int) -> bytes:
        asked.append(number)
        return bytes(number)

    return asked, zeros


def test_an_answer_is_computed_once_and_is_the_same_object() -> None:
    asked, zeros = counting(entries=4, limit=100)
    assert zeros(10) is zeros(10)
    assert asked == [10]


def test_beyond_the_number_of_entries_the_one_used_longest_ago_is_forgotten() -> None:
    asked, zeros = counting(entries=2, limit=100)
    for number in (1, 2, 1, 3, 1, 2):
        zeros(number)
    assert asked == [1, 2, 3, 2]


def test_beyond_the_bytes_the_ones_used_longest_ago_are_forgotten() -> None:
    asked, zeros = counting(entries=9, limit=100)
    for number in (40, 50, 60, 40):  # 60 leaves no room for 40 and 50 together
        zeros(number)
    assert asked == [40, 50, 60, 40]


def test_an_answer_larger_than_all_room_is_still_remembered_while_it_is_the_newest() -> None:
    asked, zeros = counting(entries=9, limit=100)
    for number in (500, 500, 1, 500):
        zeros(number)
    assert asked == [500, 1, 500]


def test_samples_of_equal_values_are_the_same_object_and_of_others_are_not() -> None:
    assert samples(Moons(), Split()) is samples(Moons(noise=0.35), Split(seed=0))
    assert samples(Digits(), Split()) is not samples(Digits(), Split(seed=1))
    assert np.shares_memory(samples(Moons(), Split()).train.x, samples(Moons(), Split()).train.x)
