"""Expressions over runs: what they are worth, and that nothing in them is ever run."""

import math
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_lessons import runs

from regdash.datasets import Diabetes, Digits, Split, samples
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.lessons.expressions import parse_condition, parse_expression
from regdash.lessons.facts import facts
from regdash.lessons.measures import CURVES, MEASURES, SHORT, unfit, value_of
from regdash.lessons.names import Names
from regdash.lessons.reading import known_numbers
from regdash.record import History
from regdash.regularizers import Dropout
from regdash.repeats import setting_key

PLAIN = Experiment()
DROPPED = Experiment(regularizers=(Dropout(rate=0.5),))
NAMES = Names({"plain": PLAIN, "dropped": DROPPED}, known_numbers())
ENDS = {setting_key(PLAIN): (0.5, 0.7, 0.9), setting_key(DROPPED): (0.4, 0.3, 1.1)}


def evidence(experiment):
    return runs(experiment, ENDS[setting_key(experiment)])


def value(text: str):
    return parse_expression(text, NAMES).value(evidence, facts)


def holds(text: str) -> list[bool]:
    return parse_condition(text, NAMES).holds(evidence, facts).tolist()


def test_a_measure_is_one_number_for_each_seed():
    assert value("val_loss(plain)") == pytest.approx([0.5, 0.7, 0.9])
    assert value("val_loss()") == pytest.approx([0.5, 0.7, 0.9])


def test_a_changed_setting_is_another_experiment():
    assert value("val_loss(dropout=0.5)") == pytest.approx([0.4, 0.3, 1.1])
    changed = parse_expression("val_loss(dropped, dropout=0.25, learning_rate=0.1)", NAMES)
    assert changed.needs == (DROPPED.with_values({"dropout.rate": 0.25, "optimizer.learning_rate": 0.1}),)


def test_a_word_that_could_be_two_settings_is_none():
    with pytest.raises(RegdashError, match=r"rate could be dropout\.rate or "):
        parse_expression("val_loss(rate=0.25)", NAMES)


def test_numbers_are_reckoned_with_as_in_python():
    assert value("2 * 3 ** 2 - 4 / 8 + -1") == pytest.approx([16.5])
    assert value("sqrt(16) + abs(-2) + log10(1000)") == pytest.approx([9.0])


@pytest.mark.parametrize(("at", "ends"), [("17", 16 / 19), ("lowest", 1), ("highest", 1), ("best", 0)])
def test_a_curve_can_be_read_at_an_epoch(at, ends):
    last = np.array([0.5, 0.7, 0.9])
    curves = np.linspace(1, last, 20)
    expected = {"17": curves[16], "lowest": curves.min(0), "highest": curves.max(0), "best": last}[at]
    assert value(f"val_loss(plain, at={at})") == pytest.approx(expected)


def test_a_condition_holds_or_not_for_each_seed_and_on_average():
    assert holds("val_loss(dropped) < val_loss(plain)") == [True, True, False]
    condition = parse_condition("val_loss(dropped) < val_loss(plain)", NAMES)
    assert condition.holds_on_average(evidence, facts)  # 0.6 against 0.7
    assert holds("0.35 <= val_loss(dropped) < val_loss(plain)") == [True, False, False]
    assert holds("val_loss(plain) ~ 0.7 +- 0.05") == [False, True, False]


def test_a_figure_is_asked_with_settings():
    assert value("soft_threshold.l1_of_one(strength=0.25)") == pytest.approx([0.75])
    assert value("soft_threshold.l2_of_one(strength=0.25)") == pytest.approx([1 / 1.25])


@pytest.mark.parametrize("text", ["1 / 0", "0 / 0", "sqrt(-1)", "log10(0)", "9 ** 9 ** 9 ** 9", "(0 - 1) ** 0.5"])
def test_what_is_no_number_is_inf_or_nan_and_no_fault(text):
    assert not math.isfinite(value(text)[0])


