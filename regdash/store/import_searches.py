"""Take exported searches into a store. They may come from anybody: every plan, point and outcome is read first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import select

from regdash.errors import RegdashError
from regdash.search import Plan, plan_from_json, plan_to_json
from regdash.store.database import Database
from regdash.store.ids import asker_of
from regdash.store.import_rules import SEARCH, TRIAL, checked
from regdash.store.schema import searches, trials
from regdash.store.searches import read_trial

CHUNK = 500

Row = Mapping[str, Any]


def take_searches(
    database: Database, rows: Iterator[Row], trial_rows: Iterator[Row], refuse: Callable[[RegdashError], None]
) -> None:
    """Add the searches that are not there, with their trials; those that are stay as they are."""
    plans: dict[str, Plan] = {}
    for row in rows:
        try:
            plans |= _search(database, row)
        except RegdashError as error:
            refuse(error)
    numbers = dict.fromkeys(plans, 0)
    while chunk := list(islice(trial_rows, CHUNK)):
        good: list[dict[str, Any]] = []
        for row in chunk:
            try:
                good += _trial(row, plans, numbers)
            except RegdashError as error:
                refuse(error)
        _add(database, good)


def _search(database: Database, row: Row) -> dict[str, Plan]:
    """Enter a search; nothing when it is there already."""
    found = checked(row, SEARCH)
    plan = plan_from_json(found["plan"])
    values = found | {"plan": plan_to_json(plan), "asker": asker_of(found["session"], found["id"])}
    with database.writing() as connection:
        if connection.scalar(select(searches.c.id).where(searches.c.id == found["id"])) is not None:
            return {}
        connection.execute(searches.insert().values(**values))
    return {found["id"]: plan}


def _trial(row: Row, plans: Mapping[str, Plan], numbers: dict[str, int]) -> list[dict[str, Any]]:
    """A trial as it is kept, nothing when its search was there before; they come in the order of their numbers."""
    found = checked(row, TRIAL)
    search, number = found["search"], found["number"]
    if search not in plans:
        return []
    wrong = f"Trial {number} of search {search} is left out, as"
    if number != numbers[search]:
        raise RegdashError(f"{wrong} number {numbers[search]} is missing.")
    try:
        trial = read_trial(found)
        plans[search].space.places(trial.values)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError):
        raise RegdashError(f"{wrong} it cannot be read.") from None
    numbers[search] += 1
    return [found]


def _add(database: Database, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        with database.writing() as connection:
            connection.execute(trials.insert(), rows)
