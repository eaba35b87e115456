"""Experiment <-> JSON: nothing is lost, the identity is stable, and no text does harm."""

import json
import random
from typing import Any

import pytest
from drawn import experiments
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regdash import codec
from regdash.codec import SCHEMA, from_dict, from_json, identity, to_dict, to_json
from regdash.datasets import Iris, Moons
from regdash.errors import InvalidExperiment
from regdash.experiment import Experiment
from regdash.regularizers import L2, REGULARIZERS, EarlyStopping

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


def faults(text: str) -> dict[str, str]:
    """The sentences about a JSON text."""
    with pytest.raises(InvalidExperiment) as caught:
        from_json(text)
    return dict(caught.value.errors)


def read(text: str) -> Experiment | dict[str, str]:
    """The experiment in a JSON text, or the sentences about it."""
    try:
        return from_json(text)
    except InvalidExperiment as error:
        return dict(error.errors)


def shuffled(tree: Any, chance: random.Random) -> Any:
    """The same tree with the keys of every object in another order."""
    if not isinstance(tree, dict):
        return tree
    keys = list(tree)
    chance.shuffle(keys)
    return {key: shuffled(tree[key], chance) for key in keys}


def places(tree: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every value in a tree, objects included."""
    inner = (
        [deep for key, value in tree.items() for deep in places(value, (*path, key))] if isinstance(tree, dict) else []
    )
    return [path, *inner]


def put(tree: Any, path: tuple[str, ...], value: Any) -> Any:
    """The tree with another value at a path."""
    return {**tree, path[0]: put(tree[path[0]], path[1:], value)} if path else value


@given(experiments())
def test_an_experiment_comes_back_from_json_as_it_was(experiment: Experiment) -> None:
    assert from_json(to_json(experiment)) == experiment
    assert from_dict(to_dict(experiment)) == experiment
    assert identity(from_json(to_json(experiment))) == identity(experiment)


@given(experiments(), st.randoms(use_true_random=False))
def test_the_identity_does_not_depend_on_the_order_of_keys(experiment: Experiment, chance: random.Random) -> None:
    text = json.dumps(shuffled(to_dict(experiment), chance), indent=2)
    assert identity(from_json(text)) == identity(experiment)


@given(experiments(), st.sampled_from(REGULARIZERS))
def test_the_identity_does_not_depend_on_regularizers_that_change_nothing(experiment: Experiment, kind: Any) -> None:
    if not experiment.regularizer(kind).active:
        assert identity(experiment.with_part(kind.name, kind())) == identity(experiment)


@given(experiments(), experiments())
def test_identities_are_equal_exactly_when_experiments_are(one: Experiment, other: Experiment) -> None:
    assert (identity(one) == identity(other)) == (one == other)


def test_equal_numbers_have_the_same_identity_however_they_are_written() -> None:
    ways = [Moons(noise=0.0), Moons(noise=-0.0), Moons(noise=0)]
    assert len({identity(Experiment(data=data)) for data in ways}) == 1
    assert identity(from_json('{"data": {"noise": 1e0, "samples": 400.0}}')) == identity(Experiment(Moons(noise=1.0)))


def test_settings_of_a_regularizer_that_is_off_do_not_change_the_identity() -> None:
    assert identity(Experiment(regularizers=(EarlyStopping(min_delta=0.5),))) == identity(Experiment())


def test_the_identity_is_short_hexadecimal_text() -> None:
    assert len(identity(Experiment())) == 20
    assert set(identity(Experiment())) <= set("0123456789abcdef")


def test_what_is_left_out_keeps_its_default() -> None:
    assert from_json("{}") == Experiment()
    assert from_json('{"data": {"name": "iris"}, "regularizers": {"l2": {"l2": 0.1}}}') == Experiment(
        data=Iris(), regularizers=(L2(0.1),)
    )


def test_three_faults_give_three_sentences_one_for_each_field() -> None:
    text = '{"data": {"noise": 7}, "regularizers": {"dropout": {"rate": "much"}}, "training": {"epoch": 5}}'
    assert faults(text) == {
        "data.noise": "Noise must be between 0 and 1, got 7.0",
        "dropout.rate": "Dropout must be a number, got 'much'",
        "training.epoch": "Training has no setting 'epoch'; did you mean epochs?",
    }


def test_an_unknown_data_set_names_the_nearest_known_one() -> None:
    message = faults('{"data": {"name": "mons"}}')["data"]
    assert message.startswith("data must be one of moons, circles, ")
    assert message.endswith("got 'mons'; did you mean moons?")


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ('{"dat": {}}', "dat", "there is no place called 'dat'; did you mean data?"),
        ('{"regularizers": {"l3": {}}}', "regularizers.l3", "there is no regulariser called 'l3'; did you mean l2?"),
        ('{"regularizers": [1]}', "regularizers", "regularizers must be an object, got list"),
        ('{"data": "iris"}', "data", "data must be an object, got str"),
        ('{"data": {"name": ["iris"]}}', "data", "got ['iris']; did you mean iris?"),
        ('{"network": {"widths": 5}}', "network.widths", "Hidden layers must be a list of integers, got 5"),
        ('{"network": {"widths": [8, null]}}', "network.widths", "Hidden layers must be a whole number, got None"),
        ('{"schema": 2}', "schema", "schema must be between 1 and 1, got 2; newer ones need a newer Regdash"),
        ('{"schema": true}', "schema", "schema must be between 1 and 1, got True"),
        ("[]", "json", "an experiment must be an object, got list"),
        ("null", "json", "an experiment must be an object, got NoneType"),
        ("{", "json", "the text must be JSON, but "),
        ("", "json", "the text must be JSON, but "),
        ("[" * 100_000, "json", "the text must be JSON, but "),
        ('{"a":' * 100_000, "json", "the text must be JSON, but "),
        ('{"training": {"epochs": ' + "9" * 5_000 + "}}", "json", "the text must be JSON, but "),
        ('{"data": {"noise": NaN}}', "data.noise", "Noise must be between 0 and 1, got nan"),
        ('{"data": {"noise": Infinity}}', "data.noise", "Noise must be between 0 and 1, got inf"),
        ('{"data": {"noise": -1e999}}', "data.noise", "Noise must be between 0 and 1, got -inf"),
        ('{"training": {"epochs": 1e300}}', "training.epochs", "Epochs must be between 1 and 2000, got 1000000"),
        ('{"training": {"seed": ' + "9" * 4_000 + "}}", "training.seed", "Seed must be between 0 and 1e+06, got 999"),
    ],
)
def test_a_wrong_text_gives_a_sentence_about_the_field(text: str, field: str, words: str) -> None:
    assert words in faults(text)[field]


@pytest.mark.parametrize("depth", [10, 100, 300, 500, 700, 900, 990])
@pytest.mark.parametrize("place", ["data", "schema", "name", "noise", "widths", "stranger"])
def test_no_depth_of_nesting_does_harm(depth: int, place: str) -> None:
    deep = "[" * depth + "]" * depth
    shapes = {
        "data": f'{{"data": {deep}}}',
        "schema": f'{{"schema": {deep}}}',
        "name": f'{{"data": {{"name": {deep}}}}}',
        "noise": f'{{"data": {{"noise": {deep}}}}}',
        "widths": f'{{"network": {{"widths": {deep}}}}}',
        "stranger": f'{{"stranger": {deep}}}',
    }
    assert faults(shapes[place])


@given(st.text() | junk.map(json.dumps))
@example('{"regularizers": {"dropout": {"rates": {"0": 0.1}}}}')
def test_no_text_raises_anything_but_sentences(text: str) -> None:
    made = read(text)
    assert isinstance(made, Experiment) or all(0 < len(message) < 400 for message in made.values())


@given(experiments(), st.data())
@settings(max_examples=200)
def test_a_wrong_type_anywhere_raises_nothing_but_sentences(experiment: Experiment, drawn: st.DataObject) -> None:
    tree = to_dict(experiment)
    made = read(json.dumps(put(tree, drawn.draw(st.sampled_from(places(tree))), drawn.draw(junk))))
    if isinstance(made, Experiment):
        assert from_json(to_json(made)) == made
    else:
        assert made
        assert "".join(f"{field}: {message}" for field, message in made.items()).encode(), "it can be sent to a page"


def test_thousands_of_unknown_names_give_a_few_sentences() -> None:
    many = {f"stranger{number}": 1 for number in range(5_000)}
    for tree in (many, {"data": many}, {"regularizers": many}):
        assert 1 <= len(faults(json.dumps(tree))) <= 10


def test_names_that_cannot_be_written_are_written_otherwise() -> None:
    for field, message in faults('{"\\ud800": 1, "data": {"\\udfff": 2, "name": "\\ud800"}}').items():
        assert (field + message).encode()


def test_a_setting_of_an_older_schema_is_read_under_its_new_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "RENAMED", {"regularizers.l2.strength": "regularizers.l2.l2", "data.sd": "data.noise"})
    text = '{"schema": 1, "data": {"sd": 0.1}, "regularizers": {"l2": {"strength": 0.01}}}'
    assert from_json(text) == Experiment(data=Moons(noise=0.1), regularizers=(L2(0.01),))


def test_every_text_says_its_schema() -> None:
    assert json.loads(to_json(Experiment()))["schema"] == SCHEMA
