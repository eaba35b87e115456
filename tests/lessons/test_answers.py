"""Answers come from a browser: what is no answer to the question is none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash.lessons.answers import Answer, read_answer, write_answer
from regdash.lessons.lesson import Choice, Prediction

CHOICE = Prediction("a", "Which?", choices=(Choice("one", None), Choice("two", None)))
SKETCH = Prediction("c", "How?", curve="val_loss", of="plain", low=0.0, high=2.0)


@pytest.fixture
def number():
    from regdash.lessons.expressions import parse_expression
    from regdash.lessons.names import Names

    return Prediction("b", "How many?", number=parse_expression("3", Names()), low=0, high=10)


@pytest.mark.parametrize(
    ("prediction", "answer"),
    [
        (CHOICE, Answer(choice=0)),
        (CHOICE, Answer(choice=1)),
        (SKETCH, Answer(sketch=((0.0, 1.0), (0.5, 0.0), (1.0, 2.0)))),
    ],
)
def test_an_answer_comes_back_as_it_was_written(prediction, answer):
    assert read_answer(prediction, write_answer(answer)) == answer


def test_a_number_comes_back_within_its_bounds_only(number):
    assert read_answer(number, write_answer(Answer(number=0.0))) == Answer(number=0.0)
    for wrong in ("-1", "11", "NaN", "Infinity", "1e999", "true", '"3"', "9" * 390, "[3]", "null"):
        assert read_answer(number, f'{{"number": {wrong}}}') is None


@pytest.mark.parametrize(
    "text", ["", "[", "[]", "1", '{"choice": 2}', '{"choice": -1}', '{"choice": true}', "{}", "[" * 500]
)
def test_what_is_no_choice_is_no_answer(text):  # fmt: skip
    assert read_answer(CHOICE, text) is None


@pytest.mark.parametrize(
    "points",
    [[[0, 1], [1, 1]], [[0, 1], [0, 1], [1, 1]], [[0, 1], [0.5, 3], [1, 1]], [[0, 1], [0.5], [1, 1]], [0, 1, 2], {}],
)
def test_a_sketch_is_three_points_from_the_left_within_the_picture(points):
    assert read_answer(SKETCH, json.dumps({"sketch": points})) is None


@given(
    st.one_of(
        st.text(max_size=60),
        st.recursive(
            st.one_of(st.none(), st.floats(), st.integers(), st.text(max_size=3)),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.sampled_from(["choice", "number", "sketch"]), inner, max_size=3)
            ),
        ).map(json.dumps),
    )
)
def test_no_text_breaks_the_reading_of_answers(text):
    for prediction in (CHOICE, SKETCH):
        found = read_answer(prediction, text)
        assert found is None or read_answer(prediction, write_answer(found)) == found
