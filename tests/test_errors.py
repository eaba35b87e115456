"""Errors are sentences, and survive the way between processes."""

import copy
import pickle

import pytest

from regdash import errors
from regdash.errors import InvalidExperiment, RegdashError


def test_every_error_of_regdash_is_caught_by_one_name() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert len(kinds) > 3
    assert all(issubclass(kind, RegdashError) for kind in kinds)


def test_an_invalid_experiment_says_one_sentence_per_field() -> None:
    error = InvalidExperiment({"data.noise": "too loud", "training.epochs": "too long"})
    assert str(error) == "data.noise: too loud\ntraining.epochs: too long"
    assert dict(error.errors) == {"data.noise": "too loud", "training.epochs": "too long"}


@pytest.mark.parametrize("again", [lambda it: pickle.loads(pickle.dumps(it)), copy.copy, copy.deepcopy])
def test_an_invalid_experiment_can_be_pickled_and_copied(again) -> None:
    error = InvalidExperiment({"data.noise": "too loud"})
    assert again(error).errors == error.errors
    assert str(again(error)) == str(error)


def test_the_sentences_of_an_error_cannot_be_changed_afterwards() -> None:
    given = {"data.noise": "too loud"}
    error = InvalidExperiment(given)
    given.clear()
    assert error.errors == {"data.noise": "too loud"}
    with pytest.raises(TypeError):
        error.errors["data.noise"] = "changed"
