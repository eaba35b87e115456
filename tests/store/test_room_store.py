import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from regdash.errors import RegdashError
from regdash.settings import Settings
from regdash.store.jobs import JobStore, Result
from regdash.store.requests import RequestStore, Wanted
from regdash.store.rooms import Room, RoomStore

LIMITS = Settings()
ANN, BOB, EVE, TEACHER, OTHER = "a-ann", "a-bob", "a-eve", "a-teacher", "u-other"
NO_ROOM = "There is no such room"
RUNS = [f"{n:020x}" for n in range(10)]


@pytest.fixture
def rooms(database):
    return RoomStore(database)


@pytest.fixture
def room(rooms) -> Room:
    return rooms.open(TEACHER, "Year 10", "?v=1&lock=l2.l2", 2, LIMITS)


@pytest.fixture
def pages(database):
    return RequestStore(database)


def ask(pages, session, *ids, room=""):
    pages.submit(session, [Wanted(id_, "{}", 10, False) for id_ in ids], LIMITS, room)


def test_a_room_is_open_for_its_hours_and_holds_its_lesson(rooms, room):
    assert (room.title, room.lesson, room.owner, room.open) == ("Year 10", "v=1&lock=l2.l2", TEACHER, True)
    assert room.expires - room.created == pytest.approx(2 * 3_600)
    assert rooms.get(room.id) == room
    assert rooms.of(TEACHER) == [room]
    assert rooms.of(OTHER) == []


def test_codes_have_no_letters_that_look_alike_and_ids_cannot_be_guessed(rooms):
    many = Settings(max_rooms=50)
    opened = [rooms.open(TEACHER, "", "", 1, many) for _ in range(40)]
    assert all(len(each.code) == 8 and not set(each.code) & set("0O1IL") and each.code.isalnum() for each in opened)
    assert len({each.code for each in opened}) == len({each.id for each in opened}) == 40
    assert all(len(each.id) == 22 for each in opened)  # 128 random bits
    assert not any(each.code in each.id for each in opened)


@pytest.mark.parametrize("write", [str.lower, lambda code: f" {code[:4]}-{code[4:]} ", lambda code: "-".join(code)])
def test_a_code_may_be_written_with_dashes_spaces_and_small_letters(rooms, room, write):
    assert rooms.join(write(room.code), ANN, "Ann") == room
    assert rooms.membership(ANN) == room


@pytest.mark.parametrize(
    "code", ["", "ABCDEFGH", "0" * 8, "A" * 9, "%" * 8, "'; DROP TABLE rooms; --", "\x00" * 8, "ＡＢＣ"]
)
def test_a_code_that_no_room_has_is_refused(rooms, room, code):
    with pytest.raises(RegdashError, match="There is no class with this code"):
        rooms.join(code, ANN, "Ann")


def test_a_room_that_has_ended_lets_nobody_in_and_nobody_is_in_it(rooms, room):
    rooms.join(room.code, ANN, "Ann")
    rooms.close(room.id, TEACHER)
    with pytest.raises(RegdashError, match="This class has ended"):
        rooms.join(room.code, BOB, "Bob")
    assert rooms.membership(ANN) is None
    assert not rooms.get(room.id).open
    rooms.extend(room.id, TEACHER, 3)
    assert rooms.membership(ANN).id == room.id
    assert rooms.get(room.id).expires == pytest.approx(time.time() + 3 * 3_600, abs=60)


def test_a_room_cannot_be_extended_beyond_the_longest_time(rooms, room):
    day = Settings(max_room_hours=24)
    rooms.extend(room.id, TEACHER, 24, day)
    assert rooms.get(room.id).expires == pytest.approx(time.time() + 24 * 3_600, abs=60)
    for hours in (25, 0, -1, float("nan"), float("inf")):
        with pytest.raises(RegdashError, match="A room may be open for up to 24 hours"):
            rooms.extend(room.id, TEACHER, hours, day)


def test_the_settings_say_who_may_open_rooms(rooms):
    with pytest.raises(RegdashError, match="Sign in first"):
        rooms.open(TEACHER, "", "", 1, Settings(rooms="signed-in"))
    rooms.open(OTHER, "", "", 1, Settings(rooms="signed-in"))
    with pytest.raises(RegdashError, match="nobody may open a room"):
        rooms.open(OTHER, "", "", 1, Settings(rooms="nobody"))


