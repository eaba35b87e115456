"""LearningStore: what visitors predicted and finished in lessons, and lessons that they brought."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select

from regdash.errors import RegdashError
from regdash.settings import Settings
from regdash.store.database import Database, one_at_a_time, upsert
from regdash.store.ids import OWN, is_room, is_session
from regdash.store.learning_rules import (
    NOT_YOURS,
    check_answer,
    check_changeable,
    check_lesson,
    check_many_answers,
    check_many_files,
    counts_in,
    is_file,
    kept_in,
    lesson_id,
    plain_lesson,
    short_title,
)
from regdash.store.schema import answers, lesson_files, lesson_holders, lessons_done, pupils, rooms


@dataclass(frozen=True)
class Progress:
    """How far a visitor is in a lesson."""

    answered: int = 0  # questions
    finished: bool = False


@dataclass(frozen=True)
class OwnLesson:
    """What a list says of a lesson that a visitor brought; `session` is the one of their ids that holds it."""

    id: str
    title: str
    created: float
    session: str


@dataclass(frozen=True)
class Predicted:
    """A prediction of a class; never by which session."""

    nickname: str
    lesson: str
    prediction: str
    answer: str
    updated: float


class LearningStore:
    """What is kept of learning. An answer is a short JSON text, which whoever reads it checks against its question.

    An answer that is given in a class is kept twice: as the pupil's own, and as one of the class.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    # What was predicted

    def answer(self, session: str, lesson: str, prediction: str, text: str, room: str = "") -> None:
        """Keep a prediction, in the place of an earlier one; raises RegdashError with a sentence.

        In a `room` whose lesson this is, an answer stays as it is once the results are shown there; a first one is
        still taken. Where the room has ended, or has another lesson, the answer is the visitor's alone.
        """
        check_answer(session, lesson, prediction, text)
        now = time.time()
        row = {"session": session, "lesson": lesson, "prediction": prediction, "answer": text, "updated": now}
        with self._database.writing() as connection:
            one_at_a_time(connection, session)
            places = ("", room) if counts_in(connection, room, session, lesson) else ("",)
            known = kept_in(connection, row)
            for each in places[1:]:
                check_changeable(connection, each, known.get(each, (text, now))[0], text)
            check_many_answers(connection, session, len(set(places) - known.keys()))
            rows = [row | {"room": each, "created": known.get(each, ("", now))[1]} for each in places]
            upsert(connection, answers, rows)

    def answers(self, sessions: Sequence[str], lesson: str, room: str = "") -> dict[str, str]:
        """Prediction -> answer, the latest one of the visitor's; in a `room` what was given there."""
        known = [each for each in sessions if is_session(each)]
        here = answers.c.session.in_(known), answers.c.lesson == lesson, answers.c.room == room
        query = select(answers.c.prediction, answers.c.answer).where(*here).order_by(answers.c.updated)
        with self._database.reading() as connection:
            return {row.prediction: row.answer for row in connection.execute(query)}

    def finish(self, session: str, lesson: str) -> None:
        """Note that the visitor has gone through a lesson."""
        check_lesson(session, lesson)
        with self._database.writing() as connection:
            row = {"session": session, "lesson": lesson, "created": time.time()}
            upsert(connection, lessons_done, [row], keep=True)

    def begin_again(self, sessions: Sequence[str], lesson: str) -> None:
        """Forget answers and progress; what a class has given stays once its results have been shown."""
        known = [each for each in sessions if is_session(each)]
        held = select(rooms.c.id).where(rooms.c.held)
        mine = and_(answers.c.session.in_(known), answers.c.lesson == lesson)
        done = and_(lessons_done.c.session.in_(known), lessons_done.c.lesson == lesson)
        with self._database.writing() as connection:
            connection.execute(delete(answers).where(mine, (answers.c.room == "") | answers.c.room.in_(held)))
            connection.execute(delete(lessons_done).where(done))

    def progress(self, sessions: Sequence[str]) -> dict[str, Progress]:
        """Lesson -> how far the visitor is, of those that were begun."""
        known = [each for each in sessions if is_session(each)]
        number = func.count(answers.c.prediction.distinct()).label("number")
        mine = answers.c.session.in_(known), answers.c.room == ""
        counted = select(answers.c.lesson, number).where(*mine).group_by(answers.c.lesson)
        done = select(lessons_done.c.lesson).where(lessons_done.c.session.in_(known))
        with self._database.reading() as connection:
            answered = {row.lesson: row.number for row in connection.execute(counted)}
            finished = set(connection.scalars(done))
        names = answered.keys() | finished
        return {name: Progress(answered.get(name, 0), name in finished) for name in sorted(names)}

    # Of a class

    def of_room(self, room_id: str, lesson: str) -> dict[str, list[str]]:
        """Prediction -> the answers of all pupils who are there: neither left nor removed."""
        here = answers.c.room == room_id, answers.c.lesson == lesson, pupils.c.present, ~pupils.c.removed
        query = select(answers.c.prediction, answers.c.answer).join(pupils, _by_pupil()).where(*here)
        found: dict[str, list[str]] = {}
        if is_room(room_id):
            with self._database.reading() as connection:
                for row in connection.execute(query.order_by(answers.c.created, answers.c.session)):
                    found.setdefault(row.prediction, []).append(row.answer)
        return found

    def of_class(self, room_id: str) -> list[Predicted]:
        """Everything that a class has predicted, by lesson; without pupils who were removed."""
        columns = answers.c.lesson, answers.c.prediction, answers.c.answer, answers.c.updated
        query = select(pupils.c.nickname, *columns).join(pupils, _by_pupil())
        query = query.where(answers.c.room == room_id, ~pupils.c.removed)
        order = answers.c.lesson, answers.c.created, pupils.c.nickname, answers.c.prediction
        if not is_room(room_id):
            return []
        with self._database.reading() as connection:
            return [Predicted(*row) for row in connection.execute(query.order_by(*order))]

    # Visitors' own lessons

    def keep(self, session: str, title: str, text: str, limits: Settings) -> str:
        """Keep a lesson's file and return its id; the same text has the same id for everybody.

        Raises RegdashError with a sentence when the file is too large, or the session holds too many.
        """
        data = plain_lesson(session, text, limits)
        id_, now = lesson_id(data), time.time()
        file = {"id": id_, "title": short_title(title), "size": len(data), "created": now, "data": data}
        with self._database.writing() as connection:
            one_at_a_time(connection, session)
            one_at_a_time(connection, id_)
            check_many_files(connection, session, id_, limits)
            upsert(connection, lesson_files, [file], keep=True)
            upsert(connection, lesson_holders, [{"session": session, "file": id_, "created": now}])
        return id_

    def text(self, id_: str) -> str:
        """The text of a kept lesson, for whoever has its id; empty when there is none."""
        query = select(lesson_files.c.data).where(lesson_files.c.id == id_)
        if not is_file(id_):
            return ""
        with self._database.reading() as connection:
            return (connection.scalar(query) or b"").decode("utf-8", "replace")

    def own(self, sessions: Sequence[str]) -> tuple[OwnLesson, ...]:
        """What a visitor holds, the latest first."""
        known = [each for each in sessions if is_session(each)]
        columns = lesson_files.c.id, lesson_files.c.title, lesson_holders.c.created, lesson_holders.c.session
        query = select(*columns).join(lesson_holders).where(lesson_holders.c.session.in_(known))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(lesson_holders.c.created, lesson_files.c.id)).all()
        found = {row.id: OwnLesson(*row) for row in rows}
        return tuple(sorted(found.values(), key=lambda each: -each.created))

    def delete(self, session: str, id_: str) -> None:
        """Hold a lesson no longer, and forget one's answers to it; it goes when nobody else and no class has it."""
        if not (is_session(session) and is_file(id_)):
            raise RegdashError(NOT_YOURS)
        lesson = f"{OWN}{id_}"
        with self._database.writing() as connection:
            one_at_a_time(connection, id_)
            held = lesson_holders.c.session == session, lesson_holders.c.file == id_
            if not connection.execute(delete(lesson_holders).where(*held)).rowcount:
                raise RegdashError(NOT_YOURS)
            mine = answers.c.session == session, answers.c.lesson == lesson, answers.c.room == ""
            connection.execute(delete(answers).where(*mine))
            done = lessons_done.c.session == session, lessons_done.c.lesson == lesson
            connection.execute(delete(lessons_done).where(*done))
            drop_unheld(connection, id_)


def drop_unheld(connection: Connection, id_: str) -> None:
    """Delete a lesson's file if nobody holds it and it is no lesson of a class."""
    held = select(lesson_holders.c.file).where(lesson_holders.c.file == id_)
    given = select(rooms.c.course).where(rooms.c.course == f"{OWN}{id_}")
    if connection.scalar(held.limit(1)) is None and connection.scalar(given.limit(1)) is None:
        connection.execute(delete(lesson_files).where(lesson_files.c.id == id_))


def _by_pupil() -> ColumnElement[bool]:
    return and_(pupils.c.room == answers.c.room, pupils.c.session == answers.c.session)
