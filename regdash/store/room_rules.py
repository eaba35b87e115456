"""What must hold when somebody opens, enters or changes a room; each fault is a sentence."""

import math
import re
import secrets
import time
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select, update

from regdash.errors import RegdashError
from regdash.settings import Settings
from regdash.store import names
from regdash.store.database import upsert
from regdash.store.ids import ANONYMOUS, OWN, is_lesson, is_room, is_session
from regdash.store.schema import lesson_files, pupils, rooms

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L, which look alike
CODE_LENGTH = 8
ENDED_ONES = 10  # times as many rooms may be kept as may be open at once
LESSON = re.compile(r"[!-~]*", re.ASCII)  # a query string has no other characters

NO_ROOM = "There is no such room. It may have been deleted; open a new one."
NO_CODE = "There is no class with this code. Look at it again: 8 letters and digits, never 0, O, 1, I or L."
NO_COURSE = "This class has no lesson from Learn whose results could be shown. Give it one first."
OVER = "This class has ended. Ask your teacher to open it again."
NOT_IN = "You are not in this class, or it has ended. Join it with its code."
REMOVED = "Your teacher has taken you out of this class. Talk to your teacher if that was a mistake."


def check_may_open(owner: str, limits: Settings) -> None:
    """Raise RegdashError unless the settings let this session open rooms."""
    if limits.rooms == "nobody":
        raise RegdashError("On this server nobody may open a room (REGDASH_ROOMS).")
    if limits.rooms == "signed-in" and owner.startswith(ANONYMOUS):
        raise RegdashError("Sign in first: on this server only people who have signed in may open a room.")


def check_number(connection: Connection, owner: str, limits: Settings) -> None:
    """Raise RegdashError when the owner has as many open rooms as allowed."""
    query = select(func.count()).where(rooms.c.owner == owner, rooms.c.expires > time.time())
    if (connection.scalar(query) or 0) >= limits.max_rooms:
        raise RegdashError(f"You may have at most {limits.max_rooms} rooms open at once. Close one first.")


def check_kept(connection: Connection, owner: str, limits: Settings) -> None:
    """Raise RegdashError when the owner keeps too many rooms, those that have ended among them."""
    most = ENDED_ONES * limits.max_rooms
    query = select(func.count()).where(rooms.c.owner == owner)
    if (connection.scalar(query) or 0) >= most:
        raise RegdashError(f"You may keep at most {most} rooms, those that have ended among them. Delete one first.")


def some_hours(hours: float, limits: Settings) -> float:
    """How long a room is open, checked."""
    if not (isinstance(hours, (int, float)) and math.isfinite(hours) and 0 < hours <= limits.max_room_hours):
        raise RegdashError(f"A room may be open for up to {limits.max_room_hours:g} hours, got {hours}.")
    return float(hours)


def ready_lesson(lesson: str, limits: Settings) -> str:
    """The query string of a lesson's link, checked for its form; what it means is read elsewhere."""
    lesson = lesson.removeprefix("?")
    if len(lesson) > limits.max_link_bytes or not LESSON.fullmatch(lesson):
        raise RegdashError(
            f"A lesson must be the part of a link after the question mark, of at most {limits.max_link_bytes} letters. "
            "Set the controls on the Train page and copy its link."
        )
    return lesson


def check_course(connection: Connection, course: str) -> None:
    """Raise RegdashError unless it is empty or names a lesson; one that a teacher brought must be in the store."""
    if course and not is_lesson(course):
        raise RegdashError(f"There is no lesson {str(course)[:40]!r}. Choose one on the Class page.")
    if course.startswith(OWN):
        query = select(lesson_files.c.id).where(lesson_files.c.id == course.removeprefix(OWN))
        if connection.scalar(query.with_for_update(read=True, key_share=True)) is None:
            raise RegdashError(
                "This lesson has been deleted. Open its file again on the Learn page, or choose another."
            )


def free_code(connection: Connection) -> str:
    """A code that no room has."""
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        if connection.scalar(select(rooms.c.id).where(rooms.c.code == code)) is None:
            return code


def plain_code(text: str) -> str | None:
    """A code as people type it, without its dashes and spaces; None when it cannot be one."""
    code = re.sub(r"[\s-]", "", text[:40]).upper()
    return code if len(code) == CODE_LENGTH and all(letter in CODE_LETTERS for letter in code) else None


def owned(connection: Connection, room_id: str, owner: str) -> Row[Any]:
    """The row of a room, locked; to whoever is not its owner there is no such room."""
    known_form = is_room(room_id) and is_session(owner)
    query = select(rooms).where(rooms.c.id == room_id, rooms.c.owner == owner)
    row = connection.execute(query.with_for_update(key_share=True)).first() if known_form else None
    if row is None:
        raise RegdashError(NO_ROOM)
    return row


def is_inside(session: str) -> ColumnElement[bool]:
    """An SQL condition on `pupils`: this session, which has not left and was not removed."""
    return and_(pupils.c.session == session, pupils.c.present, ~pupils.c.removed)


def enter(connection: Connection, room_id: str, session: str, nickname: str, most: int) -> None:
    """Let a session into a room whose row is locked, and out of any other."""
    here = and_(pupils.c.room == room_id, pupils.c.session == session)
    known = connection.execute(select(pupils.c.removed).where(here)).first()
    if known is not None and known.removed:
        raise RegdashError(REMOVED)
    same = and_(pupils.c.room == room_id, pupils.c.folded == names.folded(nickname), pupils.c.session != session)
    if connection.scalar(select(pupils.c.nickname).where(same)) is not None:
        raise RegdashError(f"Somebody in this class is already called {nickname}. Choose another nickname.")
    inside = select(func.count()).where(pupils.c.room == room_id, ~pupils.c.removed)
    if known is None and (connection.scalar(inside) or 0) >= most:
        raise RegdashError(f"This class is full: it has {most} pupils. Ask your teacher.")
    leave_all(connection, session)
    row = {"room": room_id, "session": session, "nickname": nickname, "folded": names.folded(nickname)}
    upsert(connection, pupils, [row | {"joined": time.time(), "present": True, "removed": False}])


def leave_all(connection: Connection, session: str) -> None:
    """Let a session be in no room."""
    connection.execute(update(pupils).where(pupils.c.session == session).values(present=False))


def enter_to_ask(connection: Connection, room_id: str, session: str) -> None:
    """Raise RegdashError unless the session is in this open room or has opened it; the room's row is locked."""
    query = select(rooms).where(rooms.c.id == room_id, rooms.c.expires > time.time())
    row = connection.execute(query.with_for_update(key_share=True)).first() if is_room(room_id) else None
    inside = select(pupils.c.room).where(pupils.c.room == room_id, is_inside(session))
    if row is None or (row.owner != session and connection.scalar(inside) is None):
        raise RegdashError(NOT_IN)
