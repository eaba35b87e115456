"""The laws of every data set."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from downloaded import data_folder, put_in_place
from drawn import parts
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from regdash.datasets import DATASETS, Samples, Split, available, fold_clashes, learnable, samples, shape_of
from regdash.datasets.sources import SOURCES
from regdash.params import Param, params_of, problems
from regdash.settings import Settings

WALKED = [kind for kind in DATASETS if kind.name != "own"]  # that has no rows until somebody uploads a table
every_data_set = pytest.mark.parametrize("kind", WALKED, ids=lambda kind: kind.name)
MOST = 2_000  # images in the small files that stand for the downloads


@pytest.fixture(scope="module", autouse=True)
def _downloaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A machine on which every data set has been downloaded, with fewer images than the real files."""
    with data_folder(tmp_path_factory.mktemp("data")):
        for name in SOURCES:
            put_in_place(name, MOST)
        yield


def drawn(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Any allowed value of a data set, of a download with no more rows than its small file has."""
    rows = {"rows": st.integers(200, MOST)} if kind.name in SOURCES else {}
    return parts(kind, **rows)


def rows_of(data: Any) -> int:
    """How many rows a data set has."""
    return int(getattr(data, "rows", None) or data.samples)


def declared(kind: type[Any], name: str) -> Param | None:
    """The declaration of that name, if the data set has it."""
    return next((each for each in params_of(kind) if each.name == name), None)


def check(made: Samples, data: Any) -> None:
    """What must be true of any samples."""
    for part in (made.train, made.validation, made.test):
        assert len(part) == len(part.y) >= 2
        assert part.x.shape[1] == data.features == len(made.feature_names) == made.features
        assert part.x.dtype == part.y.dtype == np.float32
        assert np.isfinite(part.x).all()
        assert np.isfinite(part.y).all()
        if made.class_names:
            assert set(part.y) <= set(range(data.classes))
    assert len(made.class_names) == data.classes
    assert len(made.flipped) == len(made.train)
    assert (made.task == "regression") == (data.task == "regression") == (data.classes == 0)


@every_data_set
@given(values=st.data(), split=parts(Split))
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_any_allowed_values_give_finite_samples(kind: type[Any], values: st.DataObject, split: Split) -> None:
    data = values.draw(drawn(kind))
    assert problems(data) == {}
    assume(not fold_clashes(split, rows_of(data)))
    check(samples(data, split), data)


@every_data_set
@pytest.mark.parametrize("train", [0.05, 0.9])
@pytest.mark.parametrize("label_noise", [0.0, 0.5])
def test_the_fewest_rows_and_the_outermost_shares_give_finite_samples(
    kind: type[Any], train: float, label_noise: float
) -> None:
    extreme = {each.name: type(each.default)(each.low) for each in params_of(kind)}
    data = kind(**extreme)
    for seed in range(10):
        check(samples(data, Split(train=train, label_noise=label_noise, seed=seed)), data)


@every_data_set
@pytest.mark.parametrize("label_noise", [0.0, 0.5])
def test_every_class_is_in_training_and_validation_at_the_defaults(kind: type[Any], label_noise: float) -> None:
    data = kind()
    for seed in range(10):
        for train in {Split().train, data.default_train}:
            made = samples(data, Split(train=train, label_noise=label_noise, seed=seed))
            for part in (made.train, made.validation, made.test):
                assert data.classes == 0 or set(part.y) == set(range(data.classes))


@every_data_set
def test_the_same_seed_draws_the_same_points_and_another_seed_others(kind: type[Any]) -> None:
    first, again, other = (kind().points(seed) for seed in (7, 7, 8))
    np.testing.assert_array_equal(first.inputs, again.inputs)
    np.testing.assert_array_equal(first.targets, again.targets)
    assert not np.array_equal(first.inputs, other.inputs)


@every_data_set
def test_names_are_plain_words_one_for_each_input_and_class(kind: type[Any]) -> None:
    points = kind().points(0)
    names = (*points.feature_names, *points.class_names, points.target_name)
    assert all(type(name) is str and name.strip() for name in names)
    assert len(set(points.feature_names)) == len(points.feature_names) == points.inputs.shape[1]
    assert len(set(points.class_names)) == len(points.class_names) == kind().classes


@pytest.mark.parametrize("kind", [k for k in WALKED if declared(k, "noise")], ids=lambda kind: kind.name)
def test_moving_noise_does_not_reseed_the_points(kind: type[Any]) -> None:
    still, some, more = (kind(noise=noise).points(3) for noise in (0.0, 0.1, 0.2))
    kept = "targets" if still.class_names else "inputs"
    np.testing.assert_array_equal(getattr(still, kept), getattr(some, kept))
    once, twice = ((made.inputs - still.inputs, made.targets - still.targets) for made in (some, more))
    np.testing.assert_allclose(2 * once[0], twice[0], atol=1e-12)
    np.testing.assert_allclose(2 * once[1], twice[1], atol=1e-12)


@every_data_set
@given(values=st.data())
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
def test_more_rows_only_add_rows(kind: type[Any], values: st.DataObject) -> None:
    name = "rows" if declared(kind, "rows") else "samples"
    size = declared(kind, name)
    assert size is not None
    high = MOST if kind.name in SOURCES else int(size.high)
    few, many = sorted(values.draw(st.lists(st.integers(int(size.low), high), min_size=2, max_size=2)))
    assume(few < many)
    data = values.draw(drawn(kind))
    small, large = (replace(data, **{name: rows}).points(5) for rows in (few, many))
    assert (len(small.inputs), len(large.inputs)) == (few, many)
    np.testing.assert_array_equal(large.inputs[:few], small.inputs)
    np.testing.assert_array_equal(large.targets[:few], small.targets)


@every_data_set
def test_its_share_for_training_can_be_set_on_the_slider(kind: type[Any]) -> None:
    share = declared(Split, "train")
    assert share is not None
    assert share.problem(kind.default_train) is None
    assert round(kind.default_train / (share.step or 1), 9).is_integer()


@every_data_set
def test_it_never_has_more_rows_than_the_machine_allows(kind: type[Any]) -> None:
    size = declared(kind, "rows") or declared(kind, "samples")
    assert size is not None
    assert size.high <= Settings.max_rows


@every_data_set
def test_what_changes_the_shape_of_the_network_is_not_shared_in_a_stack(kind: type[Any]) -> None:
    for each in params_of(kind):
        ends = (kind(**{each.name: type(each.default)(end)}) for end in (each.low, each.high))
        shapes = {(data.features, data.classes) for data in ends}
        assert each.stack == (len(shapes) == 1), each.name


@every_data_set
def test_the_shape_of_a_row_has_as_many_numbers_as_there_are_inputs(kind: type[Any]) -> None:
    shape = shape_of(kind())
    assert len(shape) in (1, 3)
    assert all(side > 0 for side in shape)
    assert np.prod(shape) == kind().features


@every_data_set
def test_whether_it_is_available_and_learnable_is_yes_or_no(kind: type[Any]) -> None:
    assert available(kind()) is True
    assert isinstance(learnable(kind()), bool)


@every_data_set
@pytest.mark.parametrize("folds", [2, 5])
def test_the_folds_have_equal_counts_and_hold_every_class(kind: type[Any], folds: int) -> None:
    data = kind()
    counts = set()
    for fold in range(folds):
        made = samples(data, Split(folds=folds, fold=fold))
        check(made, data)
        counts.add((len(made.train), len(made.validation), len(made.test)))
        assert data.classes == 0 or set(made.validation.y) == set(range(data.classes))
    assert len(counts) == 1
