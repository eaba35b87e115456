"""What an id must look like before it comes near the store. A foreign text is never part of an SQL statement."""

import re
from collections.abc import Collection

from regdash.errors import RegdashError

SESSION = re.compile(r"[A-Za-z0-9_.:-]{1,100}", re.ASCII)
RUN_ID = re.compile(r"[0-9a-f]{20}", re.ASCII)
ROOM_ID = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
SEARCH_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
LESSON = re.compile(r"\w[\w .():/-]{0,79}")  # a folder's name
TABLE_ID = re.compile(r"[0-9a-f]{32,64}", re.ASCII)

OWN = "own-"  # how the name of a visitor's own lesson begins; its id follows
ANONYMOUS = "a-"  # how the session of a visitor who has not signed in begins


def check_session(session: str) -> None:
    """Raise RegdashError unless it has the form of a session's id."""
    if not (isinstance(session, str) and SESSION.fullmatch(session)):
        raise RegdashError(f"A session's id must be 1 to 100 letters, digits, - or _, got {str(session)[:40]!r}.")


def is_session(session: str) -> bool:
    """Whether it has the form of a session's id."""
    return isinstance(session, str) and SESSION.fullmatch(session) is not None


def is_room(room_id: str) -> bool:
    """Whether it has the form of a room's id."""
    return isinstance(room_id, str) and ROOM_ID.fullmatch(room_id) is not None


def is_lesson(name: object) -> bool:
    """Whether it has the form of a lesson's name: overfitting, or own- with an id."""
    return isinstance(name, str) and LESSON.fullmatch(name) is not None


def is_search(search_id: str) -> bool:
    """Whether it has the form of a search's id."""
    return isinstance(search_id, str) and SEARCH_ID.fullmatch(search_id) is not None


def is_asker(session: str) -> bool:
    """Whether runs were asked for in the name of a search, so that nobody looks at their curves while they train."""
    return session[2:].startswith("search-")


def asker_of(session: str, search_id: str) -> str:
    """In whose name the runs of a search are asked for: it begins as the session does, so it is kept as long."""
    return f"{session[:2]}search-{search_id}"


def run_ids_among(texts: Collection[str]) -> list[str]:
    """Those that have the form of a run's id, each once, sorted: whoever locks rows does it in this order."""
    return sorted({text for text in texts if isinstance(text, str) and RUN_ID.fullmatch(text)})
