"""Rooms: a teacher's class, which pupils join by a code and without an account."""

import secrets
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Select, and_, select, update

from regdash.errors import RegdashError
from regdash.settings import Settings, settings
from regdash.store import names
from regdash.store.database import Database, one_at_a_time
from regdash.store.deleting import delete_room
from regdash.store.exporting import export_store
from regdash.store.ids import check_session, is_room, is_session
from regdash.store.room_rules import (
    NO_CODE,
    NO_COURSE,
    OVER,
    check_course,
    check_kept,
    check_may_open,
    check_number,
    enter,
    free_code,
    is_inside,
    leave_all,
    owned,
    plain_code,
    ready_lesson,
    some_hours,
)
from regdash.store.schema import contributions, pupils, rooms, runs


@dataclass(frozen=True)
class Room:
    """A class; `lesson` is the query string of a link: settings, locked and hidden controls.

    `course` names a lesson of the Learn page; its results are `held` back until the teacher shows them.
    """

    id: str
    code: str
    owner: str
    title: str
    lesson: str
    created: float
    expires: float
    course: str = ""
    held: bool = False

    @property
    def open(self) -> bool:
        """Whether its time has not run out."""
        return time.time() < self.expires


@dataclass(frozen=True)
class Pupil:
    """Who is in a room."""

    session: str
    nickname: str
    joined: float
    present: bool  # has not left
    removed: bool  # by the teacher


@dataclass(frozen=True)
class Contribution:
    """A run that was asked for in a room; never by which session."""

    nickname: str
    run_id: str
    experiment: str
    state: str
    status: str
    created: float


