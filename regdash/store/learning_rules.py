"""What must hold before an answer or a visitor's own lesson is kept; each fault is a sentence."""

import json
import re
from contextlib import suppress
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, select

from regdash.errors import RegdashError
from regdash.settings import Settings
from regdash.store.ids import SEARCH_ID, check_session, is_lesson
from regdash.store.room_rules import enter_to_ask
from regdash.store.schema import answers, lesson_holders, rooms
from regdash.store.shelf_texts import MOST_NAME, plain_name

PREDICTION = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
LONGEST_ANSWER = 400  # letters, as JSON
MOST_ANSWERS = 2_000  # of one session
KB = 1_024
LARGEST_FILE = 2**20  # bytes of a lesson that comes from another store

NOT_YOURS = "There is no such lesson of yours. It may have been deleted; open its file again."
KNOWN_NOW = "The results are shown in your class already, so your prediction stays as it is."


def is_prediction(name: object) -> bool:
    """Whether it has the form of the name of a lesson's question."""
    return isinstance(name, str) and PREDICTION.fullmatch(name) is not None


def is_file(id_: object) -> bool:
    """Whether it has the form of the id of a visitor's own lesson."""
    return isinstance(id_, str) and SEARCH_ID.fullmatch(id_) is not None


def is_answer(text: object) -> bool:
    """Whether it is a short JSON object of visible letters."""
    if not (isinstance(text, str) and len(text) <= LONGEST_ANSWER and text.isprintable()):
        return False
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def check_lesson(session: str, lesson: str) -> None:
    """Raise RegdashError unless both have the form of what they are."""
    check_session(session)
    if not is_lesson(lesson):
        raise RegdashError(f"There is no lesson {str(lesson)[:40]!r}. Choose one on the Learn page.")


def check_answer(session: str, lesson: str, prediction: str, text: str) -> None:
    """Raise RegdashError unless the answer can be kept."""
    check_lesson(session, lesson)
    if not is_prediction(prediction):
        raise RegdashError(f"There is no question {str(prediction)[:40]!r} in this lesson. Open the lesson again.")
    if not is_answer(text):
        raise RegdashError(
            f"An answer must be a JSON object of at most {LONGEST_ANSWER} letters, got {str(text)[:40]!r}. Predict "
            "again."
        )


def check_many_answers(connection: Connection, session: str, more: int) -> None:
    """Raise RegdashError when the session would keep too many answers."""
    number = (connection.scalar(select(func.count()).where(answers.c.session == session)) or 0) if more else 0
    if number + more > MOST_ANSWERS:
        raise RegdashError(
            f"You may keep at most {MOST_ANSWERS:,} predictions, and these would be {number + more:,}. Begin a lesson "
            "again that you have finished, which forgets your answers to it."
        )


def kept_in(connection: Connection, row: dict[str, Any]) -> dict[str, tuple[str, float]]:
    """Room, or nothing for one's own -> the answer to this question that is kept, and when it was first given."""
    here = [answers.c[name] == row[name] for name in ("session", "lesson", "prediction")]
    query = select(answers.c.room, answers.c.answer, answers.c.created).where(*here)
    return {found.room: (found.answer, found.created) for found in connection.execute(query)}


def counts_in(connection: Connection, room: str, session: str, lesson: str) -> bool:
    """Whether an answer is one of the class, whose row is locked then: the room is open, and this is its lesson."""
    if not room:
        return False
    try:
        enter_to_ask(connection, room, session)
    except RegdashError:
        return False
    return bool(connection.scalar(select(rooms.c.course).where(rooms.c.id == room)) == lesson)


def check_changeable(connection: Connection, room: str, before: str, after: str) -> None:
    """Raise RegdashError when the class has been shown the results and the answer would be another one."""
    if before != after and not connection.scalar(select(rooms.c.held).where(rooms.c.id == room)):
        raise RegdashError(KNOWN_NOW)


def plain_lesson(session: str, text: str, limits: Settings) -> bytes:
    """A lesson's text as it is kept, in UTF-8; RegdashError with a sentence where that cannot be."""
    check_session(session)
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        raise RegdashError("A lesson must be a text in UTF-8. Save the file as UTF-8 and open it again.") from None
    if "\0" in text:
        raise RegdashError("A lesson must be a text, and this file holds zero bytes. Save it as UTF-8 text.")
    most = limits.max_lesson_kb
    if len(data) > most * KB:
        raise RegdashError(
            f"A lesson's file may have at most {most:g} KB, got {len(data) / KB:.1f} KB. Leave some text out."
        )
    return data


def lesson_id(data: bytes) -> str:
    """The id of a lesson's text."""
    return sha256(data).hexdigest()[:32]


def is_lesson_file(id_: str, data: bytes) -> bool:
    """Whether these bytes are the lesson with this id, and not too many."""
    return len(data) <= LARGEST_FILE and lesson_id(data) == id_


def short_title(title: str) -> str:
    """The title of a lesson as a list shows it."""
    with suppress(RegdashError):
        return plain_name(title[:MOST_NAME]) or "Lesson"
    return "Lesson"


def check_many_files(connection: Connection, session: str, id_: str, limits: Settings) -> None:
    """Raise RegdashError when the session would hold too many lessons."""
    others = lesson_holders.c.session == session, lesson_holders.c.file != id_
    number = (connection.scalar(select(func.count()).where(*others)) or 0) + 1
    if number > limits.max_lessons:
        raise RegdashError(
            f"You may keep at most {limits.max_lessons} lessons of your own, and this would be number {number}. Delete "
            "one first."
        )
