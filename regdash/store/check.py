"""Look for what must never be in a store: results that are missing, damaged or of something else, and rows astray."""

import time
from collections.abc import Callable, Iterator

from sqlalchemy import Connection, exists, func, select, text

from regdash.codec import from_json, identity
from regdash.errors import RegdashError
from regdash.record import unpack
from regdash.repeats import setting_of
from regdash.search import plan_from_json
from regdash.store.coordinators import read_signs
from regdash.store.database import Database
from regdash.store.learning_rules import is_answer, lesson_id
from regdash.store.requests import is_wanted
from regdash.store.schema import answers, lesson_files, metadata, records, rooms, runs, searches, shelf, trials
from regdash.store.searches import read_trial

CHUNK = 50  # records in memory at once
WATCH_SECONDS = 3.0  # for which a coordinator is watched for a sign of life; it gives one every second


def check_store(database: Database, tell: Callable[[int, int], None] | None = None) -> list[str]:
    """The faults of a store, a sentence each; `tell` hears how many records of how many have been read."""
    with database.reading() as connection:
        rows = [*_run_faults(connection), *_search_faults(connection), *_shelf_faults(connection)]
        faults = [*_file_faults(connection), *rows, *_learning_faults(connection)]
    return [*faults, *_stray_rows(database), *_record_faults(database, tell), *_abandoned_runs(database)]


def _file_faults(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for (line,) in connection.execute(text("PRAGMA integrity_check(20)")):
            if line != "ok":
                yield f"The file is damaged: {line}."


def _run_faults(connection: Connection) -> Iterator[str]:
    recorded = exists().where(records.c.run_id == runs.c.id)
    for run_id in connection.scalars(select(runs.c.id).where(runs.c.state == "done", ~recorded)):
        yield f"Run {run_id} is done, but its record is missing."
    for run_id in connection.scalars(select(runs.c.id).where(runs.c.state == "failed", runs.c.error == "")):
        yield f"Run {run_id} has failed without saying why."
    for run_id in connection.scalars(select(runs.c.id).where(runs.c.state == "waiting", ~is_wanted())):
        yield f"Run {run_id} waits, but nobody asks for it."
    states = runs.c.state.not_in(("waiting", "running", "done", "failed"))
    for run_id, state in connection.execute(select(runs.c.id, runs.c.state).where(states)):
        yield f"Run {run_id} has the unknown state {state!r}."
    for run_id, experiment in connection.execute(select(runs.c.id, runs.c.experiment)):
        fault = _identity_fault(run_id, experiment)
        if fault:
            yield fault


def _identity_fault(run_id: str, experiment: str) -> str:
    try:
        found = identity(from_json(experiment))
    except RegdashError as error:
        return f"Run {run_id} has settings that cannot be read: {str(error).splitlines()[0]}."
    return "" if found == run_id else f"Run {run_id} has the settings of run {found}."


def _search_faults(connection: Connection) -> Iterator[str]:
    for search_id, plan in connection.execute(select(searches.c.id, searches.c.plan)):
        try:
            plan_from_json(plan)
        except RegdashError as error:
            yield f"Search {search_id} has a plan that cannot be read: {str(error).splitlines()[0]}."
    whole = select(trials.c.search).group_by(trials.c.search).having(func.max(trials.c.number) >= func.count())
    for search_id in connection.scalars(whole):
        yield f"Search {search_id} lacks some of its trials."
    for row in connection.execute(select(trials).where(trials.c.told)).mappings():
        try:
            read_trial(dict(row))
        except (ValueError, KeyError, TypeError, AttributeError):
            yield f"Trial {row['number']} of search {row['search']} cannot be read."


def _shelf_faults(connection: Connection) -> Iterator[str]:
    for setting, experiment in connection.execute(select(shelf.c.setting, shelf.c.experiment)):
        if setting_of(experiment) != setting:
            yield f"What is kept about setting {setting} is about another one, or cannot be read."


def _learning_faults(connection: Connection) -> Iterator[str]:
    for id_, data in connection.execute(select(lesson_files.c.id, lesson_files.c.data)):
        if lesson_id(data) != id_:
            yield f"The text of the lesson {id_} is damaged or another one."
    nowhere = answers.c.room != "", ~exists().where(rooms.c.id == answers.c.room)
    number = connection.scalar(select(func.count()).select_from(answers).where(*nowhere))
    if number:
        yield f"{number} rows of answers belong to no row of rooms."
    for session, lesson, text_ in connection.execute(select(answers.c.session, answers.c.lesson, answers.c.answer)):
        if not is_answer(text_):
            yield f"An answer of {session} in the lesson {lesson} cannot be read."


def _stray_rows(database: Database) -> Iterator[str]:
    """Rows whose run or room is gone; the store itself prevents them, unless something else has written to it."""
    with database.reading() as connection:
        for table in metadata.sorted_tables:
            for key in table.foreign_keys:
                parent = key.column
                stray = ~exists().where(parent == key.parent).correlate(table)
                number = connection.scalar(select(func.count()).select_from(table).where(stray))
                if number:
                    yield f"{number} rows of {table.name} belong to no row of {parent.table.name}."


def _record_faults(database: Database, tell: Callable[[int, int], None] | None) -> Iterator[str]:
    with database.reading() as connection:
        ids = list(connection.scalars(select(records.c.run_id).order_by(records.c.run_id)))
    for begin in range(0, len(ids), CHUNK):
        with database.reading() as connection:
            rows = connection.execute(select(records).where(records.c.run_id.in_(ids[begin : begin + CHUNK]))).all()
        yield from filter(None, (_record_fault(*row) for row in rows))
        if tell is not None:
            tell(min(begin + CHUNK, len(ids)), len(ids))


def _record_fault(run_id: str, data: bytes) -> str:
    try:
        found = unpack(data).id
    except RegdashError as error:
        return f"Run {run_id}: {error}."
    return "" if found == run_id else f"The record of run {run_id} is of run {found}."


def _abandoned_runs(database: Database) -> Iterator[str]:
    query = select(runs.c.id, runs.c.owner).where(runs.c.state == "running").order_by(runs.c.id)
    with database.reading() as connection:
        if not connection.execute(query).all():
            return
    before = {sign.id: sign.beats for sign in read_signs(database)}
    time.sleep(WATCH_SECONDS)
    living = {sign.id for sign in read_signs(database) if sign.beats > before.get(sign.id, -1)}
    with database.reading() as connection:
        for run_id, owner in connection.execute(query):
            if owner not in living:
                yield f"Run {run_id} is marked as in training, but its coordinator is gone. Start one to train it."
