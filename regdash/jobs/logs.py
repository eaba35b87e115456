"""Structured logs: one line per event, with ids and numbers only.

Readable:   12:03:44 info run finished run=3f0c9b21aa90c1d2e3f4 seconds=0.42
JSON lines: {"time": "2026-11-21T12:03:44.120Z", "level": "info", "event": "run finished", "run": "3f0c9b21aa90c1d2"}

What a visitor typed, is called or is recognised by has no field. Only the names of `Fields` may be given; a number may
be any number, a text must have the form that FORMS says, and is withheld otherwise.
"""

import json
import logging
import re
import sys
import time
from collections.abc import Mapping
from typing import TextIO, TypedDict, Unpack

from regdash.settings import Settings

ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
NAME = re.compile(r"\w{1,80}", re.ASCII)
PLACE = re.compile(r"[\w./<>-]{1,120}:\d+", re.ASCII)
WORDS = re.compile(r"[\w.,:;+()/ -]{0,120}", re.ASCII)
FORMS = {
    "run": ID,
    "search": ID,
    "coordinator": ID,
    "worker": ID,
    "id": ID,
    "error": NAME,
    "place": PLACE,
} | dict.fromkeys(("state", "status", "device", "version", "backend", "address"), WORDS)
WITHHELD = "(withheld)"
HANDLER = "regdash"


class Fields(TypedDict, total=False):
    """All that may stand in a line beside its event."""

    run: str
    search: str
    coordinator: str
    worker: str | int
    stack: int
    attempt: int
    status: str  # of a record: "diverged at epoch 12"
    state: str
    error: str  # the name of an exception's class, never its text
    place: str  # file and line
    id: str
    device: str
    backend: str
    version: str
    address: str  # where the server listens
    port: int
    pid: int
    runs: int
    trials: int
    searches: int
    rooms: int
    members: int
    epochs: int
    failures: int
    waiting: int
    seconds: float
    memory_mb: float
    bytes: int


class NotLoggable(ValueError):
    """A field that must not stand in a log."""


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Write the events of this process to standard error, as settings.log_format says: text or json."""
    logger = logging.getLogger("regdash")
    for old in [each for each in logger.handlers if each.name == HANDLER]:
        logger.removeHandler(old)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.name = HANDLER
    handler.setFormatter(Lines(settings.log_format))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def log_event(logger: logging.Logger, event: str, level: int = logging.INFO, **fields: Unpack[Fields]) -> None:
    """Write one line for an event such as "run finished", with what belongs to it: run=id, seconds=0.42."""
    unknown = fields.keys() - Fields.__annotations__.keys()
    if unknown:
        raise NotLoggable(f"A log may hold {', '.join(Fields.__annotations__)}, got {', '.join(sorted(unknown))}.")
    logger.log(level, event, extra={"fields": {name: _checked(name, value) for name, value in fields.items()}})


class Lines(logging.Formatter):
    """One line per record; what other libraries log keeps its first line and loses its trace."""

    def __init__(self, form: str = "text") -> None:
        logging.Formatter.__init__(self)
        self._write = _as_json if form == "json" else _as_text

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        first = next(iter(record.getMessage().splitlines()), "")
        return self._write(record, first, getattr(record, "fields", {}))


def _as_text(record: logging.LogRecord, event: str, fields: Mapping[str, object]) -> str:
    parts = [time.strftime("%H:%M:%S", time.gmtime(record.created)), record.levelname.lower(), event]
    return " ".join([*parts, *(f"{name}={_shown(value)}" for name, value in fields.items())])


def _as_json(record: logging.LogRecord, event: str, fields: Mapping[str, object]) -> str:
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    head = {"time": f"{seconds}.{int(record.msecs):03d}Z", "level": record.levelname.lower(), "event": event}
    return json.dumps(head | dict(fields))


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return json.dumps(value) if isinstance(value, str) and " " in value else str(value)


def _checked(name: str, value: object) -> object:
    if isinstance(value, bool | int | float):
        return value
    form = FORMS.get(name)
    return value if isinstance(value, str) and form is not None and form.fullmatch(value) else WITHHELD