def test_nothing_holds_of_what_is_no_number():
    assert holds("0 / 0 < 1") == holds("0 / 0 >= 1") == holds("0 / 0 ~ 0 +- 1") == [False]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "this cannot be read as an expression: nothing"),
        ("1 +", "this cannot be read as an expression: 1 +"),
        ("norm(plain).real", "may stand here, got norm(plain).real"),
        ("__import__('os').system('ls')", "may stand here"),
        ("plain.parts()", "there is no figure plain"),
        ("soft_threshold.read(strength=1)", "the figure soft_threshold computes no read"),
        ("soft_threshold.zeros(1)", "settings of soft_threshold are given by name"),
        ("soft_threshold.zeros(strenght=1)", "has no setting strenght; did you mean strength?"),
        ("soft_threshold.zeros(strength=1, strength=2)", "every setting is given once"),
        ("soft_threshold.zeros(**plain)", "every setting is given once"),
        ("nrom(plain)", "there is no measure nrom; did you mean norm?"),
        ("norm(plan)", "there is no experiment plan in this lesson; did you mean plain?"),
        ("norm(plain, dropped)", "one experiment is asked for at a time"),
        ("norm(1)", "must stand the name of an experiment"),
        ("norm(plain, droput=0.5)", "droput is no setting of this experiment"),
        ("norm(plain, dropout=1.5)", "must be between 0 and"),
        ("norm(plain, dropout=[[]])", "must be a number, got [[]]"),
        ("norm(plain, at=0)", "at must be an epoch from 1"),
        ("norm(plain, at=[1])", "at must be an epoch from 1"),
        ("gap(plain, at=3)", "leave at=... out"),
        ("abs(1, 2)", "abs takes one number"),
        ("1e999", "must be finite"),
        ("True", "may stand here, got True"),
        ("1j", "may stand here, got 1j"),
        ("'a'", "may stand here"),
        ("[1 for x in y]", "may stand here"),
        ("(lambda: 1)()", "may not stand in an expression"),
        ("x := 1", "may not stand in an expression"),
        ("{}", "may not stand in an expression"),
        ("1 if 1 < 2 else 3", "may stand here"),
        ("(" * 250 + "1" + ")" * 49, "cannot be read"),
        ("-" * 250 + "1", "nested 20 deep at most"),
        ("1" * 301, "at most 300 letters, got 301"),
    ],
)  # fmt: skip
def test_what_is_no_expression_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(RegdashError) as raised:
        parse_expression(text, NAMES)
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("norm(plain)", "must compare two numbers by"),
        ("norm(plain) == 1", "for equal write ~ value +- tolerance"),
        ("norm(plain) != 1", "for equal write ~ value +- tolerance"),
        ("norm(plain) ~ 1", "after ~ must come a value and its tolerance"),
        ("1 in [1]", "must compare by"),
        ("1 < 2 and 2 < 3", "must compare two numbers"),
    ],
)
def test_what_is_no_condition_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(RegdashError) as raised:
        parse_condition(text, NAMES)
    assert sentence in str(raised.value)


TOKENS = st.sampled_from(
    ["norm", "val_loss", "(", ")", "plain", ",", "=", "1", "-", "**", "/", "at", "9", ".", "abs", "~", "+-", "<", " ",
     "soft_threshold", ".zeros", "strength", "'", "[", "lambda", ":", "__class__", "1e9", "\\", "\x00", "é"]
)  # fmt: skip


@given(st.one_of(st.lists(TOKENS, max_size=14).map("".join), st.text(max_size=40)))
@settings(max_examples=150)
def test_any_text_is_an_expression_or_a_sentence(text):
    for parse in (parse_expression, parse_condition):
        with suppress(RegdashError):
            read = parse(text, NAMES)
            (read.value if parse is parse_expression else read.holds)(evidence, facts)


CLASSES = runs(PLAIN, (0.5,))[0]
NUMBERS = runs(Experiment(data=Diabetes()), (0.5,))[0]
EMPTY = replace(
    CLASSES,
    history=History({name: column[:0] for name, column in CLASSES.history.items()}),
    train_outputs=CLASSES.train_outputs[:0],
    val_outputs=CLASSES.val_outputs[:0],
)


@pytest.mark.parametrize("name", [*MEASURES, *SHORT, *CURVES])
@pytest.mark.parametrize("record", [CLASSES, NUMBERS, EMPTY], ids=["classes", "regression", "no epoch"])
def test_every_measure_of_a_run_that_has_it_is_a_number(name, record):
    if not unfit(name, record.experiment):
        assert isinstance(value_of(record, name), float)


@pytest.mark.parametrize(("record", "name"), [(NUMBERS, "val_accuracy"), (CLASSES, "val_r2"), (CLASSES, "mae")])
def test_a_measure_that_a_run_has_not_is_refused_with_a_sentence(record, name):
    assert name in unfit(name, record.experiment)
    with pytest.raises(RegdashError, match=f"has no measure {name}"):
        value_of(record, name)


def test_memorised_is_the_share_of_wrong_labels_that_are_answered():
    experiment = Experiment(data=Digits(rows=400), split=Split(train=0.5, label_noise=0.25))
    rows = samples(experiment.data, experiment.split)
    given, wrong = rows.train.y.astype(int), rows.flipped
    assert wrong.sum() > 10
    answers = np.where(np.arange(len(given)) % 2 == 0, given, (given + 1) % 10)
    record = replace(runs(experiment, (0.5,))[0], train_outputs=np.eye(10)[answers])
    assert value_of(record, "memorised") == np.mean(answers[wrong] == given[wrong])
