"""The Learn page as a visitor meets it; the runs are made of formulas, the lessons are a few of the test's own."""

import json
import time

import numpy as np
import pytest
from fake_queue import FakeQueue, fake_record
from small_lessons import (
    EXPERIMENTS,
    LEARN,
    LESSON,
    address,
    checked,
    labels,
    members,
    norm,
    predicted,
    press,
    text,
)
from test_train import draft, words

from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.lessons.answers import Answer, read_answer
from regdash.lessons.reading import read_lesson
from regdash.regularizers import L2
from regdash.repeats import Setting
from regdash.ui import frame, learn_state
from regdash.ui.learn_values import written

pytestmark = pytest.mark.usefixtures("small_lessons")


def test_the_list_shows_every_lesson_and_a_sentence_for_one_that_cannot_be_read(open_page):
    page = checked(open_page(LEARN))
    assert address(page) == {"v": "1", "tab": "lessons"}
    assert [label for label in labels(page) if label[0].isdigit()] == ["1. Does L2 help?", "2. Another one"]
    assert "Beginner · 7 min · not begun" in words(page)
    assert "broken cannot be shown: line 1: a lesson must begin with a line ---" in words(page)
    assert "0 of 2 done" in words(page)
    assert "Begin with: Does L2 help?" in labels(page)


def test_the_list_can_be_limited_to_a_level(open_page):
    page = checked(open_page(LEARN))
    level = next(each for each in page.button_group if each.key == "learn level choice")
    checked(level.set_value("advanced").run())
    assert [label for label in labels(page) if label[0].isdigit()] == ["2. Another one"]


def test_a_lesson_shows_what_follows_a_question_only_once_it_is_answered(lesson, queue):
    page = lesson()
    assert "Before." in text(page)
    assert "In between" not in text(page)
    assert not queue.asked
    assert "Then 4 networks are trained" in words(page)
    predicted(page)
    assert sorted(map(repr, queue.asked)) == sorted(map(repr, members()))
    assert f"In between it is {written(norm('decayed'))}." in text(page)
    assert "How small is it?" in text(page)
    assert "The end" not in text(page)


def test_an_answer_is_kept_and_found_again_after_a_reload_without_training_twice(lesson, queue):
    predicted(lesson())
    kept = queue.learning.answers((), "does-l2-help")["which"]
    assert read_answer(read_lesson(LESSON, "").predictions["which"], kept) == Answer(choice=1)
    asked = len(queue.asked)
    again = lesson()
    assert "In between" in text(again)
    assert len(queue.asked) == asked


def test_questions_can_be_skipped_to_the_end_where_the_ways_on_stand(lesson):
    page = press(press(lesson(), "Skip the question"), "Skip the question")
    records = [fake_record(member) for member in Setting(EXPERIMENTS["decayed"], 2).members]
    accuracy = 100 * np.mean([record.history["accuracy"][-1] for record in records])
    assert f"The end: {accuracy:.1f}" in text(page)
    assert {"Move it →", "Side by side →", "Done", "Next: Another one →"} <= set(labels(page))
    assert "A book" in words(page)
    assert r"0.01\," in text(page)


def test_the_step_line_follows_the_reader(lesson):
    page = lesson()
    assert '<li data-state="now" aria-current="step">Predict</li>' in words(page)
    press(page, "Skip the question")
    assert '<li data-state="now" aria-current="step">See</li>' in words(page)
    press(page, "Skip the question")
    assert '<li data-state="now" aria-current="step">Go on</li>' in words(page)


def test_a_lesson_that_is_done_counts_in_the_list_and_leads_to_the_next(lesson):
    page = press(press(lesson(), "Skip the question"), "Skip the question")
    press(page, "Next: Another one →")
    assert address(page) == {"v": "1", "lesson": "another"}
    press(page, "← All lessons")
    assert address(page) == {"v": "1", "tab": "lessons"}
    assert "1 of 2 done" in words(page)
    assert "Go on with: Another one" in labels(page)


def test_a_reset_forgets_all_progress_and_can_be_taken_back(lesson, queue):
    page = press(predicted(lesson()), "← All lessons")
    assert "predicted 1 of 2" in words(page)
    assert "Continue: Does L2 help?" in labels(page)
    press(page, "Reset progress")
    assert not queue.learning.progress(())
    assert "predicted" not in words(page)
    press(page, "Undo reset")
    assert "predicted 1 of 2" in words(page)


def test_a_lesson_can_be_begun_again(lesson, queue):
    page = press(predicted(lesson()), "Begin again")
    assert not queue.learning.answers((), "does-l2-help")
    assert "In between" not in text(page)
    assert page.radio
    press(page, "Undo")
    assert "In between" in text(page)


