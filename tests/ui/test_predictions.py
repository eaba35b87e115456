"""Questions before a run, what is said about the answers, small figures and programs with their controls."""

import json

import numpy as np
import pytest
from fake_runs import history, record
from streamlit.testing.v1 import AppTest

from regdash.charts.figures import settings_from
from regdash.charts.predict_choice import Chosen, read_predict_choice
from regdash.charts.predict_number import Guessed, read_predict_number
from regdash.charts.predict_sketch import Sketched, read_predict_sketch
from regdash.comparison import Series
from regdash.errors import RegdashError
from regdash.lessons.answers import Answer, read_answer
from regdash.lessons.demos import Demo, Output
from regdash.lessons.lesson import Choice, Prediction
from regdash.lessons.reading import read_lesson
from regdash.ui.figure_card import picture_of
from regdash.ui.predict_crowd import distribution
from regdash.ui.predict_result import found
from regdash.ui.predict_sketch import _drawn
from regdash.ui.predict_words import choice_said, inline, number_said, sketch_said

PICK = Prediction("pick", "What happens?", choices=(Choice("It rises", None), Choice("It *falls*", None)))
NUMBER = Prediction("many", "How many?", low=0, high=10, step=1, unit="weights", number=object())
CURVE = Prediction("curve", "Draw it", curve="val_loss", of="plain", low=0, high=2)


def page(prediction, given=None, locked=False):
    import streamlit as st

    from regdash.lessons.answers import write_answer
    from regdash.ui.predict import ask

    answer = ask(prediction, "q", given, locked)
    if answer is not None:
        st.session_state["times"] = st.session_state.get("times", 0) + 1
        st.session_state["kept"] = write_answer(answer)
    st.text(f"{st.session_state.get('times', 0)} {st.session_state.get('kept', '')}".strip())


def asked(*args):
    test = AppTest.from_function(page, args=args, default_timeout=20).run()
    assert not test.exception
    return test


def test_nothing_is_chosen_at_first_and_the_button_waits_for_a_choice():
    test = asked(PICK)
    assert test.radio[0].value is None
    assert test.button[0].disabled
    test.radio[0].set_value(1).run()
    assert not test.button[0].disabled
    assert test.text[0].value == "0"
    test.button[0].click().run()
    assert test.text[0].value == '1 {"choice": 1}'
    assert test.run().text[0].value == '1 {"choice": 1}'  # committed once, not in every run after it


def test_a_number_begins_in_the_middle_and_counts_when_the_button_is_pressed():
    test = asked(NUMBER)
    slider = test.slider[0]
    assert (slider.value, slider.min, slider.max, slider.step) == (5, 0, 10, 1)
    assert slider.label == "Your prediction (weights)"
    slider.set_value(7).run()
    assert test.text[0].value == "0"
    test.button[0].click().run()
    assert test.text[0].value == '1 {"number": 7.0}'


def test_a_scale_in_small_steps_is_a_slider_with_their_digits():
    slider = asked(Prediction("x", "How much?", low=0.5, high=0.6, step=0.01, number=object())).slider[0]
    assert slider.value == pytest.approx(0.55)
    assert slider.proto.format == "%.2f"


@pytest.mark.parametrize(
    ("prediction", "answer", "words"),
    [
        (PICK, Answer(choice=1), r"You predicted: It *falls*"),
        (NUMBER, Answer(number=4.0), "You predicted: 4 weights"),
    ],
)
def test_a_locked_question_says_what_was_answered_and_has_nothing_to_change(prediction, answer, words):
    test = asked(prediction, answer, True)
    assert words in [each.value for each in test.markdown]
    assert [*test.button, *test.radio, *test.slider] == []


def test_a_locked_question_that_was_skipped_says_so():
    assert any("without a prediction" in each.proto.body for each in asked(PICK, None, True).get("html"))


def test_an_answer_given_before_is_where_the_control_begins():
    assert asked(PICK, Answer(choice=0)).radio[0].value == 0
    assert asked(NUMBER, Answer(number=3.0)).slider[0].value == 3


