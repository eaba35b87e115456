"""Take a room out of the store, with what nobody else has asked for."""

from sqlalchemy import Connection, and_, delete, exists, select

from regdash.store.schema import contributions, requests, rooms, runs

CHUNK = 500  # ids in one statement


def delete_room(connection: Connection, room_id: str, created: float) -> int:
    """Delete a room, its pupils and contributions, their requests, and runs that nobody else wants; how many runs.

    Runs that were there before the room, pinned ones and those of other rooms stay.
    """
    query = select(contributions.c.run_id).where(contributions.c.room == room_id).distinct()
    run_ids = list(connection.scalars(query.order_by(contributions.c.run_id)))
    number = 0
    for begin in range(0, len(run_ids), CHUNK):
        number += _delete_runs(connection, room_id, created, run_ids[begin : begin + CHUNK])
    connection.execute(delete(rooms).where(rooms.c.id == room_id))
    return number


def _delete_runs(connection: Connection, room_id: str, created: float, run_ids: list[str]) -> int:
    connection.execute(select(runs.c.id).where(runs.c.id.in_(run_ids)).order_by(runs.c.id).with_for_update()).all()
    other = contributions.alias()
    asked_here = exists().where(
        contributions.c.room == room_id,
        contributions.c.session == requests.c.session,
        contributions.c.run_id == requests.c.run_id,
    )
    asked_elsewhere = exists().where(
        other.c.room != room_id, other.c.session == requests.c.session, other.c.run_id == requests.c.run_id
    )
    connection.execute(delete(requests).where(requests.c.run_id.in_(run_ids), asked_here, ~asked_elsewhere))
    alone = and_(
        ~exists().where(requests.c.run_id == runs.c.id),
        ~exists().where(other.c.run_id == runs.c.id, other.c.room != room_id),
    )
    old_or_pinned = (runs.c.created < created) | runs.c.pinned
    return connection.execute(delete(runs).where(runs.c.id.in_(run_ids), alone, ~old_or_pinned)).rowcount