class RoomStore:
    """Rooms for their owners and for pupils. To whoever is not its owner a room does not exist."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # For anybody

    def get(self, room_id: str) -> Room | None:
        """A room by its id, which only who is in it knows; None when there is none."""
        found = self._rooms(select(rooms).where(rooms.c.id == room_id)) if is_room(room_id) else []
        return found[0] if found else None

    def membership(self, session: str) -> Room | None:
        """The open room that the session is in; None when it is in none."""
        if not is_session(session):
            return None
        inside = is_inside(session)
        query = select(rooms).join(pupils, pupils.c.room == rooms.c.id).where(inside, rooms.c.expires > time.time())
        found = self._rooms(query.order_by(pupils.c.joined.desc(), rooms.c.id).limit(1))
        return found[0] if found else None

    def join(self, code: str, session: str, nickname: str, limits: Settings | None = None) -> Room:
        """Enter a room by its code, and leave any other; raises RegdashError with a sentence when that cannot be."""
        check_session(session)
        name, plain = names.nickname(nickname), plain_code(code)
        if plain is None:
            raise RegdashError(NO_CODE)
        with self._database.writing() as connection:
            row = connection.execute(select(rooms).where(rooms.c.code == plain).with_for_update(key_share=True)).first()
            if row is None:
                raise RegdashError(NO_CODE)
            room = Room(*row)
            if not room.open:
                raise RegdashError(OVER)
            enter(connection, room.id, session, name, (limits or settings()).max_pupils)
        return room

    def leave(self, session: str) -> None:
        """Leave every room; what was contributed stays."""
        check_session(session)
        with self._database.writing() as connection:
            leave_all(connection, session)

    def pupils(self, room_id: str) -> list[Pupil]:
        """Who has joined, in order, those who have left or were removed among them."""
        columns = pupils.c.session, pupils.c.nickname, pupils.c.joined, pupils.c.present, pupils.c.removed
        query = select(*columns).where(pupils.c.room == room_id).order_by(pupils.c.joined, pupils.c.session)
        if not is_room(room_id):
            return []
        with self._database.reading() as connection:
            return [Pupil(*row) for row in connection.execute(query)]

    def nickname(self, room_id: str, session: str) -> str:
        """What a pupil is called there; empty for who has never joined."""
        query = select(pupils.c.nickname).where(pupils.c.room == room_id, pupils.c.session == session)
        if not (is_room(room_id) and is_session(session)):
            return ""
        with self._database.reading() as connection:
            return connection.scalar(query) or ""

    def contributions(self, room_id: str) -> list[Contribution]:
        """The runs of the class, newest last; without those of pupils who were removed."""
        columns = runs.c.experiment, runs.c.state, runs.c.status, contributions.c.created
        pupil = and_(pupils.c.room == contributions.c.room, pupils.c.session == contributions.c.session)
        query = (
            select(pupils.c.nickname, runs.c.id, *columns)
            .select_from(contributions.join(pupils, pupil).join(runs, runs.c.id == contributions.c.run_id))
            .where(contributions.c.room == room_id, ~pupils.c.removed)
            .order_by(contributions.c.created, runs.c.id)
        )
        if not is_room(room_id):
            return []
        with self._database.reading() as connection:
            return [Contribution(*row) for row in connection.execute(query)]

    # For owners

    def open(self, owner: str, title: str, lesson: str, hours: float, limits: Settings) -> Room:
        """Open a room for some hours; raises RegdashError with a sentence when the owner may not, or has too many."""
        check_session(owner)
        check_may_open(owner, limits)
        now = time.time()
        with self._database.writing() as connection:
            one_at_a_time(connection, owner)
            check_number(connection, owner, limits)
            check_kept(connection, owner, limits)
            id_, code = secrets.token_urlsafe(16), free_code(connection)
            ends = now + 3_600 * some_hours(hours, limits)
            room = Room(id_, code, owner, names.title(title), ready_lesson(lesson, limits), now, ends)
            connection.execute(rooms.insert().values(**asdict(room)))
        return room

    def of(self, owner: str) -> list[Room]:
        """The rooms that a session has opened, newest first."""
        query = select(rooms).where(rooms.c.owner == owner).order_by(rooms.c.created.desc(), rooms.c.id)
        return self._rooms(query) if is_session(owner) else []

    def rename(self, room_id: str, owner: str, title: str) -> None:
        """Give the room another title."""
        self._change(room_id, owner, title=names.title(title))

    def set_lesson(self, room_id: str, owner: str, lesson: str, limits: Settings | None = None) -> None:
        """Give the class other settings, and other controls that are locked or hidden."""
        self._change(room_id, owner, lesson=ready_lesson(lesson, limits or settings()))

    def set_course(self, room_id: str, owner: str, course: str, held: bool) -> None:
        """Give the class a lesson of the Learn page, or none; `held` lets its results wait for the teacher."""
        with self._database.writing() as connection:
            owned(connection, room_id, owner)
            check_course(connection, course)
            values = {"course": course, "held": bool(course) and held}
            connection.execute(update(rooms).where(rooms.c.id == room_id).values(**values))

    def reveal(self, room_id: str, owner: str, revealed: bool) -> None:
        """Show the class the results of its lesson, or hide them again."""
        with self._database.writing() as connection:
            if not owned(connection, room_id, owner).course:
                raise RegdashError(NO_COURSE)
            connection.execute(update(rooms).where(rooms.c.id == room_id).values(held=not revealed))

    def extend(self, room_id: str, owner: str, hours: float, limits: Settings | None = None) -> None:
        """Let the room be open for some more hours; one that has ended opens again."""
        limits = limits or settings()
        with self._database.writing() as connection:
            now, row = time.time(), owned(connection, room_id, owner)
            if row.expires <= now:
                check_number(connection, owner, limits)
            latest = now + 3_600 * limits.max_room_hours
            ends = min(max(now, row.expires) + 3_600 * some_hours(hours, limits), latest)
            connection.execute(update(rooms).where(rooms.c.id == room_id).values(expires=ends))

    def close(self, room_id: str, owner: str) -> None:
        """End the class now; its results stay with the teacher."""
        self._change(room_id, owner, expires=time.time())

    def remove(self, room_id: str, owner: str, nickname: str) -> None:
        """Take a pupil and all contributions out of the class."""
        self._set_removed(room_id, owner, nickname, True)

    def readmit(self, room_id: str, owner: str, nickname: str) -> None:
        """Let a pupil who was removed take part again."""
        self._set_removed(room_id, owner, nickname, False)

    def export(self, room_id: str, owner: str) -> bytes:
        """All ended runs of the room as a zip file that another store can take in."""
        with self._database.reading() as connection:
            owned(connection, room_id, owner)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "room.zip"
            export_store(self._database, path, room=room_id)
            return path.read_bytes()

    def delete(self, room_id: str, owner: str) -> None:
        """Delete the room, who was in it, and the runs that only its pupils asked for in it."""
        with self._database.writing() as connection:
            delete_room(connection, room_id, owned(connection, room_id, owner).created)

    def _rooms(self, query: Select[Any]) -> list[Room]:
        with self._database.reading() as connection:
            return [Room(*row) for row in connection.execute(query)]

    def _change(self, room_id: str, owner: str, **values: object) -> None:
        with self._database.writing() as connection:
            owned(connection, room_id, owner)
            connection.execute(update(rooms).where(rooms.c.id == room_id).values(**values))

    def _set_removed(self, room_id: str, owner: str, nickname: str, removed: bool) -> None:
        name = names.nickname(nickname)
        with self._database.writing() as connection:
            owned(connection, room_id, owner)
            called_so = and_(pupils.c.room == room_id, pupils.c.folded == names.folded(name))
            if not connection.execute(update(pupils).where(called_so).values(removed=removed)).rowcount:
                raise RegdashError(f"There is nobody called {name} in this class.")