def test_a_sketch_waits_for_the_first_move():
    test = asked(CURVE)
    assert test.button[0].disabled
    assert len(test.get("bidi_component")) == 1


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "x",
        [1, 2, 3],
        [[0, 1], [0.5, 1]],
        [[0.1, 1], [0.5, 1], [1, 1]],
        [[0, 1], [0.5, 1], [0.9, 1]],
        [[0, 1], [0.5, 9], [1, 1]],
        [[0, 1], [0.5, float("nan")], [1, 1]],
        [[0, 1], [0.5, "<script>"], [1, 1]],
        [[0, 1], [1, 1], [1, 1]],
        [[0, 1], [[[[]]]] * 400, [1, 1]],
    ],
)
def test_what_a_browser_sends_that_is_no_sketch_is_no_answer(sent):
    assert _drawn(CURVE, sent) is None


def test_three_points_from_the_first_epoch_to_the_last_are_a_sketch():
    points = [[0, 2], [0.4, 0.25], [1, 1.5]]
    assert _drawn(CURVE, points) == read_answer(CURVE, json.dumps({"sketch": points}))


HOSTILE = "![x](https://a.example/b.png) [here](javascript:alert(1)) <img src=x> :red[hi] `<b>` $w<1$"


def test_a_text_of_a_lesson_becomes_markdown_without_links_pictures_or_html():
    written = inline(HOSTILE)
    assert r"\!\[x\](https\:" in written
    assert r"\[here\](javascript\:" in written
    assert r"\<img src=x\>" in written
    assert r"\:red\[hi\]" in written
    assert "`<b>`" in written
    assert "$w<1$" in written


def truth(*values):
    return np.array(values, bool)


@pytest.mark.parametrize(
    ("picked", "words"),
    [
        (0, "**As you predicted.** “a” holds in 2 of 3 seeds."),
        (1, "**Partly.** “a” holds in 2 of 3 seeds, your answer in 1 of them."),
        (2, "**The runs say something else.** “a” holds in 2 of 3 seeds; you expected “c”."),
        (None, "“a” holds in 2 of 3 seeds."),
    ],
)
def test_a_choice_is_judged_by_the_seeds_in_which_it_holds(picked, words):
    holds = (truth(1, 1, 0), truth(0, 0, 1), truth(0, 0, 0))
    assert choice_said(read_predict_choice(Chosen(("a", "b", "c"), holds, picked))) == words


@pytest.mark.parametrize(
    ("predicted", "verdict"), [(6.0, "**Right.**"), (8.0, "**Close.**"), (9.0, "**Further off than expected.**")]
)
def test_a_number_is_right_within_its_step_and_close_within_a_tenth_of_the_scale(predicted, verdict):
    said = number_said(read_predict_number(Guessed([6.4] * 3, predicted, 0, 20, "weights", 1)))
    assert said.startswith(verdict)
    assert "6.4 weights in each of 3 runs" in said
    assert f"{abs(predicted - 6.4):.2g} away" in said


def test_a_number_within_the_interval_of_the_mean_is_right():
    given = Guessed([2.0, 6.0, 10.0], 4.0, 0, 100, "", 0.01)  # 6 +- 4.30 * 4 / sqrt(3) = 6 +- 9.9
    assert number_said(read_predict_number(given)).startswith("**Right.** The runs give 6 (mean of 3 runs")


def test_a_sketch_is_judged_by_its_mean_distance():
    level = ((0.0, 0.5), (0.5, 0.5), (1.0, 0.5))
    for height, verdict in ((0.54, "Very close"), (0.6, "Close"), (0.9, "Another curve than expected")):
        said = sketch_said(read_predict_sketch(Sketched("val_loss", [np.full(9, height)], level, 9)))
        assert said.startswith(f"**{verdict}.** On average over 9 epochs your sketch lies {height - 0.5:.2g} from")


LESSON = """---
title: A lesson
question: What?
level: beginner
minutes: 5
experiments:
  plain: {label: no penalty, training: {epochs: 20}}
predictions:
  pick:
    ask: What happens?
    choices:
      - {text: It is low, when: val_loss(plain) < 0.1}
      - {text: Something else, when: otherwise}
  many:
    ask: How large?
    number: norm(plain)
    low: 0
    high: 10
  curve:
    ask: Draw it
    sketch: val_loss(plain)
claims: [val_loss(plain) > 0]
---
{{predict: pick}}

{{predict: many}}

{{predict: curve}}
"""


@pytest.fixture(scope="module")
def lesson():
    return read_lesson(LESSON, "a-lesson")


def shown(lesson, name, answer):
    plain = lesson.experiments["plain"]
    runs = [record(plain.with_values({"training.seed": seed}), seed=seed) for seed in range(3)]
    series = {"no penalty": Series("no penalty", plain, 3, {(s, 0): history(20, s) for s in range(3)}, {}, 3)}
    return found(lesson, lesson.predictions[name], answer, lambda experiment: runs, None, series)


