"""The Class page as teachers and pupils meet it, on a real store."""

import io
import zipfile

import pytest
from test_train import button, draft, widget, words

from regdash.experiment import Experiment
from regdash.settings import Settings, settings
from regdash.ui import room_doors, room_export, session

CLASS = "pages/class.py"


@pytest.fixture
def queue(classroom):
    return classroom


@pytest.fixture
def teacher(open_page):
    """A teacher who has just opened a room with L2 = 0.001, locked epochs and a hidden network."""
    page = open_page(CLASS, **{"l2.l2": "0.001"})
    page.text_input(key="room-title").set_value("Class 9b")
    page.multiselect(key="room-lock-new").set_value(["training.epochs"])
    page.multiselect(key="room-hide-new").set_value(["network"])
    return checked(button(page, "Open room").click().run())


@pytest.fixture
def room(teacher, queue):
    (found,) = queue.rooms.of(me(teacher))
    return found


def me(page):
    return page.session_state[session.VISITOR].sessions[0]


def checked(page):
    assert not page.exception
    return page


def join(open_page, code, name):
    page = open_page(CLASS, room=code)
    page.text_input(key="room-nickname").set_value(name)
    return checked(button(page, "Join").click().run())


def train(page, rate=None):
    """Go to the Train page with the lesson, and move the dropout slider."""
    page.switch_page("app.py").run()
    if rate is not None:
        widget(page.slider, "dropout.rate").set_value(rate).run()
    return checked(page)


def test_a_visitor_in_no_class_finds_two_doors_and_is_told_what_a_room_is(open_page):
    page = checked(open_page(CLASS))
    assert {each.label for each in page.button} >= {"Join", "Open room"}
    assert "A room is a class for a lesson or two." in words(page)
    assert "the default experiment" in words(page)


def test_a_teacher_sees_code_link_and_lesson_and_that_nobody_has_joined(teacher, room):
    assert f"{room.code[:4]}-{room.code[4:]}" in words(teacher)
    assert f"/class?room={room.code}" in teacher.code[0].value
    assert "Class 9b" in words(teacher)
    assert "The lesson: L2 strength 0.001. Locked: Epochs (training). Hidden: Network (all)." in words(teacher)
    assert "Nobody has joined yet." in words(teacher)
    assert "No results yet." in words(teacher)


def test_a_link_fills_the_code_in_and_a_pupil_joins_under_a_nickname(open_page, room):
    page = open_page(CLASS, room=room.code.lower())
    assert page.text_input(key="room-code").value == room.code.lower()
    pupil = join(open_page, room.code, "Ada")
    assert "You are <strong>Ada</strong>." in words(pupil)
    assert "room" not in pupil.query_params
    assert button(pupil, "Start the lesson")


def test_a_pupil_trains_inside_the_lesson_and_cannot_leave_it(open_page, room):
    page = train(join(open_page, room.code, "Ada"))
    assert draft(page).values["l2.l2"] == 0.001
    assert page.number_input(key="training.epochs").disabled
    assert "network" not in {each.key for each in page.selectbox}
    assert "Class 9b</strong> – you are <strong>Ada</strong>" in words(page)
    assert not any(each.label == "Leave lesson" for each in page.button)


def test_a_pupil_who_opens_another_link_is_still_in_the_lesson(open_page, room, monkeypatch):
    pupil = join(open_page, room.code, "Ada")
    visitor = pupil.session_state[session.VISITOR]
    monkeypatch.setattr(session.visitor, "recognise", lambda: visitor)
    again = open_page(**{"training.epochs": "900", "dropout.rate": "0.2", "lock": "dropout.rate"})
    assert draft(again).values["training.epochs"] == Experiment().training.epochs
    assert draft(again).values["dropout.rate"] == 0.2
    assert not widget(again.slider, "dropout.rate").disabled


