"""What the columns of an imported row must be like."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Table

from regdash.errors import RegdashError
from regdash.store import names, room_rules
from regdash.store.ids import LESSON, ROOM_ID, RUN_ID, SEARCH_ID, SESSION, TABLE_ID
from regdash.store.learning_rules import PREDICTION, is_answer
from regdash.store.schema import (
    answers,
    contributions,
    lesson_holders,
    lessons_done,
    pupils,
    requests,
    rooms,
    shelf,
)
from regdash.store.shelf_texts import is_tags, plain_name, plain_note

MOST_LINE = 2**18  # letters of one row
STATES = ("waiting", "done", "failed")
SEARCH_STATES = ("running", "paused", "done", "cancelled", "failed")

Rule = Callable[[Any], bool]


def checked(row: Mapping[str, Any], rules: Mapping[str, Rule]) -> dict[str, Any]:
    """The columns that are known, each of which has passed its rule."""
    found = {}
    for name, rule in rules.items():
        value = row.get(name)
        if not rule(value):
            raise RegdashError(f"A row is left out, as its {name} is {repr(value)[:40]}.")
        found[name] = value
    return found


def _form(pattern: re.Pattern[str]) -> Rule:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _text(most: int) -> Rule:
    return lambda value: isinstance(value, str) and len(value) <= most and "\0" not in value and value.isprintable()


def _name(read: Callable[[str], str]) -> Rule:
    def stays_as_it_is(value: Any) -> bool:
        try:
            return isinstance(value, str) and read(value) == value
        except RegdashError:
            return False

    return stays_as_it_is


def _count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def _time(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e11


def _flag(value: object) -> bool:
    return isinstance(value, bool)


RUN: Mapping[str, Rule] = {
    "id": _form(RUN_ID),
    "experiment": _text(MOST_LINE),
    "state": lambda value: value in STATES,
    "status": _text(60),
    "error": _text(2_000),
    "epochs_done": _count,
    "epochs_total": _count,
    "probed": _flag,
    "pinned": _flag,
} | dict.fromkeys(("created", "queued", "started", "updated"), _time)
TABLE: Mapping[str, Rule] = {"id": _form(TABLE_ID), "session": _form(SESSION), "created": _time}
IMPORTED: Mapping[str, Rule] = {
    "id": _form(SEARCH_ID),
    "session": _form(SESSION),
    "name": _name(plain_name),
    "source": _text(20),
    "created": _time,
}
LESSON_FILE: Mapping[str, Rule] = {"id": _form(SEARCH_ID), "title": _name(plain_name), "created": _time}
RULES: Mapping[Table, Mapping[str, Rule]] = {
    requests: {"session": _form(SESSION), "run_id": _form(RUN_ID), "created": _time, "cancelled": _flag},
    rooms: {
        "id": _form(ROOM_ID),
        "code": lambda value: isinstance(value, str) and room_rules.plain_code(value) == value,
        "owner": _form(SESSION),
        "title": _name(names.title),
        "lesson": lambda value: isinstance(value, str) and room_rules.LESSON.fullmatch(value) is not None,
        "created": _time,
        "expires": _time,
        "course": lambda value: value == "" or _form(LESSON)(value),
        "held": _flag,
    },
    pupils: {
        "room": _form(ROOM_ID),
        "session": _form(SESSION),
        "nickname": _name(names.nickname),
        "joined": _time,
        "present": _flag,
        "removed": _flag,
    },
    shelf: {
        "session": _form(SESSION),
        "setting": _form(RUN_ID),
        "experiment": _text(MOST_LINE),
        "seeds": lambda value: _count(value) and value != 0,
        "name": _name(plain_name),
        "note": _name(plain_note),
        "tags": is_tags,
        "pinned": _flag,
    }
    | dict.fromkeys(("picked", "deleted", "created"), _time),
    contributions: {"room": _form(ROOM_ID), "session": _form(SESSION), "run_id": _form(RUN_ID), "created": _time},
    answers: {
        "session": _form(SESSION),
        "lesson": _form(LESSON),
        "prediction": _form(PREDICTION),
        "room": lambda value: value == "" or _form(ROOM_ID)(value),
        "answer": is_answer,
        "created": _time,
        "updated": _time,
    },
    lessons_done: {"session": _form(SESSION), "lesson": _form(LESSON), "created": _time},
    lesson_holders: {"session": _form(SESSION), "file": _form(SEARCH_ID), "created": _time},
}
ABSENT: Mapping[Table, Mapping[str, Any]] = {rooms: {"course": "", "held": False}}
"""What exports of older versions lack."""

SEARCH: Mapping[str, Rule] = {
    "id": _form(SEARCH_ID),
    "session": _form(SESSION),
    "plan": _text(MOST_LINE),
    "state": lambda value: value in SEARCH_STATES,
    "sentence": _text(2_000),
    "spent": _time,
    "race": lambda value: value == "" or _form(SEARCH_ID)(value),
    "revealed": lambda value: value == -1 or _count(value),
    "version": _count,
} | dict.fromkeys(("created", "started", "updated"), _time)
TRIAL: Mapping[str, Rule] = {
    "search": _form(SEARCH_ID),
    "point": _text(MOST_LINE),
    "told": _flag,
    "outcome": _text(MOST_LINE),
    "created": _time,
    "told_at": _time,
} | dict.fromkeys(("number", "epochs", "rung", "bracket", "origin"), _count)
