import json
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, select, text, update

from regdash.errors import RegdashError
from regdash.settings import Settings
from regdash.store import learning_rules, upgrade
from regdash.store.check import check_store
from regdash.store.database import open_store
from regdash.store.keeping import prune
from regdash.store.learning import LearningStore, Progress
from regdash.store.portable import export_store, import_store
from regdash.store.rooms import RoomStore
from regdash.store.schema import answers, lesson_files, lesson_holders, lessons_done, metadata

LIMITS = Settings()
ANN, BOB, EVE, TEACHER = "a-ann", "a-bob", "a-eve", "u-teacher"
FIRST, SECOND = '{"choice": 0}', '{"choice": 1}'
TEXT = "---\ntitle: Mine\n---\nA text – with ümlauts, \N{TEST TUBE} and\ttabs.\n"


@pytest.fixture
def learning(database):
    return LearningStore(database)


@pytest.fixture
def classes(database):
    return RoomStore(database)


@pytest.fixture
def room(classes):
    """A class of Ann and Bob with a lesson whose results are held back."""
    room = classes.open(TEACHER, "Year 10", "", 2, LIMITS)
    classes.join(room.code, ANN, "Ann")
    classes.join(room.code, BOB, "Bob")
    classes.set_course(room.id, TEACHER, "dropout", True)
    return classes.get(room.id)


# Answers of one's own


def test_the_last_answer_is_kept_and_counted_once(learning):
    learning.answer(ANN, "dropout", "gap", FIRST)
    learning.answer(ANN, "dropout", "gap", SECOND)
    learning.answer(ANN, "dropout", "norm", '{"number": 3.5}')
    assert learning.answers([ANN], "dropout") == {"gap": SECOND, "norm": '{"number": 3.5}'}
    assert learning.answers([BOB], "dropout") == learning.answers([ANN], "other") == {}
    learning.finish(ANN, "dropout")
    learning.finish(ANN, "dropout")
    learning.finish(ANN, "other")
    assert learning.progress([ANN]) == {"dropout": Progress(2, True), "other": Progress(0, True)}
    assert learning.progress([BOB]) == {}


def test_whoever_has_signed_in_still_has_what_the_browser_answered(learning):
    learning.answer(ANN, "dropout", "gap", FIRST)
    learning.answer(ANN, "dropout", "norm", FIRST)
    learning.answer("u-ann", "dropout", "gap", SECOND)
    assert learning.answers(["u-ann", ANN], "dropout") == {"gap": SECOND, "norm": FIRST}
    assert learning.progress(["u-ann", ANN]) == {"dropout": Progress(2, False)}
    learning.begin_again(["u-ann", ANN], "dropout")
    assert learning.answers(["u-ann", ANN], "dropout") == learning.progress(["u-ann", ANN]) == {}


