"""Folds of cross-validation against what scikit-learn's StratifiedKFold promises, and against closed facts."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.preprocessing import StandardScaler
from test_samples import Numbered, inputs, numbers

from regdash.datasets import Diabetes, Moons, Split, Wine, fold_clashes, samples
from regdash.datasets.folds import fold_of
from regdash.errors import InvalidExperiment


def all_folds(data: Any, folds: int, **split: Any) -> list[Any]:
    """The samples of every fold."""
    return [samples(data, Split(folds=folds, fold=fold, **split)) for fold in range(folds)]


def pool_of(data: Any, **split: Any) -> list[int]:
    """The training and validation rows without folds."""
    made = samples(data, Split(**split))
    return numbers(made.train) + numbers(made.validation)


folds_and_rows = given(st.integers(2, 10), st.integers(60, 200), st.floats(0.05, 0.9), st.integers(0, 9_999))


@folds_and_rows
@settings(max_examples=40)
def test_the_folds_are_disjoint_and_cover_all_but_fewer_than_k_rows(
    folds: int, rows: int, train: float, seed: int
) -> None:
    data, pool = Numbered(rows), pool_of(Numbered(rows), train=train, seed=seed)
    made = all_folds(data, folds, train=train, seed=seed)
    held = [set(numbers(each.validation)) for each in made]
    assert len(set().union(*held)) == sum(map(len, held)), "disjoint"
    never = set(pool) - set().union(*held)
    assert len(never) == len(pool) % folds
    for each, mine in zip(made, held, strict=True):
        assert set(numbers(each.train)) == set(pool) - mine
        assert len(mine) == len(pool) // folds
        assert never <= set(numbers(each.train))


@folds_and_rows
@settings(max_examples=40)
def test_the_test_part_is_exactly_what_it_is_without_folds(folds: int, rows: int, train: float, seed: int) -> None:
    without = samples(Numbered(rows), Split(train=train, seed=seed)).test
    for each in all_folds(Numbered(rows), folds, train=train, seed=seed):
        np.testing.assert_array_equal(each.test.x, without.x)
        np.testing.assert_array_equal(each.test.y, without.y)


@given(st.lists(st.integers(0, 3), min_size=20, max_size=150), st.integers(2, 10))
def test_class_counts_differ_by_at_most_one_as_those_of_scikit_learn(labels: list[int], folds: int) -> None:
    targets = np.array(labels)
    ours = fold_of(targets, 4, folds)
    used = targets[ours >= 0]
    assume(np.bincount(used).max() >= folds)  # scikit-learn refuses less
    counts = np.array([np.bincount(targets[ours == fold], minlength=4) for fold in range(folds)])
    assert np.all(np.ptp(counts, axis=0) <= 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn warns of a class with fewer rows than folds
        theirs = [np.bincount(used[held], minlength=4) for _, held in StratifiedKFold(folds).split(used, used)]
    np.testing.assert_array_equal(np.sort(counts, axis=0), np.sort(theirs, axis=0))


@given(st.integers(20, 150), st.integers(2, 10))
def test_a_regression_has_folds_of_the_sizes_of_scikit_learn_less_the_rows_left_over(rows: int, folds: int) -> None:
    dealt = fold_of(np.zeros(rows), 0, folds)
    sizes = np.bincount(dealt[dealt >= 0], minlength=folds)
    theirs = {len(held) for _, held in KFold(folds).split(np.zeros(rows - rows % folds))}
    assert set(sizes) == theirs == {rows // folds}


def test_twelve_cards_of_two_classes_are_dealt_by_hand() -> None:
    # six of class 0 and seven of class 1, three folds: the last row is left over, the others are two and two
    targets = np.array([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1])
    np.testing.assert_array_equal(fold_of(targets, 2, 3), [0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2, -1])


@given(st.floats(0.0, 0.5), st.integers(2, 10), st.integers(0, 9_999))
@settings(max_examples=40)
def test_a_row_has_the_same_wrong_label_in_every_fold_that_learns_from_it(share: float, folds: int, seed: int) -> None:
    data = Numbered(150, 4)
    true, given_labels = data.true_class(), {}
    for made in all_folds(data, folds, label_noise=share, seed=seed):
        np.testing.assert_array_equal(made.validation.y, true[numbers(made.validation)])
        np.testing.assert_array_equal(made.test.y, true[numbers(made.test)])
        np.testing.assert_array_equal(made.flipped, made.train.y != true[numbers(made.train)])
        for row, label in zip(numbers(made.train), made.train.y, strict=True):
            assert given_labels.setdefault(row, label) == label
    pool = pool_of(data, seed=seed)
    assert sum(given_labels[row] != true[row] for row in pool) == round(share * len(pool))


def test_inputs_are_standardised_with_the_training_rows_of_the_fold() -> None:
    made = all_folds(Wine(), 5)
    for each in made:
        scaler = StandardScaler().fit(inputs(each, each.train))
        np.testing.assert_allclose(each.train.x.mean(axis=0), 0, atol=1e-6)
        np.testing.assert_allclose(each.validation.x, scaler.transform(inputs(each, each.validation)), atol=1e-4)
    assert len({tuple(each.input_mean) for each in made}) == 5


def test_targets_of_a_regression_are_standardised_with_the_training_rows_of_the_fold() -> None:
    for each in all_folds(Diabetes(), 3):
        assert each.train.y.mean() == pytest.approx(0, abs=1e-6)
        assert each.train.y.std() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("folds", [2, 3, 7, 10])
def test_all_members_of_a_stack_have_equal_counts(folds: int) -> None:
    counts = {(len(each.train), len(each.validation), len(each.test)) for each in all_folds(Moons(), folds)}
    assert len(counts) == 1


def test_the_defaults_have_no_folds() -> None:
    assert (Split().folds, Split().fold) == (0, 0)
    assert fold_clashes(Split(fold=9), 20) == {}
    assert numbers(samples(Numbered(), Split(fold=3)).train) == numbers(samples(Numbered(), Split()).train)


def test_a_fold_that_does_not_exist_is_refused_with_a_sentence() -> None:
    assert fold_clashes(Split(folds=5, fold=4), 400) == {}
    assert fold_clashes(Split(folds=5, fold=5), 400) == {"fold": "Fold must be below Folds (5), got 5"}
    with pytest.raises(InvalidExperiment, match=r"split\.fold: Fold must be below Folds \(5\), got 7"):
        samples(Moons(), Split(folds=5, fold=7))


def test_folds_of_fewer_than_two_rows_are_refused_with_a_sentence() -> None:
    # of 20 rows, 2 are for training and 9 for validation: 11 rows make five folds of two
    few = {"train": 0.05, "fold": 0}
    assert fold_clashes(Split(folds=5, **few), 20) == {}
    assert fold_clashes(Split(folds=6, **few), 20) == {
        "folds": "Folds must have at least 2 rows each: 6 folds need 12 training and validation rows, there are 11; "
        "choose fewer folds or more rows"
    }
    with pytest.raises(InvalidExperiment, match=r"split\.folds: Folds must have"):
        samples(Moons(samples=20), Split(folds=6, **few))
