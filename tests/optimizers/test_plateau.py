"""ReduceOnPlateau against the callback of Keras, driven by hand."""

from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest

from regdash.optimizers import ReduceOnPlateau

RATE = 0.25


def shares_of_keras(ours: ReduceOnPlateau, losses: list[float]) -> list[float]:
    """The share of the learning rate that the callback leaves after each epoch."""
    optimizer = keras.optimizers.SGD(RATE)
    callback = ours.to_keras_callback(keras, RATE)
    callback.set_model(SimpleNamespace(optimizer=optimizer))
    callback.on_train_begin()
    shares = []
    for epoch, loss in enumerate(losses):
        callback.on_epoch_end(epoch, {"val_loss": loss, "loss": 0.0})
        shares.append(float(optimizer.learning_rate) / RATE)
    return shares


SETTINGS = [
    ReduceOnPlateau(),
    ReduceOnPlateau(patience=1),
    ReduceOnPlateau(0.9, patience=2),
    ReduceOnPlateau(0.5, patience=1, cooldown=1),
    ReduceOnPlateau(0.1, patience=3, cooldown=4),
    ReduceOnPlateau(0.5, patience=2, min_delta=0.0),
    ReduceOnPlateau(0.5, patience=2, min_delta=0.25),
    ReduceOnPlateau(0.5, patience=1, min_rate_share=0.25),
    ReduceOnPlateau(0.6, patience=2, cooldown=3, min_delta=0.125, min_rate_share=0.3),
    ReduceOnPlateau(0.5, patience=1, cooldown=2, min_rate_share=1.0),
]


def lists_of_losses() -> list[list[float]]:
    """Falling, noisy and coarse lists (steps of 1/8, so that ties and exact min_delta come up)."""
    chance = np.random.default_rng(5)
    noisy = [list(1 / np.arange(1, 41) + 0.1 * chance.normal(size=40)) for _ in range(4)]
    coarse = [list(np.round(8 * (2 - np.arange(40) / 30 + chance.normal(size=40) / 4)) / 8) for _ in range(4)]
    flat = [[1.0] * 30, list(np.linspace(1, 2, 30)), list(np.linspace(2, 1, 30))]
    return noisy + coarse + flat


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own reading of a Variable
@pytest.mark.parametrize("ours", SETTINGS, ids=repr)
def test_the_learning_rate_falls_after_the_same_epochs_as_in_keras(ours: ReduceOnPlateau) -> None:
    for losses in lists_of_losses():
        np.testing.assert_allclose(ours.rates(losses), shares_of_keras(ours, losses), rtol=1e-5)


def test_these_lists_do_bring_reductions_about() -> None:
    counts = [len(set(ours.rates(losses))) for ours in SETTINGS for losses in lists_of_losses()]
    assert sum(count > 1 for count in counts) > len(counts) / 2


def test_a_flat_loss_halves_the_learning_rate_every_patience_epochs() -> None:
    # the first epoch sets the best loss, then two epochs are waited for
    assert ReduceOnPlateau(0.5, patience=2).rates([1.0] * 7) == [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125]


def test_no_epoch_is_counted_during_the_pause_after_a_reduction() -> None:
    # reduced after epochs 1 and 3: the one between them is the pause
    assert ReduceOnPlateau(0.5, patience=1, cooldown=2).rates([1.0] * 6) == [1, 0.5, 0.5, 0.25, 0.25, 0.125]


def test_the_learning_rate_never_falls_below_its_lowest_share() -> None:
    assert ReduceOnPlateau(0.5, patience=1, min_rate_share=0.3).rates([1.0] * 4) == [1, 0.5, 0.3, 0.3]


def test_no_epochs_no_rates() -> None:
    assert ReduceOnPlateau().rates([]) == []


def test_a_loss_that_is_not_finite_is_no_improvement() -> None:
    assert ReduceOnPlateau(0.5, patience=1).rates([1.0, float("nan"), 0.5, float("inf")]) == [1, 0.5, 0.5, 0.25]


def test_members_of_a_stack_each_follow_their_own_rule_on_tensors() -> None:
    losses = np.array(lists_of_losses()[:8]).T[:, : len(SETTINGS)]
    rules = SETTINGS[:8]
    names = ("shrink", "patience", "min_delta", "cooldown", "min_rate_share")
    types = ("float32", "int32", "float32", "int32", "float32")
    own = {name: tensor([getattr(rule, name) for rule in rules], kind) for name, kind in zip(names, types, strict=True)}
    kinds = ("float32", "int32", "int32", "float32")
    state: Any = tuple(tensor([v] * 8, kind) for v, kind in zip(ReduceOnPlateau.start, kinds, strict=True))
    path = []
    for epoch in losses:
        state = ReduceOnPlateau.after_epoch(keras.ops, tensor(epoch, "float32"), state, **own)
        assert tuple(keras.backend.standardize_dtype(each.dtype) for each in state) == kinds
        path.append(keras.ops.convert_to_numpy(state[-1]))
    for member, rule in enumerate(rules):
        np.testing.assert_allclose(np.array(path)[:, member], rule.rates(list(losses[:, member])), rtol=1e-5)


def tensor(values: Any, kind: str) -> Any:
    return keras.ops.convert_to_tensor(np.asarray(values), kind)