@pytest.mark.parametrize(
    ("lesson", "prediction", "given", "said"),
    [
        ("../etc", "gap", FIRST, "There is no lesson"),
        ("x" * 81, "gap", FIRST, "There is no lesson"),
        ("dropout", "' OR 1=1", FIRST, "There is no question"),
        ("dropout", "gap", "x" * 401, "An answer must be a JSON object of at most 400 letters"),
        ("dropout", "gap", "[" * 400, "An answer must be a JSON object"),
        ("dropout", "gap", "[1]", "An answer must be a JSON object"),
        ("dropout", "gap", '{"choice":\n0}', "An answer must be a JSON object"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_with_a_sentence(learning, lesson, prediction, given, said):
    with pytest.raises(RegdashError, match=said):
        learning.answer(ANN, lesson, prediction, given)
    assert learning.progress([ANN]) == {}


def test_a_session_keeps_so_many_answers_and_may_change_each(learning, monkeypatch):
    monkeypatch.setattr(learning_rules, "MOST_ANSWERS", 2)
    for name in ("one", "two"):
        learning.answer(ANN, "dropout", name, FIRST)
    with pytest.raises(RegdashError, match="at most 2 predictions, and these would be 3"):
        learning.answer(ANN, "dropout", "three", FIRST)
    learning.answer(ANN, "dropout", "two", SECOND)
    learning.answer(BOB, "dropout", "three", FIRST)


# Classes


def test_a_teacher_gives_a_lesson_reveals_it_and_takes_it_back(classes, room):
    assert (room.course, room.held) == ("dropout", True)
    classes.reveal(room.id, TEACHER, True)
    assert not classes.get(room.id).held
    classes.reveal(room.id, TEACHER, False)
    assert classes.get(room.id).held
    classes.set_course(room.id, TEACHER, "", True)
    assert (classes.get(room.id).course, classes.get(room.id).held) == ("", False)
    with pytest.raises(RegdashError, match="has no lesson from Learn"):
        classes.reveal(room.id, TEACHER, True)
    for course, said in (("<b>", "There is no lesson '<b>'"), (f"own-{'0' * 32}", "has been deleted")):
        with pytest.raises(RegdashError, match=said):
            classes.set_course(room.id, TEACHER, course, True)


def test_only_who_has_opened_a_room_gives_its_lesson_and_reveals_it(classes, room):
    for who in (ANN, EVE):
        with pytest.raises(RegdashError, match="There is no such room"):
            classes.set_course(room.id, who, "", False)
        with pytest.raises(RegdashError, match="There is no such room"):
            classes.reveal(room.id, who, True)
    assert classes.get(room.id) == room


def test_a_class_sees_the_answers_of_those_who_are_there(learning, classes, room):
    learning.answer(ANN, "dropout", "gap", FIRST, room.id)
    learning.answer(BOB, "dropout", "gap", SECOND, room.id)
    learning.answer(BOB, "dropout", "norm", FIRST, room.id)
    learning.answer(BOB, "other", "gap", FIRST, room.id)  # not the lesson of the class
    learning.answer(EVE, "dropout", "gap", FIRST, room.id)  # not in the class
    assert learning.of_room(room.id, "dropout") == {"gap": [FIRST, SECOND], "norm": [FIRST]}
    assert learning.of_room(room.id, "other") == learning.of_room("x" * 22, "dropout") == {}
    assert learning.of_room("' OR 1=1", "dropout") == {}
    classes.leave(ANN)
    classes.remove(room.id, TEACHER, "Bob")
    assert learning.of_room(room.id, "dropout") == {}
    assert [each.nickname for each in learning.of_class(room.id)] == ["Ann"]
    classes.readmit(room.id, TEACHER, "Bob")
    assert learning.of_room(room.id, "dropout") == {"gap": [SECOND], "norm": [FIRST]}
    assert not any(session in repr(learning.of_class(room.id)) for session in (ANN, BOB))


def test_an_answer_in_a_class_is_also_ones_own_and_one_from_before_does_not_count_there(learning, room):
    learning.answer(ANN, "dropout", "gap", FIRST)
    assert learning.answers([ANN], "dropout", room.id) == {}
    learning.answer(ANN, "dropout", "gap", SECOND, room.id)
    assert learning.answers([ANN], "dropout", room.id) == learning.answers([ANN], "dropout") == {"gap": SECOND}


def test_after_the_reveal_no_answer_changes_and_a_first_one_is_still_taken(learning, classes, room):
    learning.answer(ANN, "dropout", "gap", FIRST, room.id)
    learning.answer(ANN, "dropout", "gap", SECOND, room.id)
    classes.reveal(room.id, TEACHER, True)
    with pytest.raises(RegdashError, match="The results are shown in your class already"):
        learning.answer(ANN, "dropout", "gap", FIRST, room.id)
    learning.answer(ANN, "dropout", "gap", SECOND, room.id)  # the same again, from a second click
    learning.answer(BOB, "dropout", "gap", FIRST, room.id)
    learning.begin_again([ANN], "dropout")
    assert learning.answers([ANN], "dropout") == {}
    assert learning.of_room(room.id, "dropout") == {"gap": [SECOND, FIRST]}
    classes.reveal(room.id, TEACHER, False)
    learning.begin_again([ANN], "dropout")
    assert learning.of_room(room.id, "dropout") == {"gap": [FIRST]}


def test_an_answer_to_a_class_that_has_ended_is_ones_own(learning, classes, room):
    classes.close(room.id, TEACHER)
    learning.answer(ANN, "dropout", "gap", FIRST, room.id)
    assert learning.answers([ANN], "dropout") == {"gap": FIRST}
    assert learning.of_class(room.id) == []


def test_deleting_a_room_takes_its_answers_along_and_leaves_the_pupils_theirs(learning, classes, room):
    learning.answer(ANN, "dropout", "gap", FIRST, room.id)
    classes.delete(room.id, TEACHER)
    assert learning.answers([ANN], "dropout", room.id) == {}
    assert learning.answers([ANN], "dropout") == {"gap": FIRST}


# Own lessons


def test_a_lesson_is_kept_once_for_all_who_hold_it(learning, database):
    id_ = learning.keep(ANN, "Mine", TEXT, LIMITS)
    assert id_ == sha256(TEXT.encode()).hexdigest()[:32]
    assert learning.keep(BOB, "Mine", TEXT, LIMITS) == learning.keep(ANN, "Mine", TEXT, LIMITS) == id_
    assert learning.text(id_) == TEXT
    assert learning.text("0" * 32) == learning.text("' OR 1=1") == ""
    assert [(each.id, each.title, each.session) for each in learning.own([ANN, EVE])] == [(id_, "Mine", ANN)]
    with database.reading() as connection:
        assert len(connection.execute(select(lesson_files)).all()) == 1
    learning.answer(ANN, f"own-{id_}", "gap", FIRST)
    learning.delete(ANN, id_)
    assert learning.own([ANN]) == ()
    assert learning.progress([ANN]) == {}
    assert learning.text(id_) == TEXT
    with pytest.raises(RegdashError, match="There is no such lesson of yours"):
        learning.delete(ANN, id_)
    learning.delete(BOB, id_)
    assert learning.text(id_) == ""


def test_a_lesson_that_a_class_has_stays_while_it_has_it(learning, classes, room, database):
    id_ = learning.keep(TEACHER, "Mine", TEXT, LIMITS)
    classes.set_course(room.id, TEACHER, f"own-{id_}", False)
    learning.delete(TEACHER, id_)
    prune(database, LIMITS)
    assert learning.text(id_) == TEXT
    classes.set_course(room.id, TEACHER, "", False)
    prune(database, LIMITS)
    assert learning.text(id_) == ""


def test_the_latest_lesson_stands_first_and_titles_fit(learning):
    ids = [learning.keep(ANN, title, f"text {title}", LIMITS) for title in ("A", "B" * 300, "")]
    assert [each.id for each in learning.own([ANN])] == ids[::-1]
    assert [each.title for each in learning.own([ANN])] == ["Lesson", "B" * 80, "A"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("x" * 65_537, "may have at most 64 KB, got 64.0 KB"),
        ("a\0b", "holds zero bytes"),
        ("\ud800", "must be a text in UTF-8"),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused_with_a_sentence(learning, given, said):
    with pytest.raises(RegdashError, match=said):
        learning.keep(ANN, "Mine", given, LIMITS)


def test_a_session_holds_so_many_lessons_even_when_they_come_at_once(learning):
    def try_to(number):
        try:
            learning.keep(ANN, "", f"text {number}", Settings(max_lessons=3))
        except RegdashError as error:
            assert "at most 3 lessons of your own, and this would be number 4" in str(error)  # noqa: PT017
            return 0
        return 1

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(try_to, range(6))) == 3
    assert len(learning.own([ANN])) == 3
    learning.keep(BOB, "", "text 9", Settings(max_lessons=3))


# What is kept, checked and carried over


def test_what_anonymous_visitors_left_long_ago_goes_and_what_a_class_has_stays(learning, room, database):
    for who in (ANN, "u-ann"):
        learning.answer(who, "dropout", "gap", FIRST, room.id)
        learning.finish(who, "dropout")
        learning.keep(who, "", f"text of {who}", LIMITS)
    kept = learning.keep(BOB, "", "new", LIMITS)
    old = time.time() - 61 * 86_400
    with database.writing() as connection:
        connection.execute(update(answers).values(updated=old))
        connection.execute(update(lessons_done).values(created=old))
        connection.execute(update(lesson_holders).where(lesson_holders.c.session != BOB).values(created=old))
    prune(database, LIMITS)
    assert learning.progress([ANN]) == {}
    assert learning.of_room(room.id, "dropout") == {"gap": [FIRST]}
    assert learning.progress(["u-ann"]) == {"dropout": Progress(1, True)}
    assert learning.own([ANN]) == ()
    with database.reading() as connection:
        left = set(connection.scalars(select(lesson_files.c.id)))
    assert left == {kept, *(each.id for each in learning.own(["u-ann"]))}
    assert len(left) == 2


def filled(database, room):
    learning = LearningStore(database)
    learning.answer(ANN, "dropout", "gap", FIRST, room.id)
    learning.finish(BOB, "l2-shrinks")
    id_ = learning.keep(TEACHER, "Mine <é>", TEXT, LIMITS)
    RoomStore(database).set_course(room.id, TEACHER, f"own-{id_}", True)
    return id_


def learned(database):
    found = {}
    with database.reading() as connection:
        for name in ("answers", "lessons_done", "lesson_files", "lesson_holders", "rooms", "pupils"):
            found[name] = sorted(tuple(row) for row in connection.execute(select(metadata.tables[name])))
    return found


@pytest.fixture
def other(tmp_path):
    second = open_store(f"sqlite:///{tmp_path}/second.sqlite")
    yield second
    second.close()


def test_everything_goes_through_a_file_into_another_store(database, room, other, tmp_path):
    filled(database, room)
    export_store(database, tmp_path / "all.zip")
    assert import_store(other, tmp_path / "all.zip").refused == ()
    assert learned(other) == learned(database)
    assert all(learned(other).values())
    assert check_store(other) == []


def test_a_room_of_an_older_export_has_no_lesson_and_foreign_lessons_are_checked(database, room, other, tmp_path):
    id_ = filled(database, room)
    export_store(database, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    older = [json.loads(line) for line in parts["rooms.jsonl"].splitlines()]
    for each in older:
        del each["course"], each["held"]
    parts["rooms.jsonl"] = b"".join(json.dumps(each).encode() + b"\n" for each in older)
    parts[f"lesson_files/{id_}"] = b"another text"
    answer = json.loads(parts["answers.jsonl"].splitlines()[0])
    hostile = [answer | {"answer": "<script>"}, answer | {"room": "x" * 22}, answer | {"lesson": "../.."}]
    parts["answers.jsonl"] = b"".join(json.dumps(each).encode() + b"\n" for each in hostile)
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    done = import_store(other, tmp_path / "old.zip")
    assert len(done.refused) == 3  # two answers and the lesson
    assert RoomStore(other).get(room.id).course == ""
    assert learned(other)["answers"] == learned(other)["lesson_files"] == learned(other)["lesson_holders"] == []
    assert check_store(other) == []


def test_damaged_lessons_and_answers_of_no_room_are_found(database, room):
    id_ = filled(database, room)
    assert check_store(database) == []
    with database.writing() as connection:
        connection.execute(update(lesson_files).values(data=b"other"))
        connection.execute(update(answers).where(answers.c.room != "").values(room="x" * 22, answer="{"))
    assert check_store(database) == [
        f"The text of the lesson {id_} is damaged or another one.",
        "1 rows of answers belong to no row of rooms.",
        "An answer of a-ann in the lesson dropout cannot be read.",
    ]


def test_an_older_store_keeps_its_rooms_when_it_is_brought_up_to_date(url, tmp_path):
    if url.startswith("sqlite"):
        (tmp_path / "deep" / "down").mkdir(parents=True)
    engine = create_engine(make_url(url))
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", upgrade.__file__.replace("upgrade.py", "migrations"))
        command.upgrade(config, "0004")
        row = "('i234567890123456789012', 'ABCDEFGH', 'u-teacher', 'Year 10', 'v=1', 1.5, 9e9)"
        connection.execute(text(f"INSERT INTO rooms VALUES {row}"))
    engine.dispose()
    database = open_store(url)
    (found,) = RoomStore(database).of("u-teacher")
    assert (found.title, found.lesson, found.expires, found.course, found.held) == ("Year 10", "v=1", 9e9, "", False)
    RoomStore(database).set_course(found.id, "u-teacher", "dropout", True)
    database.close()
