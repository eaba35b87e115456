"""What cannot be searched, each with its sentence: what must hold, what came, what to do."""

from collections.abc import Callable
from typing import Any

import pytest

from regdash.datasets import Diabetes, Iris
from regdash.errors import InvalidExperiment
from regdash.experiment import Experiment, Training
from regdash.networks import Linear
from regdash.search import Choice, InvalidSearch, Objective, Plan, Range, Space, plan_from_dict, plan_from_json

BASE = Experiment()
RATE = Range("dropout.rate", 0.0, 0.9)
L2 = Range("l2.l2", 1e-6, 1e-1, log=True)


def space(*dimensions: Any, base: Experiment = BASE) -> Space:
    return Space(base, dimensions)


def plan(**changes: Any) -> Plan:
    return Plan(**{"space": space(RATE, L2), **changes})


REFUSED: dict[str, tuple[Callable[[], Any], str, str]] = {
    "nothing to search": (lambda: space(), "space", "There is nothing to search: tick at least one setting"),
    "a reversed range": (
        lambda: space(Range("dropout.rate", 0.9, 0.1)),
        "dropout.rate",
        "The lowest Dropout must be below the highest, got 0.9 to 0.1",
    ),
    "a range of one number": (lambda: space(Range("dropout.rate", 0.5, 0.5)), "dropout.rate", "got 0.5 to 0.5"),
    "0 in a logarithmic range": (
        lambda: space(Range("l2.l2", 0.0, 0.1, log=True)),
        "l2.l2",
        "must be above 0, got 0; start above 0 and switch “off” on for an exact 0",
    ),
    "0 in one that has no off": (
        lambda: space(Range("dropout.rate", 0.0, 0.5, log=True)),
        "dropout.rate",
        "must be above 0, got 0; start above 0",
    ),
    "above what the setting allows": (
        lambda: space(Range("dropout.rate", 0.0, 1.5)),
        "dropout.rate",
        "got 1.5",
    ),
    "nan": (lambda: space(Range("dropout.rate", float("nan"), 1.0)), "dropout.rate", "must be a number, got nan"),
    "inf": (lambda: space(Range("dropout.rate", 0.0, float("inf"))), "dropout.rate", "must be a number, got inf"),
    "a huge integer": (lambda: space(Range("dropout.rate", 0, 10**400)), "dropout.rate", "must be a number, got 1"),
    "a text": (lambda: space(Range("dropout.rate", "0", 1.0)), "dropout.rate", "must be a number, got '0'"),
    "a fraction of an epoch": (
        lambda: space(Range("training.epochs", 1.5, 20)),
        "training.epochs",
        "must be a whole number, got 1.5",
    ),
    "one step": (lambda: space(Range("dropout.rate", 0.0, 0.9, steps=1)), "dropout.rate", "between 2 and 1,000, got 1"),
    "off where there is none": (
        lambda: space(Range("dropout.rate", 0.0, 0.9, off=True)),
        "dropout.rate",
        "Dropout has no value that switches it off; leave “off” out",
    ),
    "a range of names": (
        lambda: space(Range("network.activation", 0, 1)),
        "network.activation",
        "must be searched over a list of choices, not over a range",
    ),
    "no choices": (lambda: space(Choice("network.activation", ())), "network.activation", "between 1 and 50 choices"),
    "too many choices": (
        lambda: space(Choice("training.epochs", tuple(range(1, 100)))),
        "training.epochs",
        "between 1 and 50 choices",
    ),
    "a choice twice": (
        lambda: space(Choice("training.epochs", (5, 5.0))),
        "training.epochs",
        "has the choice 5 more than once",
    ),
    "a choice that does not exist": (
        lambda: space(Choice("network.activation", ("relu", "reul"))),
        "network.activation",
        "got 'reul'; did you mean relu?",
    ),
    "another part that does not exist": (lambda: space(Choice("optimizer", ("adamm",))), "optimizer", "got 'adamm'"),
    "the same setting twice": (lambda: space(RATE, RATE), "dropout.rate", "is searched more than once"),
    "too many settings": (lambda: space(*[RATE] * 13), "space", "At most 12 settings can be searched at once, got 13"),
    "a seed": (lambda: space(Range("training.seed", 0, 9)), "training.seed", "a matter of chance, not of choice"),
    "a setting the network does not have": (
        lambda: space(Choice("network.widths", ((8,), (16,))), base=Experiment(network=Linear())),
        "network.widths",
        "has no setting 'network.widths'",
    ),
    "a setting that one of the networks does not have": (
        lambda: space(Choice("network", ("mlp", "linear")), Choice("network.widths", ((8,), (16,)))),
        "network.widths",
        "has no setting 'network.widths': leave one of the two out of the search",
    ),
    "a setting nobody has": (
        lambda: space(Range("dropout.rat", 0.0, 0.5)),
        "dropout.rat",
        "Dropout has no setting 'dropout.rat'; did you mean dropout.rate?",
    ),
    "a network for images on points": (
        lambda: space(Choice("network", ("mlp", "convolutional"))),
        "network",
        "looks at images",
    ),
    "a grid of a million points": (
        lambda: plan(
            space=space(Range("dropout.rate", 0, 0.9, steps=1_000), Range("l2.l2", 1e-6, 1, True, 1_000)),
            strategy="grid",
        ),
        "trials",
        "The grid has 1,000,000 points, and at most 10,000 are tried: take fewer steps or fewer settings",
    ),
    "a budget of 0": (lambda: plan(trials=0), "trials", "The budget must be between 1 and 10,000 trials, got 0"),
    "a budget below 0": (lambda: plan(trials=-5), "trials", "got -5"),
    "a time below 0": (lambda: plan(seconds=-1.0), "seconds", "between 0 (no limit) and 86,400 s, got -1"),
    "a time that is no number": (lambda: plan(seconds=float("nan")), "seconds", "got nan"),
    "a strategy nobody has": (lambda: plan(strategy="tqe"), "strategy", "got 'tqe'; did you mean tpe?"),
    "a halving nobody has": (lambda: plan(halving="third"), "halving", "halving, hyperband or nothing, got 'third'"),
    "halving by 1": (lambda: plan(halving="halving", eta=1), "eta", "Eta must be between 2 and 10, got 1"),
    "halving few epochs": (
        lambda: plan(space=space(RATE, base=Experiment(training=Training(epochs=12))), halving="halving"),
        "halving",
        "Halving by 3 needs at least 15 epochs, so that its first rung has 5, and here are 12",
    ),
    "halving a search over epochs": (
        lambda: plan(space=space(Range("training.epochs", 10, 90)), halving="hyperband"),
        "halving",
        "do not search Epochs as well",
    ),
    "a seed below 0": (lambda: plan(seed=-1), "seed", "The seed must be between 0 and 2147483647, got -1"),
    "accuracy of a regression": (
        lambda: plan(space=space(RATE, base=Experiment(data=Diabetes())), objective=Objective("val_accuracy")),
        "metric",
        "The metric must be one of val_loss, val_mae, val_r2 for Diabetes, got 'val_accuracy'",
    ),
    "an epoch that is neither": (lambda: plan(objective=Objective(epoch="first")), "epoch", "must be best or last"),  # type: ignore[arg-type]
    "no seeds": (lambda: plan(objective=Objective(seeds=0)), "seeds", "Seeds must be between 1 and 50, got 0"),
    "one fold": (lambda: plan(objective=Objective(folds=1)), "folds", "Folds must be 0 or between 2 and 10, got 1"),
    "folds that are too small": (
        lambda: plan(space=space(RATE, base=Experiment(data=Iris(rows=30))), objective=Objective(folds=10)),
        "folds",
        "Folds must have at least",
    ),
    "no JSON": (lambda: plan_from_json("{"), "json", "The text must be JSON, but"),
    "a list": (lambda: plan_from_json("[]"), "json", "A search must be an object, got list"),
    "much too much": (lambda: plan_from_json(" " * 10**6), "json", "at most 500,000 characters, got 1,000,000"),
    "much too deep": (lambda: plan_from_json('{"space": ' + "[" * 500 + "]" * 500 + "}"), "json", "levels deep"),
    "another schema": (lambda: plan_from_dict({"schema": 9}), "schema", "schema must be 1, got 9"),
    "a field nobody has": (lambda: plan_from_dict({"trails": 5}), "trails", "did you mean trials?"),
    "a number as a text": (lambda: plan_from_dict({"trials": "5"}), "trials", "trials must be a whole number, got '5'"),
    "an infinite number": (
        lambda: plan_from_json('{"space": {"dropout.rate": {"low": 0, "high": 1e400}}}'),
        "dropout.rate",
        "must be a number, got inf",
    ),
    "half a range": (
        lambda: plan_from_dict({"space": {"dropout.rate": {"low": 0}}}),
        "dropout.rate",
        'A dimension must be {"low": ..., "high": ...}',
    ),
    "a base that is wrong": (
        lambda: plan_from_dict({"base": {"data": {"name": "moon"}}}),
        "base.data",
        "did you mean moons?",
    ),
    "an objective's unknown field": (
        lambda: plan_from_dict({"objective": {"fold": 5}}),
        "objective.fold",
        "did you mean folds?",
    ),
}


