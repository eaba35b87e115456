"""What visitors keep about their settings: a name, a note, tags, a pin, and whether they compare or have deleted it."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select

from regdash.codec import from_json, to_json
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.repeats import Setting, setting_key
from regdash.settings import Settings
from regdash.store.database import Database, one_at_a_time, upsert
from regdash.store.ids import RUN_ID, check_session, is_session
from regdash.store.schema import shelf
from regdash.store.shelf_texts import plain_name, plain_note, plain_tags, read_tags

MOST_PICKED = 20  # settings side by side
BIN_SECONDS = 86_400.0  # for which what was deleted can be had back
INSTANT = 1e-6  # seconds between settings that are picked together, so that their order is kept
CHUNK = 500  # keys in one statement


@dataclass(frozen=True)
class Kept:
    """What a visitor keeps about one setting (an experiment without its seed and fold).

    `picked` and `deleted` say since when it is in the comparison and in the bin; 0 when it is not.
    """

    key: str
    experiment: Experiment  # of the first member
    seeds: int
    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    pinned: bool = False
    picked: float = 0.0
    deleted: float = 0.0

    @property
    def setting(self) -> Setting:
        """The runs that it is about."""
        return Setting(self.experiment, self.seeds)

    @property
    def empty(self) -> bool:
        """Whether there is nothing that would have to be kept."""
        return not (self.name or self.note or self.tags or self.pinned or self.picked or self.deleted)


class ShelfStore:
    """The shelf of every session. A change of many settings is made wholly or, with a sentence, not at all."""

    def __init__(self, database: Database, limits: Settings) -> None:
        self._database = database
        self._limits = limits

    def kept(self, sessions: Sequence[str]) -> Mapping[str, Kept]:
        """All that a visitor keeps, by key; where several of their ids keep the same setting, the first one's words."""
        return self._found(sessions)

    def picked(self, sessions: Sequence[str]) -> tuple[Kept, ...]:
        """The settings that are to be compared, the oldest first."""
        here = self._found(sessions, or_(shelf.c.picked > 0, shelf.c.deleted > 0))
        found = [each for each in here.values() if each.picked and not each.deleted]
        return tuple(sorted(found, key=lambda each: each.picked)[:MOST_PICKED])

    def pick(self, session: str, experiment: Experiment, seeds: int) -> None:
        """Put a setting into the comparison; RegdashError with a sentence when that is full."""
        self.pick_all(session, [Setting(experiment, seeds)])

    def pick_all(self, session: str, settings: Sequence[Setting]) -> None:
        """Put several into the comparison, in their order."""
        now = time.time()
        moments = {setting_key(each.experiment): now + INSTANT * place for place, each in enumerate(settings)}
        seeds = {setting_key(each.experiment): each for each in settings}

        def picked(each: Kept) -> Kept:
            given = seeds[each.key]
            since = each.picked or moments[each.key]
            return replace(each, experiment=given.experiment, seeds=given.seeds, picked=since, deleted=0.0)

        self._change(session, settings, picked)

    def unpick(self, session: str, key: str) -> None:
        """Take a setting out of the comparison."""
        self._change_known(session, [key], lambda each: replace(each, picked=0.0))

    def describe(self, session: str, setting: Setting, name: str, note: str, tags: Sequence[str]) -> None:
        """Keep what the visitor writes about a setting; RegdashError with a sentence when a text is too long."""
        words = {"name": plain_name(name), "note": plain_note(note), "tags": plain_tags(tags)}
        self._change(session, [setting], lambda each: replace(each, **words))  # type: ignore[arg-type]

    def tag(self, session: str, settings: Sequence[Setting], tags: Sequence[str]) -> None:
        """Add tags to settings."""
        self._change(session, settings, lambda each: replace(each, tags=plain_tags([*each.tags, *tags])))

    def pin(self, session: str, settings: Sequence[Setting]) -> None:
        """Keep the runs of settings however old they get."""
        self._change(session, settings, lambda each: replace(each, pinned=True))

    def unpin(self, sessions: Sequence[str], keys: Sequence[str]) -> None:
        """Keep them no longer than others."""
        for session in sessions:
            self._change_known(session, keys, lambda each: replace(each, pinned=False))

    def delete(self, session: str, settings: Sequence[Setting]) -> None:
        """Put settings into the bin; after a day what nobody else has asked for goes with what is pruned."""
        now = time.time()
        self._change(session, settings, lambda each: replace(each, deleted=now))

    def restore(self, sessions: Sequence[str], keys: Sequence[str]) -> None:
        """Have settings back from the bin."""
        for session in sessions:
            self._change_known(session, keys, lambda each: replace(each, deleted=0.0))

    def _found(self, sessions: Sequence[str], *where: ColumnElement[bool]) -> Mapping[str, Kept]:
        known = [each for each in sessions if is_session(each)]
        query = select(shelf).where(shelf.c.session.in_(known), *where)
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        found: dict[str, Kept] = {}
        for row in sorted(rows, key=lambda row: known.index(row["session"])):
            each = _read(dict(row))
            if each is not None:
                found[each.key] = _merged(found[each.key], each) if each.key in found else each
        return found

    def _change(self, session: str, settings: Sequence[Setting], change: Callable[[Kept], Kept]) -> None:
        fresh = {setting_key(each.experiment): each for each in settings}
        check_session(session)
        with self._database.writing() as connection:
            one_at_a_time(connection, session)
            here = _rows(connection, session, list(fresh))
            blank = {key: Kept(key, each.experiment, each.seeds) for key, each in fresh.items()}
            _put(connection, session, [change(here.get(key) or blank[key]) for key in fresh])
            _check_limits(connection, session, self._limits)

    def _change_known(self, session: str, keys: Sequence[str], change: Callable[[Kept], Kept]) -> None:
        check_session(session)
        with self._database.writing() as connection:
            one_at_a_time(connection, session)
            known = [key for key in keys if isinstance(key, str) and RUN_ID.fullmatch(key)]
            _put(connection, session, [change(each) for each in _rows(connection, session, known).values()])


