"""How much a session, a class and all together may have unfinished; each limit that is passed is a sentence."""

from sqlalchemy import Connection, func, select

from regdash.errors import RegdashError
from regdash.settings import Settings
from regdash.store.order import UNFINISHED
from regdash.store.schema import contributions, requests, runs

FEW = 10  # unfinished runs of one session that find room although the server is full


def check_session_limit(connection: Connection, session: str, limits: Settings) -> None:
    """Raise RegdashError when the session has more unfinished runs than it may."""
    unfinished = _unfinished(connection, session)
    if unfinished > limits.max_waiting:
        raise RegdashError(
            f"You may have at most {limits.max_waiting} unfinished runs at once, and this would make {unfinished}. "
            "Wait until some have finished, or cancel some."
        )


def check_room_limit(connection: Connection, room: str, limits: Settings) -> None:
    """Raise RegdashError when the class has more unfinished runs than it may."""
    query = (
        select(func.count(contributions.c.run_id.distinct()))
        .select_from(contributions.join(runs))
        .where(contributions.c.room == room, runs.c.state.in_(UNFINISHED))
    )
    unfinished = connection.scalar(query) or 0
    if unfinished > limits.max_room_waiting:
        raise RegdashError(
            f"A class may have at most {limits.max_room_waiting} unfinished runs at once, and this would make "
            f"{unfinished}. Wait until some have finished."
        )


def check_queue_limit(connection: Connection, session: str, limits: Settings) -> None:
    """Raise RegdashError when more runs wait than the server takes.

    Who asks for a few only is let in beyond that, up to as many again: nobody can keep all others out.
    """
    waiting = connection.scalar(select(func.count()).where(runs.c.state == "waiting")) or 0
    if waiting <= limits.max_queue:
        return
    if waiting > 2 * limits.max_queue or _unfinished(connection, session) > FEW:
        raise RegdashError(
            f"The server is full: at most {limits.max_queue} runs may wait at once, and this would make {waiting}. "
            "Try again in a few minutes."
        )


def _unfinished(connection: Connection, session: str) -> int:
    query = (
        select(func.count())
        .select_from(requests.join(runs))
        .where(requests.c.session == session, ~requests.c.cancelled, runs.c.state.in_(UNFINISHED))
    )
    return connection.scalar(query) or 0
