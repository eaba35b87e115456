"""Whoever tries codes of classes until one fits is stopped; whoever mistypes one is not."""

import pytest
from test_train import button, words

from regdash.errors import RegdashError
from regdash.settings import Settings
from regdash.store.rooms import RoomStore
from regdash.ui import room_doors
from regdash.ui.room_tries import MINUTE, MOST, MOST_OF_ONE, Tries

CLASS = "pages/class.py"
WRONG = "There is no class with this code."
STOPPED = "Too many wrong codes have been tried. Wait a minute"


@pytest.fixture
def clock():
    """A clock that stands still until it is set."""
    return [0.0]


@pytest.fixture
def tries(monkeypatch, clock):
    """A brake of this test's own."""
    made = Tries(lambda: clock[0])
    monkeypatch.setattr(room_doors, "_tries", made)
    return made


def typed(page, code, name="Ada"):
    page.text_input(key="room-code").set_value(code)
    page.text_input(key="room-nickname").set_value(name)
    button(page, "Join").click().run()
    assert not page.exception
    return words(page)


def test_after_some_wrong_codes_a_visitor_waits_a_minute_even_with_the_right_one(open_page, queue, tries, clock):
    room = queue.rooms.open("a-teacher", "Class 9b", "", 1, Settings())
    page = open_page(CLASS)
    for number in range(MOST_OF_ONE):
        assert WRONG in typed(page, f"ABCDEFG{number % 8 + 2}")
    assert STOPPED in typed(page, room.code)
    assert queue.rooms.pupils(room.id) == []
    assert page.text_input(key="room-code").value == room.code
    other = open_page(CLASS)
    assert "Class 9b" in typed(other, room.code, "Bob")
    clock[0] += MINUTE + 1
    assert "Class 9b" in typed(page, room.code)


def test_a_taken_nickname_is_no_wrong_code(open_page, queue, tries):
    room = queue.rooms.open("a-teacher", "Class 9b", "", 1, Settings())
    queue.rooms.join(room.code, "a-bob", "Bob")
    page = open_page(CLASS)
    for _ in range(MOST_OF_ONE + 1):
        assert "is already called Bob" in typed(page, room.code, "Bob")


def test_many_visitors_together_are_stopped_too(tries, clock):
    for number in range(MOST):
        tries.check(f"a-{number}")
        tries.wrong(f"a-{number}")
        clock[0] += MINUTE / MOST / 2
    with pytest.raises(RegdashError, match=STOPPED):
        tries.check("a-fresh")
    clock[0] += MINUTE
    tries.check("a-fresh")


def test_at_this_pace_no_room_is_found_in_a_lifetime():
    codes, rooms, years = 31**8, 1_000, 31**8 / 1_000 / MOST / 60 / 24 / 365
    assert codes / rooms > 8e8
    assert years > 5


def test_rooms_that_are_opened_and_ended_again_and_again_come_to_an_end(queue):
    limits = Settings(max_rooms=2)
    rooms: RoomStore = queue.rooms
    for _ in range(20):
        rooms.close(rooms.open("a-teacher", "Again", "", 1, limits).id, "a-teacher")
    with pytest.raises(RegdashError, match="You may keep at most 20 rooms, those that have ended among them"):
        rooms.open("a-teacher", "Again", "", 1, limits)
    rooms.delete(rooms.of("a-teacher")[0].id, "a-teacher")
    rooms.open("a-teacher", "Again", "", 1, limits)
