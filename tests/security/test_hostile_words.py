"""Hostile words in links, titles and nicknames, as the pages show them."""

import io
import zipfile

import pytest
from test_train import button, draft, widget, words

from regdash.experiment import Experiment
from regdash.ui import room_export, room_results, session

CLASS = "pages/class.py"
HOSTILE = [
    {"data": "own", "data.table": "../../../../etc/passwd"},
    {"data": "../../etc/passwd\x00"},
    {"data.noise": "\u202e0.2"},
    {"\u202edata": "moons"},
    {"<script>alert(1)</script>": "1"},
    {"l2.l2": "' OR 1=1; DROP TABLE runs; --"},
    {"network.widths": "[" * 2_000},
    {"data": '{"a":' * 500},
    {"lock": "../../etc/passwd"},
    {"hide": "<img src=x onerror=alert(1)>"},
    {"lock": "l2.l2,\x00"},
    {"base.data": "<svg onload=alert(1)>"},
    {"room": "../../<script>alert(1)</script>"},
    {"seeds": "\u0663"},
    {"v": "1" * 7_000},
]


@pytest.mark.parametrize("link", HOSTILE, ids=lambda link: next(iter(link))[:20].encode("ascii", "replace").decode())
def test_a_hostile_link_is_a_sentence_and_the_default_experiment(open_page, link):
    page = open_page(**link)
    assert not page.exception
    assert draft(page) == Experiment()
    said = words(page)
    assert "Traceback" not in said
    assert not any(sign in said for sign in ("<script", "<img", "<svg", "\u202e", "\x00"))
    assert "room" in link or "This link could not be read" in said


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "a\x00b", "\u202etxt", "a" * 81, "e" + "\u0301" * 9])
def test_a_title_that_is_no_title_opens_no_room(open_page, queue, title):
    page = open_page(CLASS)
    page.text_input(key="room-title").set_value(title)
    button(page, "Open room").click().run()
    assert not page.exception
    assert "The title must" in words(page)
    assert queue.rooms.of(page.session_state[session.VISITOR].sessions[0]) == []


def test_words_that_other_programs_understand_are_only_words(open_page, queue):
    title, name = "'; DROP TABLE rooms; -- %s", "=HYPERLINK(1)"
    teacher = open_page(CLASS)
    teacher.text_input(key="room-title").set_value(title)
    button(teacher, "Open room").click().run()
    (room,) = queue.rooms.of(teacher.session_state[session.VISITOR].sessions[0])
    assert room.title == title
    pupil = open_page(CLASS, room=room.code)
    pupil.text_input(key="room-nickname").set_value(name)
    button(pupil, "Join").click().run()
    pupil.switch_page("app.py").run()
    widget(pupil.slider, "dropout.rate").set_value(0.3).run()
    room_results.forget(queue, room.id)
    teacher.run()
    assert not teacher.exception
    assert set(teacher.dataframe[0].value["Pupil"]) == {"'" + name}  # whoever sees the table can save it
    whole = zipfile.ZipFile(io.BytesIO(room_export.packed(queue, room))).read("results.csv").decode()
    assert not any(line.startswith(tuple('=+-@\t"')) for line in whole.splitlines())
    assert f"'{name}" in whole