def test_everybodys_results_flow_into_one_table_best_first(open_page, teacher, room):
    for name, rate in (("Ada", 0.5), ("Bob", 0.2)):
        pupil = train(join(open_page, room.code, name), rate)
    pupil.switch_page(CLASS).run()
    teacher.run()
    for page in (pupil, teacher):
        table = page.dataframe[0].value
        assert set(table["Pupil"]) == {"Ada", "Bob"}
        assert {"as in the lesson", "Dropout 0.5", "Dropout 0.2"} == set(table["Differs from the lesson"])
        assert table["Best validation loss"].is_monotonic_increasing
        assert "4 results from 2 pupils." in words(page)
    assert "<strong>2 pupils</strong>" in words(teacher)


def test_settings_that_somebody_else_has_trained_already_are_a_result_of_ones_own_too(open_page, room, queue):
    for name in ("Ada", "Bob"):
        train(join(open_page, room.code, name), 0.3)
    names = [each.nickname for each in queue.rooms.contributions(room.id)]
    assert sorted(names) == ["Ada", "Ada", "Bob", "Bob"]


def test_who_is_in_no_class_contributes_nothing_and_sees_nothing(open_page, room, queue):
    train(open_page(CLASS), 0.3)
    assert queue.rooms.contributions(room.id) == []
    stranger = open_page(CLASS)
    assert "Class 9b" not in words(stranger)
    assert room.code not in words(stranger)


def test_a_teacher_takes_a_nickname_out_and_lets_it_in_again(open_page, teacher, room):
    pupil = train(join(open_page, room.code, "Rude"), 0.3)
    teacher.run()
    teacher.selectbox(key="room-take").set_value("Rude").run()
    button(teacher, "Remove").click().run()
    assert "Rude" not in words(teacher)
    assert "No results yet." in words(teacher)
    pupil.session_state["room seen"] = -100.0
    pupil.switch_page(CLASS).run()
    assert button(pupil, "Join")
    assert "Your teacher has taken you out" in words(join_again(pupil, room.code, "Rude"))
    teacher.selectbox(key="room-let").set_value("Rude").run()
    button(teacher, "Let in again").click().run()
    assert "Rude" in words(teacher)


def join_again(page, code, name):
    page.text_input(key="room-code").set_value(code)
    page.text_input(key="room-nickname").set_value(name)
    return checked(button(page, "Join").click().run())


@pytest.mark.parametrize(
    ("code", "name", "said"),
    [
        ("ABCD-EFGH", "Ada", "There is no class with this code."),
        ("", "Ada", "There is no class with this code."),
        ("<script>alert(1)</script>", "Ada", "There is no class with this code."),
        (None, "", "Your nickname must have 1 to 24 letters, got nothing."),
        (None, "<b>Ada</b>", "without &lt; or &gt;"),
        (None, "x" * 40, "Your nickname must have 1 to 24 letters, got 40."),
        (None, "Ada\u202e", "ordinary visible letters"),
    ],
)
def test_a_wrong_code_or_nickname_is_a_sentence_and_nothing_is_lost(open_page, room, code, name, said):
    page = join_again(open_page(CLASS), room.code if code is None else code, name)
    assert said in words(page)
    assert page.text_input(key="room-code").value == (room.code if code is None else code)
    assert page.text_input(key="room-nickname").value == name


def test_two_pupils_cannot_have_one_nickname(open_page, room):
    join(open_page, room.code, "Ada")
    assert "Somebody in this class is already called ADA." in words(join(open_page, room.code, "ADA"))


def test_titles_and_names_are_never_markup(open_page):
    page = open_page(CLASS)
    page.text_input(key="room-title").set_value("R&D &amp; 'x' \"y\"")
    checked(button(page, "Open room").click().run())
    assert "R&amp;D &amp;amp; &#x27;x&#x27; &quot;y&quot;" in words(page)


def test_a_lesson_that_is_changed_reaches_the_pupils(open_page, teacher, room):
    pupil = train(join(open_page, room.code, "Ada"), 0.3)
    teacher.multiselect(key=f"room-lock-{room.id}").set_value(["dropout.rate"])
    button(teacher, "Give this lesson").click().run()
    assert "Locked: Dropout." in words(teacher)
    pupil.session_state["room seen"] = -100.0
    pupil.run()
    assert widget(pupil.slider, "dropout.rate").disabled
    assert draft(pupil).values["dropout.rate"] == 0.0
    assert not pupil.number_input(key="training.epochs").disabled


