"""Whatever text stands in the place of an id, a code or a name: nothing breaks, and nobody sees another's runs."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kept import LIMITS, ask, run_id, train

from regdash.errors import RegdashError
from regdash.store.jobs import JobStore
from regdash.store.requests import RequestStore, Wanted
from regdash.store.room_rules import NO_ROOM
from regdash.store.rooms import RoomStore
from regdash.store.schema import metadata
from regdash.store.tables import get_table

NASTY = [
    "' OR '1'='1",
    '"; DROP TABLE runs; --',
    "%",
    "_" * 20,
    "a-ann\x00",
    "a-ann\n",
    "a-аnn",  # the second a is Cyrillic
    "a-ann' --",
    "\ud800",
    "../../a-ann",
    "a" * 10_000,
    "$1",
    "%s",
    ":session",
    "",
]
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=40), st.text("'\";-%_\\\0\n\ud800", max_size=30))
fast = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def busy(database):
    """Ann has a finished run and one that waits, in a room of Eve's."""
    room = RoomStore(database).open("u-eve", "", "", 1, LIMITS)
    RoomStore(database).join(room.code, "a-ann", "Ann")
    ask(database, "a-ann", 1, 2, room=room.id)
    train(database, 1)
    return database, room


def counted(database):
    with database.reading() as connection:
        return {table.name: len(connection.execute(table.select()).all()) for table in metadata.sorted_tables}


@fast
@given(text=texts)
def test_a_strange_session_sees_nothing_and_changes_nothing(busy, text):
    database, room = busy
    pages, rooms, before = RequestStore(database), RoomStore(database), counted(database)
    assert pages.may_see(text, [run_id(1), run_id(2)]) == set()
    assert rooms.membership(text) is None
    assert rooms.of(text) == []
    assert rooms.nickname(room.id, text) == ""
    for act in (
        pages.cancel,
        lambda session, ids: pages.submit(session, [Wanted(ids[0], "{}", 1, False)], LIMITS, room.id),
    ):
        try:
            act(text, [run_id(2)])
        except RegdashError as error:
            assert str(error)[-1] == "."  # noqa: PT017
    with pytest.raises(RegdashError, match=NO_ROOM[:20]):
        rooms.delete(room.id, text)
    assert counted(database) == before


@fast
@given(text=texts)
def test_strange_ids_of_runs_rooms_and_tables_are_unknown(busy, text):
    database, room = busy
    pages, rooms, before = RequestStore(database), RoomStore(database), counted(database)
    for ask_for in (pages.rows, pages.progress, pages.records, pages.places):
        assert dict(ask_for([text])) == {}
    assert pages.may_see("a-ann", [text, run_id(1)]) == {run_id(1)}
    pages.cancel("a-ann", [text])
    assert rooms.get(text) is None
    assert rooms.pupils(text) == rooms.contributions(text) == []
    assert get_table(database, text) is None
    for act in (rooms.close, rooms.delete):
        with pytest.raises(RegdashError, match=NO_ROOM[:20]):
            act(text, "u-eve")
    assert JobStore(database).unwanted([run_id(2)]) == set()
    assert counted(database) == before
    assert rooms.get(room.id).open


@fast
@given(code=texts, name=texts)
def test_strange_codes_and_names_are_refused_or_taken_as_they_are(busy, code, name):
    database, room = busy
    rooms = RoomStore(database)
    with pytest.raises(RegdashError):
        rooms.join(code, "a-bob", "Bob")
    try:
        rooms.join(room.code, "a-bob", name)
    except RegdashError:
        return
    taken = rooms.nickname(room.id, "a-bob")
    assert taken.isprintable()
    assert not set(taken) & set("<>")
    rooms.remove(room.id, "u-eve", taken)
    assert rooms.membership("a-bob") is None
    rooms.readmit(room.id, "u-eve", taken)


@fast
@given(title=texts, lesson=texts)
def test_strange_titles_and_lessons_are_refused_or_kept_as_they_are(busy, title, lesson):
    database, room = busy
    rooms = RoomStore(database)
    for change in (lambda: rooms.rename(room.id, "u-eve", title), lambda: rooms.set_lesson(room.id, "u-eve", lesson)):
        try:
            change()
        except RegdashError as error:
            assert "\n" not in str(error)  # noqa: PT017
    kept = rooms.get(room.id)
    assert kept.title.isprintable()
    assert kept.lesson.isascii()
