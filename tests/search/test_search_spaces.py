"""Spaces: places and values, grids, and the programs that they need."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash.experiment import Experiment, signature
from regdash.networks import Linear
from regdash.search import Choice, Range, Space

MIXED = Space(
    Experiment(),
    (
        Range("l2.l2", 1e-6, 0.1, log=True, off=True),
        Range("dropout.rate", 0.0, 0.9),
        Range("training.batch_size", 8, 64),
        Range("training.epochs", 2, 500, log=True),
        Choice("network.activation", ("relu", "tanh", "elu")),
    ),
)
unit = st.floats(0, 1, exclude_max=True)


@given(st.lists(unit, min_size=5, max_size=5))
def test_a_point_lies_where_it_was_proposed_as_near_as_its_digits_tell(places: list[float]) -> None:
    values = MIXED.at(places)
    widths = (0.2, 1e-5, 1 / 57, 0.2, 1 / 3)  # of the places that share one value; two or three epochs are far apart
    for found, given_at, width in zip(MIXED.places(values), places, widths, strict=True):
        assert 0 <= found <= 1
        assert abs(found - given_at) <= width
    assert MIXED.at(MIXED.places(values)) == pytest.approx(values) or values["dropout.rate"] >= 0.89


def test_integers_are_equally_likely_up_to_both_ends() -> None:
    space = Space(Experiment(), (Range("training.batch_size", 3, 7),))
    found = [space.at([place])["training.batch_size"] for place in (np.arange(500) + 0.5) / 500]
    assert [found.count(value) for value in range(3, 8)] == [100] * 5


def test_parts_come_before_what_is_inside_them() -> None:
    inside = Range("optimizer.learning_rate", 1e-4, 1e-1, log=True)
    space = Space(Experiment(), (inside, Choice("optimizer", ("sgd", "adam"))))
    assert [each.path for each in space.dimensions] == ["optimizer", "optimizer.learning_rate"]
    found = space.experiment({"optimizer": "sgd", "optimizer.learning_rate": 0.05})
    assert (found.optimizer.name, found.values["optimizer.learning_rate"]) == ("sgd", 0.05)


BATCHES = Range("training.batch_size", 16, 256, log=True, steps=5)
WIDTHS = Choice("network.widths", ((8,), (16,), (8, 8)))
PROGRAMS = {
    "numbers only": ((MIXED.dimensions[0], MIXED.dimensions[1]), 1),
    "data of one shape": ((Range("data.noise", 0.1, 0.5), Range("data.samples", 100, 400)), 1),
    "optimizers": ((Choice("optimizer", ("adam", "sgd", "rmsprop")),), 3),
    "schedules": ((Choice("schedule", ("constant", "cosine")),), 1),
    "activations and widths": ((Choice("network.activation", ("relu", "tanh")), WIDTHS), 6),
    "optimizers, widths and batches": ((Choice("optimizer", ("adam", "sgd")), WIDTHS, BATCHES), 2 * 3 * 5),
}


@pytest.mark.parametrize(("dimensions", "expected"), PROGRAMS.values(), ids=PROGRAMS)
def test_a_grid_makes_as_many_programs_as_its_points_have_signatures(
    dimensions: tuple[Range | Choice, ...], expected: int
) -> None:
    space = Space(Experiment(), dimensions)
    points = (space.grid(number) for number in range(space.grid_size))
    assert space.programs(10_000, grid=True) == len({signature(space.experiment(each)) for each in points})
    if not any(each.path == "schedule" for each in dimensions):
        assert space.programs(10_000, grid=True) == expected


def test_a_range_of_batch_sizes_makes_a_program_for_each_but_never_more_than_trials() -> None:
    space = Space(Experiment(), (BATCHES, Range("dropout.rate", 0.0, 0.9)))
    assert space.programs(10_000) == 256 - 16 + 1
    assert space.programs(64) == 64
    assert space.programs(10_000, grid=True) == 5


def test_programs_are_counted_quickly() -> None:
    largest = Space(
        Experiment(),
        (
            Choice("optimizer", ("adam", "sgd", "rmsprop", "adagrad")),
            Choice("network.widths", tuple((width,) for width in range(1, 51))),
            Range("training.batch_size", 1, 1024),
        ),
    )
    start = time.process_time()
    assert largest.programs(10_000) == 10_000
    assert time.process_time() - start < 0.5  # 0.05 s; three stacks of margin for a busy machine


def test_settings_of_a_network_that_is_searched_itself_are_counted_with_it() -> None:
    space = Space(Experiment(network=Linear()), (Choice("network", ("linear", "mlp")),))
    assert space.programs(100) == 2
