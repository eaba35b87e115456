"""The laws that every search strategy keeps."""

import json
import math
from collections.abc import Sequence

import pytest

from regdash.experiment import Experiment
from regdash.search import STRATEGIES, Choice, InvalidSearch, Plan, Range, Space, Strategy, Values
from regdash.search.strategies import GP, Known, available, problem

MIXED = Space(
    Experiment(),
    (
        Range("l2.l2", 1e-6, 0.1, log=True, off=True),
        Range("dropout.rate", 0.0, 0.9),
        Range("training.batch_size", 8, 64),
        Range("early_stopping.patience", 2, 100, log=True, off=True),
        Choice("weight_decay.biases", (True, False)),
        Choice("optimizer", ("adam", "sgd", "rmsprop")),
        Choice("network.widths", ((16,), (64, 64))),
    ),
)
SMALL = Space(Experiment(), (Range("dropout.rate", 0.0, 0.8, steps=8), Range("l1.l1", 1e-5, 1e-2, log=True, off=True)))
ONE_CHOICE = Space(Experiment(), (Choice("network.activation", ("relu",)),))

installed = [each for each in STRATEGIES if available(each)]
every_strategy = pytest.mark.parametrize("strategy", installed, ids=lambda each: each.name)
every_space = pytest.mark.parametrize("space", [MIXED, SMALL], ids=["mixed", "small"])


def loss(space: Space, values: Values) -> float:
    """A bowl in the unit cube."""
    return sum((place - 0.4) ** 2 for place in space.places(values))


def tried(strategy: type[Strategy], space: Space, count: int, seed: int) -> list[Known]:
    """So many points as a search makes them: asked for in portions of at most 8, and told."""
    found: list[Known] = []
    while len(found) < count:
        new = strategy.propose(space, found, min(8, count - len(found)), seed)
        assert new, "it proposes nothing"
        found += [Known(each, loss(space, each)) for each in new]
    return found


def points(found: Sequence[Known]) -> list[Values]:
    return [each.values for each in found]


def test_names_and_labels_are_unique() -> None:
    assert len({each.name for each in STRATEGIES}) == len({each.label for each in STRATEGIES}) == len(STRATEGIES)


@every_strategy
def test_the_same_seed_gives_the_same_proposals_and_another_seed_others(strategy: type[Strategy]) -> None:
    first = points(tried(strategy, MIXED, 24, seed=3))
    assert points(tried(strategy, MIXED, 24, seed=3)) == first
    if strategy.name != "grid":
        assert points(tried(strategy, MIXED, 24, seed=4)) != first


@every_strategy
@every_space
def test_every_proposal_lies_in_the_space_and_makes_an_experiment(strategy: type[Strategy], space: Space) -> None:
    for values in points(tried(strategy, space, 32, seed=0)):
        assert list(values) == [each.path for each in space.dimensions]
        for each, param in zip(space.dimensions, space.params, strict=True):
            value = values[each.path]
            if isinstance(each, Choice):
                assert value in each.choices
            else:
                assert each.low <= value <= each.high or (each.off and value == param.off)
                assert isinstance(value, int if param.kind == "integer" else float)
        space.experiment(values)


@every_strategy
@every_space
def test_a_history_read_back_gives_the_same_next_points(strategy: type[Strategy], space: Space) -> None:
    for made in (16, 19):
        before = tried(strategy, space, made, seed=1)
        text = json.dumps([[dict(each.values), each.loss] for each in before])
        again = [
            Known({path: tuple(v) if isinstance(v, list) else v for path, v in values.items()}, found)
            for values, found in json.loads(text)
        ]
        assert strategy.propose(space, again, 16, 1) == strategy.propose(space, before, 16, 1)


@pytest.mark.parametrize("strategy", [each for each in STRATEGIES if not each.adaptive], ids=lambda each: each.name)
def test_portions_of_what_does_not_learn_make_no_difference(strategy: type[Strategy]) -> None:
    whole = strategy.propose(MIXED, [], 16, 5)
    first = [Known(values, math.nan) for values in strategy.propose(MIXED, [], 7, 5)]
    assert points(first) + strategy.propose(MIXED, first, 9, 5) == whole


@every_strategy
@pytest.mark.parametrize("bad", [math.inf, math.nan], ids=["failed", "still training"])
@pytest.mark.parametrize("share", [1, 3], ids=["all of them", "every third"])
def test_points_without_a_loss_are_survived(strategy: type[Strategy], bad: float, share: int) -> None:
    before = tried(strategy, SMALL, 16, seed=2)
    spoilt = [Known(each.values, bad if k % share == 0 else each.loss) for k, each in enumerate(before)]
    new = strategy.propose(SMALL, spoilt, 8, 2)
    assert 1 <= len(new) <= 8
    assert new == strategy.propose(SMALL, spoilt, 8, 2)


@every_strategy
def test_off_is_proposed_and_so_are_numbers(strategy: type[Strategy]) -> None:
    values = [each["l1.l1"] for each in points(tried(strategy, SMALL, 30, seed=0))]
    assert 0.0 in values
    assert any(value > 0 for value in values)


@every_strategy
def test_a_space_of_one_choice_is_either_searched_or_refused(strategy: type[Strategy]) -> None:
    if sentence := problem(strategy, ONE_CHOICE):
        with pytest.raises(InvalidSearch, match=sentence[:30]):
            Plan(ONE_CHOICE, strategy.name)
    else:
        assert strategy.propose(ONE_CHOICE, [], 1, 0) == [{"network.activation": "relu"}]
        assert strategy.propose(ONE_CHOICE, [Known({"network.activation": "relu"}, 1.0)] * 20, 2, 0) in (
            [{"network.activation": "relu"}] * 2,
            [{"network.activation": "relu"}],
            [],
        )


@every_strategy
def test_one_dimension_is_enough(strategy: type[Strategy]) -> None:
    line = Space(Experiment(), (Range("dropout.rate", 0.0, 0.9, steps=40),))
    assert len(tried(strategy, line, 40, seed=0)) == 40


def test_what_is_not_installed_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GP, "available", staticmethod(lambda: False))
    with pytest.raises(InvalidSearch, match=r"regdash\[gp\]") as caught:
        Plan(SMALL, "gp")
    assert set(caught.value.errors) == {"strategy"}


def test_cma_es_refuses_choices_only() -> None:
    with pytest.raises(InvalidSearch, match="at least one range of numbers"):
        Plan(ONE_CHOICE, "cma_es")


def test_without_pytorch_a_gaussian_process_is_refused_with_the_name_of_the_extra(monkeypatch):
    monkeypatch.setattr(GP, "available", staticmethod(lambda: False))
    assert not available(GP)
    with pytest.raises(InvalidSearch, match=r"regdash\[gp\]"):
        Plan(SMALL, "gp")
