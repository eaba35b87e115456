"""Lessons that visitors bring to the Learn page, and those of the server's own folder."""

import pytest
from small_lessons import LEARN, LESSON, SECOND, address, checked, labels, press, text
from test_train import words

from regdash.settings import Settings
from regdash.ui import learn_shelf

pytestmark = pytest.mark.usefixtures("small_lessons")


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