def test_a_class_that_has_ended_lets_its_pupils_go_and_can_be_opened_again(open_page, teacher, room, queue):
    pupil = train(join(open_page, room.code, "Ada"), 0.3)
    button(teacher, "End the class now").click().run()
    assert "Ended on" in words(teacher)
    widget(pupil.slider, "dropout.rate").set_value(0.6).run()  # before anybody has told this page
    assert queue.asked[-1].values["dropout.rate"] == 0.6
    assert "You are not in this class" not in words(pupil)
    assert not pupil.number_input(key="training.epochs").disabled or pupil.run()
    assert "This class has ended." in words(join(open_page, room.code, "Late"))
    button(teacher, "Open again for 2 hours").click().run()
    assert "Open until" in words(teacher)


def test_the_export_holds_the_table_and_no_cell_is_a_formula(open_page, room, queue):
    train(join(open_page, room.code, "=SUM(A1)"), 0.3)
    archive = zipfile.ZipFile(io.BytesIO(room_export.packed(queue, room)))
    lines = archive.read("results.csv").decode().splitlines()
    assert lines[0].startswith("Pupil,Best validation loss,Differs from the lesson")
    assert len(lines) == 3
    assert all(line.startswith("'=SUM(A1),") for line in lines[1:])
    assert "runs.jsonl" in archive.namelist()


def test_deleting_a_room_asks_first_and_leaves_nothing_of_it(open_page, teacher, room, queue):
    pupil = train(join(open_page, room.code, "Ada"), 0.3)
    assert "This cannot be undone" in words(teacher)
    button(teacher, "Delete this room for good").click().run()
    assert checked(teacher)
    assert "Class 9b" not in words(teacher)
    assert queue.rooms.get(room.id) is None
    pupil.session_state["room seen"] = -100.0
    pupil.switch_page(CLASS).run()
    assert button(checked(pupil), "Join")


def test_a_teacher_of_several_rooms_chooses_among_them(teacher, room, queue):
    widget(teacher.selectbox, "room place").set_value("doors").run()
    teacher.text_input(key="room-title").set_value("Class 9c")
    button(teacher, "Open room").click().run()
    assert "Class 9c</h1>" in words(teacher)
    widget(teacher.selectbox, "room place").set_value(room.id).run()
    assert "Class 9b</h1>" in words(teacher)


def test_the_limit_of_rooms_is_a_sentence_in_the_card(open_page):
    page = open_page(CLASS)
    for _ in range(settings().max_rooms + 1):
        if any(each.key.startswith("room place") for each in page.selectbox):
            widget(page.selectbox, "room place").set_value("doors").run()
        page.text_input(key="room-title").set_value("Again")
        button(page, "Open room").click().run()
    assert f"You may have at most {settings().max_rooms} rooms open at once." in words(page)
    assert page.text_input(key="room-title").value == "Again"


@pytest.mark.parametrize(("who", "said"), [("nobody", "no rooms can be opened"), ("signed-in", "Sign in first")])
def test_who_may_not_open_a_room_is_told_so_and_may_still_join(open_page, monkeypatch, who, said):
    monkeypatch.setattr(room_doors, "settings", lambda: Settings(rooms=who))
    page = open_page(CLASS)
    assert said in words(page)
    assert "Open room" not in {each.label for each in page.button}
    assert button(page, "Join")


def test_leaving_gives_all_controls_back(open_page, room):
    pupil = join(open_page, room.code, "Ada")
    button(pupil, "Leave").click().run()
    assert button(pupil, "Join")
    assert not train(pupil).number_input(key="training.epochs").disabled


def test_an_invitation_on_the_train_page_shows_the_way(open_page, room):
    page = checked(open_page(room=room.code))
    assert "You have been invited to a class." in words(page)
    assert page.query_params["room"] == [room.code] or page.query_params["room"] == room.code
