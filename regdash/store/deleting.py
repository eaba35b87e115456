"""Take a room or a search out of the store, with what nobody else has asked for."""

from sqlalchemy import Connection, and_, delete, exists, select

from regdash.store.schema import answers, contributions, requests, rooms, runs, searches

CHUNK = 500  # ids in one statement


def delete_room(connection: Connection, room_id: str, created: float) -> int:
    """Delete a room with its pupils, answers and contributions, their requests, and runs nobody else wants; how many.

    Runs that were there before the room, pinned ones and those of other rooms stay.
    """
    query = select(contributions.c.run_id).where(contributions.c.room == room_id).distinct()
    run_ids = list(connection.scalars(query.order_by(contributions.c.run_id)))
    number = 0
    for begin in range(0, len(run_ids), CHUNK):
        number += _delete_runs(connection, room_id, created, run_ids[begin : begin + CHUNK])
    connection.execute(delete(answers).where(answers.c.room == room_id))
    connection.execute(delete(rooms).where(rooms.c.id == room_id))
    return number


def delete_search(connection: Connection, search_id: str, asker: str, created: float) -> None:
    """Delete a search with its trials, its requests, and ended runs that nobody else wants.

    Runs that were there before the search, pinned ones and those of a room stay; those that are just being ended go
    with what is pruned.
    """
    query = select(requests.c.run_id).where(requests.c.session == asker).order_by(requests.c.run_id)
    run_ids = list(connection.scalars(query))
    connection.execute(delete(searches).where(searches.c.id == search_id))
    for begin in range(0, len(run_ids), CHUNK):
        _delete_asked(connection, asker, created, run_ids[begin : begin + CHUNK])


def _delete_asked(connection: Connection, asker: str, created: float, run_ids: list[str]) -> None:
    here = runs.c.id.in_(run_ids)
    connection.execute(select(runs.c.id).where(here).order_by(runs.c.id).with_for_update()).all()
    by_others = exists().where(requests.c.run_id == runs.c.id, requests.c.session != asker)
    in_a_room = exists().where(contributions.c.run_id == runs.c.id)
    ended, new = runs.c.state.in_(("done", "failed")), runs.c.created >= created
    connection.execute(delete(runs).where(here, ended, new, ~runs.c.pinned, ~by_others, ~in_a_room))
    going = select(runs.c.id).where(here, ~ended)
    mine = requests.c.session == asker, requests.c.run_id.in_(run_ids)
    connection.execute(delete(requests).where(*mine, requests.c.run_id.not_in(going)))


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