def test_the_address_of_a_lesson_carries_no_draft_and_the_draft_survives(open_page):
    page = checked(open_page("app.py", **{"l2.l2": "0.001"}))
    page.switch_page(LEARN).run()
    press(page, "1. Does L2 help?")
    assert address(page) == {"v": "1", "lesson": "does-l2-help"}
    assert draft(page).values["l2.l2"] == 0.001


def test_a_link_of_another_page_opens_the_lesson_it_names(open_page):
    page = checked(open_page("app.py"))
    page.query_params.clear()
    page.query_params["lesson"] = "another"
    checked(page.switch_page(LEARN).run())
    assert address(page) == {"v": "1", "lesson": "another"}
    assert "Another one" in words(page)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"lesson": "no-such"}, "There is no such lesson"),
        ({"lesson": "own-" + 32 * "0"}, "There is no such lesson"),
        ({"lesson": "<script>"}, "This link names nothing"),
        ({"tab": "elsewhere"}, "This link names nothing"),
        ({"question": "no-such"}, "no"),
    ],
)
def test_an_address_that_names_nothing_is_a_sentence(open_page, params, said):
    page = checked(open_page(LEARN, **params))
    assert said in text(page)


@pytest.mark.parametrize("part", list(learn_state.PARTS))
def test_every_part_has_an_address(open_page, part):
    page = checked(open_page(LEARN, tab=part))
    assert page.session_state[learn_state.WHERE].part == part
    assert address(page) == {"v": "1", "tab": part}


def test_an_address_is_read_as_it_was_written():
    places = [learn_state.Where(part) for part in learn_state.PARTS]
    places += [learn_state.Where(part, "name-1") for part in learn_state.PARTS]
    for place in places:
        learn_state.read(learn_state.link(place))
        assert learn_state.here() == place
    learn_state.go("lessons")


def test_a_question_runs_at_the_press_of_a_button(open_page, queue):
    page = checked(open_page(LEARN, question="why"))
    assert "First words." in text(page)
    assert "Last words" not in text(page)
    press(page, "Run it")
    assert len(queue.asked) == 1
    assert "Last words" in text(page)


def test_runs_that_are_refused_are_a_sentence_with_a_way_to_try_again(lesson, queue):
    queue.refusal = RegdashError("Too much at once.")
    page = predicted(lesson())
    assert "Too much at once." in words(page)
    queue.refusal = None
    press(page, "Run it")
    assert "Too much at once." not in words(page)
    assert "In between" in text(page)


def test_a_lesson_can_be_read_without_its_runs_and_its_numbers_are_dashes(lesson, queue):
    queue.refusal = RegdashError("Too much at once.")
    page = press(predicted(lesson()), "Read on without the runs")
    assert "In between it is –." in text(page)


def test_while_runs_move_there_is_a_way_to_cancel_them(monkeypatch, open_page):
    slow = FakeQueue(seconds=1_000.0)
    monkeypatch.setattr(frame, "connect", lambda: slow)
    page = predicted(checked(open_page(LEARN, lesson="does-l2-help")))
    assert 'data-testid="rd-learn-state" data-state="running"' in words(page)
    press(page, "Cancel")
    assert 'data-state="lacking"' in words(page)
    assert "Run what is missing" in labels(page)


def test_the_experiments_of_the_tests_differ_in_l2_alone():
    assert EXPERIMENTS["decayed"] == EXPERIMENTS["plain"].with_part("l2", L2(l2=0.01))
    assert EXPERIMENTS["plain"] == Experiment().with_values({"training.epochs": 30})


def drawn(page):
    """The figures of the charts on the page."""
    cards = [each.proto for each in page.get("bidi_component") if each.proto.bytes]
    return [json.loads(each.bytes)["figure"] for each in cards if b"figure" in each.bytes]


def test_while_runs_move_the_chart_that_comes_next_grows_and_nothing_else_is_told(monkeypatch, open_page):
    slow = FakeQueue(seconds=1_000.0)
    monkeypatch.setattr(frame, "connect", lambda: slow)
    page = predicted(checked(open_page(LEARN, lesson="does-l2-help")))
    assert not drawn(page)
    for done in (10, 20):
        slow.started = dict.fromkeys(slow.started, time.monotonic() - 1_000 * (done + 0.5) / 30)
        (figure,) = drawn(checked(page.run()))
        assert figure["layout"]["meta"]["title"] == "L2 norm of weights by layer"
        assert max(x for trace in figure["data"] for x in trace["x"] if x is not None) == done
        assert "In between" not in text(page)
    slow.started = dict.fromkeys(slow.started, time.monotonic() - 1_000)
    assert [each["layout"]["meta"]["name"] for each in drawn(checked(page.run()))].count("compare-norms") == 1
    assert "In between" in text(page)