@pytest.mark.parametrize(("make", "field", "sentence"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_in_a_sentence(make: Callable[[], Any], field: str, sentence: str) -> None:
    with pytest.raises(InvalidSearch) as caught:
        make()
    assert sentence in caught.value.errors[field]
    assert all(len(each) < 400 for each in caught.value.errors.values())


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidSearch) as caught:
        plan(trials=0, seconds=-1.0, eta=99, seed=-1, objective=Objective(seeds=0))
    assert set(caught.value.errors) == {"trials", "seconds", "eta", "seed", "seeds"}


def test_a_hundred_thousand_choices_are_refused_at_once() -> None:
    with pytest.raises(InvalidSearch, match="between 1 and 50 choices"):
        plan_from_dict({"space": {"training.epochs": {"choices": list(range(1, 10**5))}}})


def test_values_that_clash_only_with_each_other_are_refused_when_they_are_tried() -> None:
    both = space(Choice("network.widths", ((8, 8), (8,))), Choice("dropout.rates", ((), (0.1, 0.2))))
    assert both.grid_size == 4
    assert both.experiment({"network.widths": (8, 8), "dropout.rates": (0.1, 0.2)}).hidden_places == 2
    with pytest.raises(InvalidExperiment, match="one rate for each of the 1 hidden layers, got 2"):
        both.experiment({"network.widths": (8,), "dropout.rates": (0.1, 0.2)})
