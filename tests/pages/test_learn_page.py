"""The Learn page as a visitor meets it; the runs are made of formulas, the lessons are a few of the test's own."""

import numpy as np
import pytest
from fake_queue import FakeQueue, fake_record
from test_train import button, draft, words

from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.lessons.answers import Answer, read_answer
from regdash.lessons.lesson import Further
from regdash.lessons.reading import read_lesson
from regdash.links import REGULARIZATION, SEEDS, from_address, from_comparison, to_address
from regdash.regularizers import L2
from regdash.repeats import Setting
from regdash.settings import Settings, settings
from regdash.store.database import open_store
from regdash.ui import frame, learn_further, learn_shelf, learn_state, room, session
from regdash.ui.learn_values import written

LEARN = "pages/learn.py"
LESSON = """---
title: Does L2 help?
question: What does a penalty change?
level: beginner
minutes: 7
seeds: 2
experiments:
  plain:
    label: no penalty
    training: {epochs: 30}
  decayed:
    label: with L2
    from: plain
    regularizers: {l2: {l2: 0.01}}
predictions:
  which:
    ask: Which norm is smaller?
    choices:
      - {text: Of no penalty, when: norm(plain) < norm(decayed)}
      - {text: With the penalty, when: otherwise}
  much:
    ask: How small is it?
    number: norm(decayed)
    low: 0
    high: 10
claims:
  - norm(decayed) < norm(plain) in 5 of 5 seeds
controls:
  shown: [l2.l2]
  locked: [data]
further:
  - {say: Move it, train: decayed, against: plain}
  - {say: Side by side, compare: [plain, decayed]}
sources:
  - A book
---
Before.

{{predict: which}}

In between it is {{value: norm(decayed)}}.

{{compare: plain, decayed; chart=norms}}

{{predict: much}}

The end: {{value: accuracy(decayed); percent}}.

{{objective: decayed}}
"""
SECOND = LESSON.replace("Does L2 help?", "Another one").replace("level: beginner", "level: advanced")
QUESTION = """---
title: Why tune at all?
seeds: 1
experiments:
  plain:
    training: {epochs: 20}
claims:
  - norm(plain) > 0
---
First words.

{{compare: plain}}

Last words: {{value: norm(plain)}}.
"""
EXPERIMENTS = read_lesson(LESSON, "does-l2-help").experiments


@pytest.fixture(autouse=True)
def assets(monkeypatch, tmp_path):
    """Three lessons, of which one cannot be read, and a question."""
    texts = {"lessons/01-does-l2-help/lesson.md": LESSON, "lessons/02-another/lesson.md": SECOND}
    texts |= {"lessons/03-broken/lesson.md": "no front matter", "questions/01-why.md": QUESTION}
    for path, text in texts.items():
        (tmp_path / "assets" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "assets" / path).write_text(text)
    monkeypatch.setattr(learn_shelf, "site", lambda: tmp_path)
    learn_shelf._of_server.cache_clear()


def checked(page):
    assert not page.exception
    return page


def press(page, label):
    return checked(button(page, label).click().run())


def text(page):
    return words(page) + " ".join(each.value for each in page.markdown)


def labels(page):
    return [each.label for each in page.button]


def address(page):
    return {key: value if isinstance(value, str) else value[0] for key, value in page.query_params.items()}


def members():
    return [member for each in EXPERIMENTS.values() for member in Setting(each, 2).members]


def norm(name):
    """The mean over both seeds of the formula's weight norm at the last epoch."""
    records = [fake_record(member) for member in Setting(EXPERIMENTS[name], 2).members]
    return np.mean([record.history["l2_norm/all"][-1] for record in records])


@pytest.fixture
def lesson(open_page):
    """The first lesson, opened by its address."""
    return lambda: checked(open_page(LEARN, lesson="does-l2-help"))


def predicted(page):
    """Choose the second answer and keep it."""
    page.radio[0].set_value(1).run()
    return press(page, "Keep my prediction")


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


def upload(page, given, name="lesson.md"):
    return checked(page.file_uploader[0].set_value((name, given.encode(), "text/markdown")).run())


def test_a_file_with_three_faults_gives_three_sentences_with_their_lines(open_page, queue):
    wrong = LESSON.replace("level: beginner", "level: easy").replace("Before.", "<b>Before</b>")
    wrong = wrong.replace("{{objective: decayed}}", "{{objective: decaid}}")
    page = upload(open_page(LEARN), wrong)
    said = [line for line in words(page).replace("</li>", "\n").splitlines() if "line " in line]
    lines = [1 + wrong.splitlines().index(row) for row in ("level: easy", "<b>Before</b>", "{{objective: decaid}}")]
    for number in lines:
        assert sum(f"<li>line {number}: " in row for row in said) == 1
    assert words(page).count("<li>line ") == 3
    assert page.file_uploader[0].value is not None
    assert not queue.learning.files


def test_a_good_file_is_kept_opened_listed_and_deleted(open_page, queue):
    page = upload(open_page(LEARN), SECOND)
    (id_,) = queue.learning.files
    assert address(page) == {"v": "1", "lesson": f"own-{id_}"}
    assert "Before." in text(page)
    press(page, "← All lessons")
    assert "Another one" in labels(page)
    press(page, "Delete")
    assert not queue.learning.files