def test_a_teacher_may_have_so_many_rooms_open_at_once(rooms):
    two = Settings(max_rooms=2)
    first = rooms.open(TEACHER, "", "", 1, two)
    rooms.open(TEACHER, "", "", 1, two)
    with pytest.raises(RegdashError, match="at most 2 rooms open at once"):
        rooms.open(TEACHER, "", "", 1, two)
    rooms.close(first.id, TEACHER)
    rooms.open(TEACHER, "", "", 1, two)
    with pytest.raises(RegdashError, match="at most 2 rooms open at once"):
        rooms.extend(first.id, TEACHER, 1, two)


@pytest.mark.parametrize("lesson", ["v=1&x=ä", "a b", "a\nb", "<\x00>", "x" * 8_193])
def test_a_lesson_must_be_part_of_a_link(rooms, lesson):
    with pytest.raises(RegdashError, match="A lesson must be the part of a link"):
        rooms.open(TEACHER, "", lesson, 1, LIMITS)


# Pupils


def test_pupils_are_listed_as_they_joined(rooms, room):
    rooms.join(room.code, BOB, "Bob")
    rooms.join(room.code, ANN, "  Ann \t Lee ")
    assert [(pupil.session, pupil.nickname, pupil.present, pupil.removed) for pupil in rooms.pupils(room.id)] == [
        (BOB, "Bob", True, False),
        (ANN, "Ann Lee", True, False),
    ]
    assert rooms.nickname(room.id, ANN) == "Ann Lee"
    assert rooms.nickname(room.id, EVE) == ""


@pytest.mark.parametrize("same", ["Ann", "ANN", "ａｎｎ", " ann "])
def test_a_nickname_is_taken_whatever_its_case_or_form(rooms, room, same):
    rooms.join(room.code, ANN, "Ann")
    with pytest.raises(RegdashError, match="already called"):
        rooms.join(room.code, BOB, same)
    rooms.join(room.code, ANN, same)  # one's own may be written anew


def test_a_full_class_takes_nobody_new_but_its_own(rooms, room):
    two = Settings(max_pupils=2)
    rooms.join(room.code, ANN, "Ann", two)
    rooms.join(room.code, BOB, "Bob", two)
    with pytest.raises(RegdashError, match="This class is full: it has 2 pupils"):
        rooms.join(room.code, EVE, "Eve", two)
    rooms.leave(ANN)
    rooms.join(room.code, ANN, "Ann", two)
    rooms.remove(room.id, TEACHER, "Bob")
    rooms.join(room.code, EVE, "Eve", two)


def test_pupils_who_join_at_the_same_moment_cannot_overfill_a_class(rooms, room):
    def try_to(number: int) -> int:
        try:
            rooms.join(room.code, f"a-{number}", f"Pupil {number}", Settings(max_pupils=4))
        except RegdashError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_to, range(12))) == 4
    assert len(rooms.pupils(room.id)) == 4


def test_two_who_choose_one_name_at_the_same_moment_do_not_both_get_it(rooms, room):
    def try_to(number: int) -> int:
        try:
            rooms.join(room.code, f"a-{number}", "Ann")
        except RegdashError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_to, range(8))) == 1


def test_a_session_is_in_one_room_at_a_time(rooms, room):
    other = rooms.open(OTHER, "", "", 1, LIMITS)
    rooms.join(room.code, ANN, "Ann")
    rooms.join(other.code, ANN, "Ann")
    assert rooms.membership(ANN) == other
    assert [pupil.present for pupil in rooms.pupils(room.id)] == [False]
    rooms.leave(ANN)
    assert rooms.membership(ANN) is None


def test_a_pupil_who_was_removed_comes_back_only_when_readmitted(rooms, room):
    rooms.join(room.code, ANN, "Ann")
    rooms.remove(room.id, TEACHER, "ANN")
    assert rooms.membership(ANN) is None
    with pytest.raises(RegdashError, match="Your teacher has taken you out"):
        rooms.join(room.code, ANN, "Somebody else")
    rooms.readmit(room.id, TEACHER, "Ann")
    assert rooms.membership(ANN) == room
    with pytest.raises(RegdashError, match="nobody called Bob"):
        rooms.remove(room.id, TEACHER, "Bob")


