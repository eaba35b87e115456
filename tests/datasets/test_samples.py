"""How rows become training, validation and test parts, seen on a data set whose rows are numbered."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from regdash.datasets import Diabetes, Moons, Points, Samples, Split, Wine, samples
from regdash.datasets.chance import LABELS, LAYOUT, NOISE, ROWS, SPLIT, flip_labels, stratified_order, stream


@dataclass(frozen=True)
class Numbered:
    """A data set for these tests: the one input is the number of the row, the classes have unequal sizes."""

    name: ClassVar[str] = "numbered"
    label: ClassVar[str] = "Numbered"
    help: ClassVar[str] = "Rows that say which they are."
    task: ClassVar[Any] = "classification"
    standardize: ClassVar[bool] = False
    default_train: ClassVar[float] = 0.5
    features: ClassVar[int] = 1

    rows: int = 200
    classes: int = 3

    def true_class(self) -> Any:
        """Half of the rows are of class 0, the others take turns."""
        row = np.arange(self.rows)
        return np.where(row % 2 == 0, 0, 1 + row // 2 % (self.classes - 1))

    def points(self, seed: int) -> Points:
        return Points(
            inputs=np.arange(self.rows, dtype=float)[:, None],
            targets=self.true_class(),
            feature_names=("row",),
            class_names=tuple("abcdef"[: self.classes]),
        )


@dataclass(frozen=True)
class Table:
    """A regression whose inputs are given by hand."""

    name: ClassVar[str] = "table"
    label: ClassVar[str] = "Table"
    help: ClassVar[str] = "Given by hand."
    task: ClassVar[Any] = "regression"
    standardize: ClassVar[bool] = True
    default_train: ClassVar[float] = 0.5
    classes: ClassVar[int] = 0
    features: ClassVar[int] = 1

    values: tuple[float, ...] = ()

    def points(self, seed: int) -> Points:
        column = np.array(self.values)
        return Points(inputs=column[:, None], targets=column, feature_names=("given",))


def numbers(part: Any) -> list[int]:
    """The numbers of the rows in a part of Numbered."""
    return [int(row) for row in part.x[:, 0]]


def inputs(made: Samples, part: Any) -> Any:
    """The inputs of a part in the units of the data."""
    return made.input_mean + made.input_scale * part.x


@given(st.integers(10, 300), st.floats(0.05, 0.9), st.integers(0, 9_999))
def test_every_row_is_in_exactly_one_part_and_each_part_has_two(rows: int, train: float, seed: int) -> None:
    made = samples(Numbered(rows), Split(train=train, seed=seed))
    parts = [numbers(part) for part in (made.train, made.validation, made.test)]
    assert sorted(row for part in parts for row in part) == list(range(rows))
    assert min(len(part) for part in parts) >= 2
    assert abs(len(parts[1]) - len(parts[2])) <= 1


def test_the_training_part_has_the_share_that_was_asked_for() -> None:
    for train in (0.05, 0.1, 0.5, 0.75, 0.9):
        assert len(samples(Numbered(200), Split(train=train)).train) == round(200 * train)


@given(st.floats(0.05, 0.9), st.floats(0.05, 0.9), st.integers(0, 9_999))
def test_a_larger_training_share_only_adds_rows(one: float, other: float, seed: int) -> None:
    small, large = (samples(Numbered(), Split(train=share, seed=seed)).train for share in sorted((one, other)))
    assert numbers(large)[: len(small)] == numbers(small)


@given(st.integers(0, 9_999))
def test_every_beginning_of_the_order_holds_the_classes_in_their_proportions(seed: int) -> None:
    # a class of share s has at most one row too many or too few at any key, and so has each of the three classes:
    # a beginning is off by at most 1 + 3 s rows
    targets = Numbered().true_class()
    order = stratified_order(targets, 3, np.random.default_rng(seed))
    assert sorted(order) == list(range(200))
    seen = np.cumsum(np.eye(3)[targets[order]], axis=0)
    share = np.bincount(targets) / 200
    assert np.all(np.abs(seen - np.arange(1, 201)[:, None] * share) <= 1 + 3 * share)


def test_the_parts_hold_the_true_class_of_every_row() -> None:
    made, true = samples(Numbered(), Split()), Numbered().true_class()
    for part in (made.train, made.validation, made.test):
        np.testing.assert_array_equal(part.y, true[numbers(part)])
    assert not made.flipped.any()


@given(st.floats(0.0, 0.5), st.integers(2, 5), st.floats(0.05, 0.9), st.integers(0, 9_999))
def test_label_noise_flips_exactly_its_share_of_training_rows_and_no_other(
    share: float, classes: int, train: float, seed: int
) -> None:
    data = Numbered(120, classes)
    made, true = samples(data, Split(train=train, label_noise=share, seed=seed)), data.true_class()
    wrong = made.train.y != true[numbers(made.train)]
    assert wrong.sum() == round(share * len(made.train))
    np.testing.assert_array_equal(made.flipped, wrong)
    assert set(made.train.y) <= set(range(classes))
    for part in (made.validation, made.test):
        np.testing.assert_array_equal(part.y, true[numbers(part)])


def test_a_wrong_label_is_each_other_class_equally_often() -> None:
    flipped = flip_labels(np.full(9_000, 2), 0.5, 4, np.random.default_rng(0))
    counts = np.bincount(flipped, minlength=4)
    assert counts[2] == 4_500
    standard_error = np.sqrt(4_500 * (1 / 3) * (2 / 3))
    assert np.all(np.abs(counts[[0, 1, 3]] - 1_500) < 4 * standard_error)


def test_more_label_noise_only_adds_wrong_labels() -> None:
    few, many = (samples(Numbered(), Split(label_noise=share)) for share in (0.1, 0.4))
    assert numbers(few.train) == numbers(many.train)
    np.testing.assert_array_equal(few.train.y[few.flipped], many.train.y[few.flipped])


def test_moving_the_training_share_leaves_most_wrong_labels_as_they_are() -> None:
    small, large = (samples(Numbered(1_000), Split(train=share, label_noise=0.3)) for share in (0.5, 0.6))
    shared = len(small.train)
    both = small.flipped & large.flipped[:shared]
    assert both.sum() > 0.8 * small.flipped.sum()
    np.testing.assert_array_equal(small.train.y[both], large.train.y[:shared][both])


def test_moving_label_noise_moves_no_row() -> None:
    clean, noisy = (samples(Moons(), Split(label_noise=share)) for share in (0.0, 0.5))
    for name in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(clean, name).x, getattr(noisy, name).x)


def test_moving_the_training_share_does_not_reseed_the_points() -> None:
    small, large = (samples(Moons(), Split(train=share)) for share in (0.2, 0.6))
    np.testing.assert_allclose(inputs(small, small.train), inputs(large, large.train)[: len(small.train)], atol=1e-6)


def test_moving_noise_changes_no_row_of_the_split() -> None:
    calm, wild = (samples(Moons(noise=noise), Split()) for noise in (0.0, 0.4))
    np.testing.assert_array_equal(calm.train.y, wild.train.y)
    moved = (inputs(wild, wild.train) - inputs(calm, calm.train)) / 0.4
    assert abs(moved.mean()) < 4 / np.sqrt(moved.size), "what is left is N(0, 1) noise"
    assert moved.std() == pytest.approx(1, abs=4 / np.sqrt(2 * moved.size))


def test_every_purpose_and_every_seed_has_a_stream_of_random_numbers_of_its_own() -> None:
    purposes = (LAYOUT, NOISE, LABELS, SPLIT, ROWS)
    beginnings = {stream(seed, purpose).random() for seed in range(100) for purpose in purposes}
    assert len(beginnings) == 100 * len(purposes)
    assert stream(7, NOISE).random() == stream(7, NOISE).random()


def test_another_data_seed_draws_another_split() -> None:
    assert numbers(samples(Numbered(), Split(seed=1)).train) != numbers(samples(Numbered(), Split(seed=2)).train)


def test_inputs_are_standardised_with_the_statistics_of_the_training_rows() -> None:
    made = samples(Wine(), Split(train=0.3))
    scaler = StandardScaler().fit(inputs(made, made.train))
    for part in (made.train, made.validation, made.test):
        np.testing.assert_allclose(part.x, scaler.transform(inputs(made, part)), atol=1e-4)
    np.testing.assert_allclose(made.train.x.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(made.train.x.std(axis=0), 1, atol=1e-6)


def test_targets_of_a_regression_are_standardised_and_can_be_brought_back() -> None:
    made = samples(Diabetes(), Split())
    assert made.train.y.mean() == pytest.approx(0, abs=1e-6)
    assert made.train.y.std() == pytest.approx(1, abs=1e-6)
    targets = made.target_mean + made.target_scale * np.concatenate([made.train.y, made.validation.y, made.test.y])
    assert np.sort(targets) == pytest.approx(np.sort(Diabetes().points(0).targets), rel=1e-5)


def test_a_column_that_never_changes_keeps_its_scale() -> None:
    made = samples(Table(values=(0.1,) * 60), Split())  # 0.1 cannot be written exactly: its deviations are rounding
    assert made.input_scale == 1
    assert made.target_scale == 1
    np.testing.assert_allclose(made.train.x, 0, atol=1e-6)


def test_a_column_of_tiny_numbers_is_standardised_all_the_same() -> None:
    tiny = tuple(1e-9 * np.arange(60))
    assert samples(Table(values=tiny), Split()).train.x.std() == pytest.approx(1)


def test_samples_cannot_be_changed_by_those_who_share_them() -> None:
    made = samples(Moons(), Split())
    with pytest.raises(ValueError, match="read-only"):
        made.train.x[0, 0] = 1.0
    assert samples(replace(Moons()), Split()) is made


def test_the_width_of_the_output_follows_from_the_task() -> None:
    assert samples(Numbered(classes=2), Split()).outputs == 1
    assert samples(Numbered(classes=3), Split()).outputs == 3
    assert samples(Diabetes(), Split()).outputs == 1
    tasks = [samples(data, Split()).task for data in (Numbered(classes=2), Numbered(classes=3), Diabetes())]
    assert tasks == ["binary", "multiclass", "regression"]
