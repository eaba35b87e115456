"""The bundled data sets against the tables of scikit-learn."""

from typing import Any

import numpy as np
import pytest
from sklearn import datasets as peers

from regdash.datasets import BreastCancer, Diabetes, Digits, Iris, Split, Wine, samples

TABLES = [
    (Iris, peers.load_iris),
    (Wine, peers.load_wine),
    (BreastCancer, peers.load_breast_cancer),
    (Digits, peers.load_digits),
    (Diabetes, lambda: peers.load_diabetes(scaled=False)),
]
every_table = pytest.mark.parametrize(("kind", "load"), TABLES, ids=[kind.name for kind, _ in TABLES])


def sorted_rows(inputs: Any, targets: Any) -> Any:
    """The rows of a table, target last, in an order that does not depend on how they were shuffled."""
    rows = np.column_stack([inputs, targets])
    return rows[np.lexsort(rows.T)]


@every_table
def test_all_rows_are_those_of_scikit_learn(kind: Any, load: Any) -> None:
    points, table = kind().points(4), load()
    np.testing.assert_array_equal(sorted_rows(points.inputs, points.targets), sorted_rows(table.data, table.target))


@every_table
def test_the_samples_are_rows_of_scikit_learn_once_the_standardisation_is_undone(kind: Any, load: Any) -> None:
    made, table = samples(kind(), Split(train=0.6, seed=2)), load()
    parts = (made.train, made.validation, made.test)
    inputs = made.input_mean + made.input_scale * np.concatenate([part.x for part in parts])
    targets = made.target_mean + made.target_scale * np.concatenate([part.y for part in parts])
    ours, theirs = (np.sort(column, axis=0) for column in (inputs, table.data))
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5 * np.abs(table.data).max(axis=0).max())
    np.testing.assert_allclose(np.sort(targets), np.sort(table.target), rtol=1e-5, atol=1e-5)


@every_table
def test_fewer_rows_keep_the_classes_in_their_proportions(kind: Any, load: Any) -> None:
    target = load().target
    half = len(target) // 2
    kept = kind(rows=half).points(0).targets
    assert len(kept) == half
    if kind.classes:
        np.testing.assert_allclose(np.bincount(kept), np.bincount(target) / 2, atol=2)


@every_table
def test_another_data_seed_keeps_other_rows(kind: Any, load: Any) -> None:
    first, second = (kind(rows=50).points(seed).inputs for seed in (0, 1))
    assert not np.array_equal(np.sort(first, axis=0), np.sort(second, axis=0))


@every_table
def test_points_can_be_changed_without_harm_to_the_next_visitor(kind: Any, load: Any) -> None:
    before = kind().points(0)
    kept = before.inputs.copy()
    before.inputs[:] = 0
    np.testing.assert_array_equal(kind().points(0).inputs, kept)


def test_raw_diabetes_is_the_scaled_one_after_standardising() -> None:
    points = Diabetes().points(0)
    z = (points.inputs - points.inputs.mean(axis=0)) / points.inputs.std(axis=0)
    scaled = peers.load_diabetes()  # scaled to sum of squares 1
    np.testing.assert_allclose(
        sorted_rows(np.round(z, 6), points.targets),
        sorted_rows(np.round(scaled.data * np.sqrt(442), 6), scaled.target),
        atol=2e-6,
    )


def test_digits_are_grey_values_from_0_to_16() -> None:
    inputs = Digits().points(0).inputs
    assert (inputs.min(), inputs.max()) == (0, 16)


def test_the_classes_have_the_names_that_people_use() -> None:
    assert Iris().points(0).class_names == ("setosa", "versicolor", "virginica")
    assert BreastCancer().points(0).class_names == ("malignant", "benign")
    assert Digits().points(0).class_names == tuple("0123456789")
    assert Iris().points(0).feature_names[2] == "petal length (cm)"
    assert Diabetes().points(0).target_name == "disease progression"
