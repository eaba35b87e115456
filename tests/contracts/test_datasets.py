"""The laws of every data set."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from drawn import parts
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from regdash.datasets import DATASETS, Samples, Split, samples
from regdash.params import Param, params_of, problems
from regdash.settings import Settings

every_data_set = pytest.mark.parametrize("kind", DATASETS, ids=lambda kind: kind.name)


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
    data = values.draw(parts(kind))
    assert problems(data) == {}
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


@pytest.mark.parametrize("kind", [k for k in DATASETS if declared(k, "noise")], ids=lambda kind: kind.name)
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
    few, many = sorted(values.draw(st.lists(st.integers(int(size.low), int(size.high)), min_size=2, max_size=2)))
    assume(few < many)
    data = values.draw(parts(kind))
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