# Results


def test_contributions_name_the_pupil_and_never_the_session(rooms, room, pages, database):
    rooms.join(room.code, ANN, "Ann")
    rooms.join(room.code, BOB, "Bob")
    ask(pages, ANN, RUNS[1], room=room.id)
    ask(pages, BOB, RUNS[0], RUNS[1], room=room.id)
    ask(pages, ANN, RUNS[5])
    jobs = JobStore(database)
    jobs.finish([Result(claim, "finished", 10, b"x") for claim in jobs.claim([RUNS[1]], "me")])
    found = rooms.contributions(room.id)
    assert [(each.nickname, each.run_id, each.state, each.status) for each in found] == [
        ("Ann", RUNS[1], "done", "finished"),
        ("Bob", RUNS[0], "waiting", ""),
        ("Bob", RUNS[1], "done", "finished"),
    ]
    assert not any(session in repr(found) for session in (ANN, BOB, TEACHER))
    rooms.remove(room.id, TEACHER, "Bob")
    assert [each.nickname for each in rooms.contributions(room.id)] == ["Ann"]
    rooms.readmit(room.id, TEACHER, "Bob")
    assert len(rooms.contributions(room.id)) == 3


def test_deleting_a_room_deletes_what_only_its_pupils_asked_for_in_it(rooms, room, pages):
    ask(pages, EVE, RUNS[0])  # before the room opened its doors, by somebody else
    other = rooms.open(OTHER, "", "", 1, LIMITS)
    rooms.join(room.code, ANN, "Ann")
    rooms.join(room.code, BOB, "Bob")
    ask(pages, ANN, RUNS[0], RUNS[1], RUNS[2], RUNS[3], room=room.id)
    ask(pages, BOB, RUNS[1], room=room.id)
    ask(pages, EVE, RUNS[2])  # wants it too
    rooms.join(other.code, ANN, "Ann")
    ask(pages, ANN, RUNS[3], RUNS[4], room=other.id)
    ask(pages, BOB, RUNS[5])  # at home
    rooms.delete(room.id, TEACHER)
    assert set(pages.rows(RUNS)) == {RUNS[0], RUNS[2], RUNS[3], RUNS[4], RUNS[5]}
    assert rooms.get(room.id) is None
    assert rooms.pupils(room.id) == rooms.contributions(room.id) == []
    assert pages.may_see(ANN, RUNS) == {RUNS[3], RUNS[4]}  # in the other room
    assert pages.may_see(EVE, RUNS) == {RUNS[0], RUNS[2]}
    with pytest.raises(RegdashError, match="There is no class with this code"):
        rooms.join(room.code, BOB, "Bob")


# Who is not the owner


@pytest.mark.parametrize(
    "act",
    [
        lambda rooms, id_, who: rooms.rename(id_, who, "Mine"),
        lambda rooms, id_, who: rooms.set_lesson(id_, who, "v=1"),
        lambda rooms, id_, who: rooms.extend(id_, who, 1),
        lambda rooms, id_, who: rooms.close(id_, who),
        lambda rooms, id_, who: rooms.remove(id_, who, "Ann"),
        lambda rooms, id_, who: rooms.readmit(id_, who, "Ann"),
        lambda rooms, id_, who: rooms.delete(id_, who),
    ],
)
def test_a_room_does_not_exist_for_whoever_has_not_opened_it(rooms, room, act):
    rooms.join(room.code, ANN, "Ann")
    sentences = set()
    for who, id_ in (
        (ANN, room.id),
        (OTHER, room.id),
        (TEACHER, "x" * 22),
        (TEACHER, room.code),
        ("' OR 1=1 --", room.id),
    ):
        with pytest.raises(RegdashError, match=NO_ROOM) as caught:
            act(rooms, id_, who)
        sentences.add(str(caught.value))
    assert len(sentences) == 1
    assert rooms.get(room.id) == room
    assert rooms.membership(ANN) == room


def test_a_teacher_changes_title_and_lesson(rooms, room):
    rooms.rename(room.id, TEACHER, "Year 11")
    rooms.set_lesson(room.id, TEACHER, "v=1&hide=training.epochs")
    changed = rooms.get(room.id)
    assert (changed.title, changed.lesson) == ("Year 11", "v=1&hide=training.epochs")
