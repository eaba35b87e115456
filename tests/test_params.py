"""One declaration: what it allows, what it says, and what it makes of foreign values."""

import math
from dataclasses import dataclass
from typing import Any

import pytest
from drawn import values
from hypothesis import given
from hypothesis import strategies as st

from regdash.params import Param, excerpt, nearest, param, params_of, problems, shown


@dataclass(frozen=True)
class Kitchen:
    """A part with one hyper-parameter of each kind."""

    heat: float = param(0.5, "Heat", "How hot.", low=0.0, high=1.0)
    spice: float = param(0.0, "Spice", "How hot otherwise.", low=1e-3, high=1.0, log=True, off=0.0)
    cooks: int = param(2, "Cooks", "How many.", low=1, high=9)
    open: bool = param(True, "Open", "Whether one may come in.")
    dish: str = param("soup", "Dish", "What there is.", choices=("soup", "bread"))
    shelves: tuple[int, ...] = param((3, 2), "Shelves", "How wide.", kind="integers", low=1, high=5, longest=3)
    recipe: str = param("", "Recipe", "By which book.", kind="key")
    doses: tuple[float, ...] = param((), "Doses", "How much.", kind="numbers", low=0.0, high=1.0, longest=3)


DECLARED = {each.name: each for each in params_of(Kitchen)}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def test_declarations_come_in_the_order_of_the_fields_with_kinds_from_their_defaults() -> None:
    kinds = {name: each.kind for name, each in DECLARED.items()}
    assert list(kinds.items()) == [
        ("heat", "number"),
        ("spice", "number"),
        ("cooks", "integer"),
        ("open", "switch"),
        ("dish", "choice"),
        ("shelves", "integers"),
        ("recipe", "key"),
        ("doses", "numbers"),
    ]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("heat", 1.7, "Heat must be between 0 and 1, got 1.7"),
        ("heat", -1e-9, "Heat must be between 0 and 1, got -1e-09"),
        ("heat", math.nan, "Heat must be between 0 and 1, got nan"),
        ("heat", math.inf, "Heat must be between 0 and 1, got inf"),
        ("heat", "hot", "Heat must be a number, got 'hot'"),
        ("heat", True, "Heat must be a number, got True"),
        ("heat", None, "Heat must be a number, got None"),
        ("spice", 1e-4, "Spice must be 0 or between 0.001 and 1, got 0.0001"),
        ("cooks", 1.5, "Cooks must be a whole number, got 1.5"),
        ("cooks", 0, "Cooks must be between 1 and 9, got 0"),
        ("open", 1, "Open must be true or false, got 1"),
        ("dish", "brad", "Dish must be one of soup, bread, got 'brad'; did you mean bread?"),
        ("dish", ["soup"], "Dish must be one of soup, bread, got ['soup']; did you mean soup?"),
        ("shelves", 3, "Shelves must be a list of integers, got 3"),
        ("shelves", (1, 1, 1, 1), "Shelves must have at most 3 entries, got 4"),
        ("shelves", (1, 6), "Shelves must be between 1 and 5, got 6"),
        ("recipe", "ab", "Recipe must be 32 hexadecimal digits or nothing, got 'ab'"),
        ("recipe", "AB" * 16, f"Recipe must be 32 hexadecimal digits or nothing, got '{'AB' * 16}'"),
        ("recipe", "ab" * 16 + "\n", f"Recipe must be 32 hexadecimal digits or nothing, got '{'ab' * 16}\\n'"),
        ("recipe", "../../etc/passwd", "Recipe must be 32 hexadecimal digits or nothing, got '../../etc/passwd'"),
        ("recipe", 10**31, f"Recipe must be 32 hexadecimal digits or nothing, got {10**31}"),
        ("doses", (0.5, "x"), "Doses must be a number, got 'x'"),
    ],
)
def test_a_wrong_value_is_told_with_what_must_hold_and_what_came(name: str, value: Any, sentence: str) -> None:
    assert DECLARED[name].problem(value) == sentence
    assert problems(Kitchen(**{name: value})) == {name: sentence}


@pytest.mark.parametrize("each", DECLARED.values(), ids=DECLARED)
@given(drawn=st.data())
def test_every_allowed_value_is_no_problem_and_is_converted_to_itself(each: Param, drawn: st.DataObject) -> None:
    value = drawn.draw(st.from_regex("([0-9a-f]{32})?", fullmatch=True) if each.kind == "key" else values(each))
    assert each.problem(value) is None
    assert each.convert(value) == value


@pytest.mark.parametrize("each", DECLARED.values(), ids=DECLARED)
@given(value=anything)
def test_any_value_at_all_is_either_allowed_or_a_short_sentence(each: Param, value: Any) -> None:
    problem = each.problem(each.convert(value))
    assert problem is None or (0 < len(problem) < 200 and "\n" not in problem)


def test_values_are_converted_to_the_declared_type() -> None:
    assert type(DECLARED["heat"].convert(1)) is float
    assert type(DECLARED["cooks"].convert(3.0)) is int
    assert DECLARED["shelves"].convert([4.0, 2]) == (4, 2)
    assert [type(item) for item in DECLARED["doses"].convert([1, 0.5])] == [float, float]


def test_values_that_do_not_fit_are_left_for_the_sentence() -> None:
    assert DECLARED["cooks"].convert(3.5) == 3.5
    assert DECLARED["heat"].convert(10**400) == 10**400
    assert DECLARED["open"].convert("yes") == "yes"


def test_minus_zero_becomes_zero() -> None:
    assert math.copysign(1, DECLARED["heat"].convert(-0.0)) == 1


def test_the_stops_of_a_logarithmic_slider_are_1_2_5_with_off_first() -> None:
    assert DECLARED["spice"].stops() == (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
    assert 0.003 in DECLARED["spice"].stops(0.003)


def test_a_value_in_a_message_is_short_and_on_one_line_however_deep_or_long() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    for value in (deep, "x" * 10**6, list(range(10**6)), {"a\nb": "\ud800"}):
        text = excerpt(value)
        assert len(text) <= 60
        assert text.isprintable()
    while deep:
        deep = deep[0]  # taken apart by hand, level by level


def test_the_nearest_known_word_is_offered_when_one_is_near() -> None:
    assert nearest("Mons", ("moons", "iris")) == "; did you mean moons?"
    assert nearest("quark", ("moons", "iris")) == ""


def test_values_are_shown_as_people_read_them() -> None:
    assert [shown(value) for value in (True, False, 0.001, 0.1 + 0.2, 3, (64, 64), (), "relu")] == [
        "on",
        "off",
        "0.001",
        "0.3",
        "3",
        "64-64",
        "none",
        "relu",
    ]