def test_a_file_that_is_no_text_or_too_large_is_a_sentence(open_page):
    page = open_page(LEARN)
    checked(page.file_uploader[0].set_value(("a.md", b"\xff\xfe\x00", "text/markdown")).run())
    assert "line 1: a lesson must be a text in UTF-8" in words(page)
    upload(page, "x" * 70_000)
    assert "line 1: a lesson may have at most 65536 bytes" in words(page)


def test_the_servers_own_lessons_stand_behind_the_others_and_broken_ones_are_left_out(monkeypatch, tmp_path, caplog):
    folder = tmp_path / "own"
    (folder / "07-ours").mkdir(parents=True)
    (folder / "07-ours" / "lesson.md").write_text(LESSON)
    (folder / "bad.md").write_text("nothing")
    monkeypatch.setattr(learn_shelf, "settings", lambda: Settings(lessons=str(folder)))
    learn_shelf._of_server.cache_clear()
    assert [each.name for each in learn_shelf.shelf("lesson").lessons] == ["does-l2-help", "another", "ours"]
    assert "bad.md is left out" in caplog.text


def test_train_opened_from_a_lesson_shows_what_the_lesson_shows_and_no_more():
    lesson = read_lesson(LESSON, "does-l2-help")
    found = learn_further.address(lesson, lesson.further[0])
    assert found.experiment == lesson.experiments["decayed"]
    assert found.baseline == lesson.experiments["plain"]
    assert (found.seeds, found.baseline_seeds, found.locked) == (2, 2, ("data",))
    assert {"network", "optimizer", "training", "dropout", SEEDS} <= set(found.hidden)
    assert not {"l2", "l2.l2", "data", REGULARIZATION} & set(found.hidden)
    assert from_address(to_address(found)) == found


def test_a_lesson_that_shows_no_regulariser_hides_all_of_them():
    lesson = read_lesson(LESSON.replace("shown: [l2.l2]", "shown: [optimizer.learning_rate]"), "name")
    found = learn_further.address(lesson, Further("Go", train="plain"))
    assert REGULARIZATION in found.hidden
    assert "optimizer" not in found.hidden
    assert found.baseline is None


def test_a_lesson_without_controls_leaves_all_of_them():
    plain = LESSON.replace("controls:\n  shown: [l2.l2]\n  locked: [data]\n", "")
    lesson = read_lesson(plain, "name")
    assert not learn_further.address(lesson, lesson.further[0]).teaches


def test_the_way_to_train_makes_it_that_lesson(lesson):
    page = press(press(lesson(), "Skip the question"), "Skip the question")
    button(page, "Move it →").click().run()
    assert draft(page) == EXPERIMENTS["decayed"]
    assert page.session_state[session.LESSON].locked == ("data",)


def test_the_way_to_compare_fills_it_in(lesson):
    page = press(press(lesson(), "Skip the question"), "Skip the question")
    button(page, "Side by side →").click().run()
    found = from_comparison(address(page))
    assert [entry.name for entry in found.entries] == ["no penalty", "with L2"]
    assert [entry.experiment for entry in found.entries] == list(EXPERIMENTS.values())


@pytest.fixture
def classroom(queue, monkeypatch, tmp_path):
    """A queue with a real store, and a room whose lesson is held back."""
    database = open_store(f"sqlite:///{tmp_path / 'rooms.sqlite'}")
    fake = FakeQueue(database=database)
    monkeypatch.setattr(frame, "connect", lambda: fake)
    monkeypatch.setattr(room, "FRESH_SECONDS", 0.0)
    yield fake
    database.close()


def test_in_a_class_the_result_waits_for_the_teacher(classroom, open_page):
    teacher = 32 * "a"
    opened = classroom.rooms.open(teacher, "Class 9b", "", 4.0, settings())
    classroom.rooms.set_course(opened.id, teacher, "does-l2-help", True)
    page = checked(open_page(LEARN))
    me = page.session_state[session.VISITOR].sessions[0]
    classroom.rooms.join(opened.code, me, "Ada")
    classroom.learning.answer(me, "does-l2-help", "which", '{"choice": 0}')  # before the class
    assert "Class 9b has a lesson:" in words(checked(page.run()))
    page = predicted(press(page, "Does L2 help?"))
    assert "How small is it?" in text(page)  # all questions come before the teacher shows the results
    press(page, "Skip the question")
    assert "Your prediction is in." in words(page)
    assert "In between" not in text(page)
    assert classroom.learning.of_room(opened.id, "does-l2-help")["which"] == ['{"choice": 1}']
    classroom.rooms.reveal(opened.id, teacher, True)
    checked(page.run())
    assert "In between" in text(page)
    assert "The end" in text(page)


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (0.012345, "plain", "0.0123"),
        (1.0, "plain", "1.00"),
        (12.345, "plain", "12.3"),
        (1234.5, "plain", "1234"),
        (0.0, "plain", "0"),
        (-0.5, "plain", "−0.500"),
        (0.0000123, "plain", "1.23 × 10⁻⁵"),
        (0.8432, "percent", "84.3\N{NO-BREAK SPACE}%"),
        (4.6, "whole", "5"),
        (-0.2, "whole", "0"),
        (float("nan"), "plain", "–"),
    ],
)
def test_numbers_in_texts_have_three_digits_that_count(value, form, expected):
    assert written(value, form) == expected


def test_the_experiments_of_the_tests_differ_in_l2_alone():
    assert EXPERIMENTS["decayed"] == EXPERIMENTS["plain"].with_part("l2", L2(l2=0.01))
    assert EXPERIMENTS["plain"] == Experiment().with_values({"training.epochs": 30})