def _rows(connection: Connection, session: str, keys: Sequence[str]) -> dict[str, Kept]:
    found: dict[str, Kept] = {}
    for begin in range(0, len(keys), CHUNK):
        part = shelf.c.setting.in_(keys[begin : begin + CHUNK])
        for row in connection.execute(select(shelf).where(shelf.c.session == session, part)).mappings():
            each = _read(dict(row))
            if each is not None:
                found[each.key] = each
    return found


def _put(connection: Connection, session: str, changed: Sequence[Kept]) -> None:
    now = time.time()
    rows = [_row(each) | {"session": session, "created": now} for each in changed if not each.empty]
    upsert(connection, shelf, rows)
    for each in changed:
        if each.empty:
            connection.execute(delete(shelf).where(shelf.c.session == session, shelf.c.setting == each.key))


def _row(each: Kept) -> dict[str, Any]:
    values = {name: getattr(each, name) for name in ("seeds", "name", "note", "pinned", "picked", "deleted")}
    return values | {"setting": each.key, "experiment": to_json(each.experiment), "tags": json.dumps(each.tags)}


def _read(row: Mapping[str, Any]) -> Kept | None:
    """A row; None when another version of Regdash wrote it and this one cannot read its experiment."""
    experiment = _experiment(row["experiment"])
    if experiment is None:
        return None
    values = {name: row[name] for name in ("seeds", "name", "note", "pinned", "picked", "deleted")}
    return Kept(row["setting"], experiment, tags=read_tags(row["tags"]), **values)


@lru_cache(maxsize=2_048)
def _experiment(text: str) -> Experiment | None:
    try:
        return from_json(text)
    except RegdashError:
        return None


def _merged(first: Kept, other: Kept) -> Kept:
    return replace(
        first,
        pinned=first.pinned or other.pinned,
        picked=first.picked or other.picked,
        deleted=first.deleted or other.deleted,
    )


def _check_limits(connection: Connection, session: str, limits: Settings) -> None:
    mine = shelf.c.session == session, shelf.c.deleted == 0
    number = connection.scalar(select(func.count()).where(*mine)) or 0
    if number > limits.max_shelf:
        raise RegdashError(
            f"You may keep words, pins and comparisons about at most {limits.max_shelf} settings, and this would make "
            f"{number}. Remove some first."
        )
    pinned = connection.scalar(select(func.count()).where(*mine, shelf.c.pinned)) or 0
    if pinned > limits.max_pinned:
        raise RegdashError(
            f"You may pin at most {limits.max_pinned} settings, and this would make {pinned}. Unpin some first."
        )
    picked = connection.scalar(select(func.count()).where(*mine, shelf.c.picked > 0)) or 0
    if picked > MOST_PICKED:
        raise RegdashError(
            f"A comparison may hold at most {MOST_PICKED} settings, and this would make {picked}. Take some out first."
        )