def test_every_kind_of_prediction_becomes_one_picture_and_a_sentence(lesson):
    for name, answer in {
        "pick": Answer(choice=0),
        "many": Answer(number=8.0),  # the weights of the fake runs grow to 2 + 0.1 * 20 = 4
        "curve": Answer(sketch=((0, 1), (0.5, 0.3), (1, 0.2))),
    }.items():
        stamp, picture, said = shown(lesson, name, answer)
        assert said.startswith("**")
        assert len(picture.alt) > 20
        assert picture.caption == lesson.predictions[name].ask
        assert picture.draw("dark").data
        assert stamp != shown(lesson, name, None)[0]
    assert "The runs give 4 in each of 3 runs" in shown(lesson, "many", None)[2]


def outcome(lesson, prediction, evidence):
    from regdash.lessons.facts import facts
    from regdash.ui.predict_result import result

    result(lesson, prediction, None, evidence, facts, {}, "one")


def test_a_number_that_the_runs_do_not_have_is_a_sentence_in_place_of_the_chart(lesson):
    def evidence(experiment):
        raise RegdashError("a run of Moons has no measure <b>r2</b>")

    test = AppTest.from_function(outcome, args=(lesson, lesson.predictions["many"], evidence), default_timeout=20).run()
    assert not test.exception
    assert "no measure &lt;b&gt;r2" in test.get("html")[0].proto.body
    assert not test.get("bidi_component")


def test_the_predictions_of_a_room_become_one_picture():
    picture = distribution(PICK, [Answer(choice=1), Answer(choice=1), Answer(choice=0)])
    assert picture.alt == "3 predictions: “It rises” 1; “It *falls*” 2."
    assert "Nobody has predicted" in distribution(CURVE, []).alt


def card(options):
    from regdash.charts.figure_soft_threshold import SOFT_THRESHOLD
    from regdash.ui.figure_card import figure_card

    figure_card(SOFT_THRESHOLD, options, "one")


def test_a_figure_begins_with_its_options_and_can_be_moved_and_reset():
    test = AppTest.from_function(card, args=({"strength": "0.5"},), default_timeout=20).run()
    assert (test.slider[0].value, test.slider[0].label) == (0.5, "Strength")
    assert len(test.button) == 0
    test.slider[0].set_value(1.5).run()
    test.button[0].click().run()
    assert test.slider[0].value == 0.5
    assert len(test.button) == 0
    assert not test.exception


@pytest.mark.parametrize(
    ("options", "words"),
    [({"strength": "much"}, "must be a number"), ({"strength": "9"}, "between 0 and 2"), ({"x": "1"}, "no setting x")],
)
def test_a_figure_with_wrong_options_says_what_is_wrong(options, words):
    test = AppTest.from_function(card, args=(options,), default_timeout=20).run()
    assert not test.exception
    assert any(words in each.proto.body for each in test.get("html"))


def test_a_picture_of_a_figure_names_its_settings():
    from regdash.charts.figure_soft_threshold import SOFT_THRESHOLD

    picture = picture_of(SOFT_THRESHOLD, settings_from(SOFT_THRESHOLD, {"strength": 1.5}))
    assert picture.caption == "Strength 1.5"
    assert "1.5" in picture.alt


def demo(given):
    from regdash.ui.demo_card import demo_card

    demo_card(given, "one")


def test_a_program_prints_as_plain_text_when_it_is_run_and_stays():
    given = Demo("a test", "A title", "print(1)", lambda: Output(("<b>1</b>", "**2**")))
    test = AppTest.from_function(demo, args=(given,), default_timeout=20).run()
    assert [each.value for each in test.code] == ["print(1)"]
    test.button[0].click().run()
    assert test.code[1].value == "<b>1</b>\n**2**"
    assert test.code[1].language in (None, "", "plaintext")
    assert test.run().code[1].value == "<b>1</b>\n**2**"
    assert test.button[0].label == "Run it again"


def test_a_program_that_cannot_be_run_says_why():
    def run():
        raise RegdashError("the data are not here; fetch them")

    test = AppTest.from_function(demo, args=(Demo("broken", "A title", "x", run),), default_timeout=20).run()
    test.button[0].click().run()
    assert not test.exception
    assert any("fetch them" in each.proto.body for each in test.get("html"))
