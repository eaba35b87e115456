"""`regdash store`: look after what is kept."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regdash.settings import settings

if TYPE_CHECKING:
    from regdash.store.database import Database

MOST_LINES = 50
MB = 2**20


def add_to(commands: Any) -> None:
    """Declare the command."""
    store = commands.add_parser("store", help="look after what is kept: check, export, import, prune, upgrade")
    inside = store.add_subparsers(title="commands", required=True, metavar="COMMAND")
    inside.add_parser("check", help="look for faults; status 1 when there are any").set_defaults(run=_check)
    export = inside.add_parser("export", help="write everything to one .zip, for another store")
    export.add_argument("file", type=Path)
    export.add_argument("--session", default="", help="only the ended runs of this session")
    export.add_argument("--room", default="", help="only the ended runs of the room with this id")
    export.set_defaults(run=_export)
    take = inside.add_parser("import", help="take an export in; of a run that is there already the newer one stays")
    take.add_argument("file", type=Path)
    take.set_defaults(run=_import)
    inside.add_parser("prune", help="delete now what the settings say is not kept").set_defaults(run=_prune)
    inside.add_parser("upgrade", help="bring the tables to this version, as opening does").set_defaults(run=_upgrade)


def _check(given: argparse.Namespace) -> int:
    from regdash.store.check import check_store
    from regdash.store.figures import read_figures

    database = _open()
    try:
        faults = check_store(database)
        if not faults:
            figures = read_figures(database)
            print(f"The store {database.place} is sound: {figures.runs} runs, {figures.records} records.")
    finally:
        database.close()
    _say(faults, "faults")
    return 1 if faults else 0


def _export(given: argparse.Namespace) -> int:
    from regdash.store.portable import export_store

    database = _open()
    try:
        number = export_store(database, given.file, given.session, given.room)
    finally:
        database.close()
    print(f"{given.file} holds {number} runs, {given.file.stat().st_size / MB:.1f} MB.")
    return 0


def _import(given: argparse.Namespace) -> int:
    from regdash.store.portable import import_store

    database = _open()
    try:
        done = import_store(database, given.file)
    finally:
        database.close()
    print(f"{done.runs} runs were taken in, {done.kept} were there already.")
    _say(done.refused, "rows left out")
    return 1 if done.refused else 0


def _prune(given: argparse.Namespace) -> int:
    from regdash.store.keeping import prune

    database = _open()
    try:
        gone = prune(database, settings())
    finally:
        database.close()
    print(f"Deleted: {gone.runs} runs, {gone.rooms} rooms, {gone.bytes / MB:.1f} MB of records.")
    return 0


def _upgrade(given: argparse.Namespace) -> int:
    from regdash.store.upgrade import LATEST

    database = _open()
    database.close()
    print(f"The store {database.place} has the tables of this version ({LATEST}).")
    return 0


def _open() -> "Database":
    from regdash.store.database import open_store

    return open_store(settings().store_url, settings().patience_seconds)


def _say(sentences: Any, what: str) -> None:
    for sentence in sentences[:MOST_LINES]:
        print(sentence, file=sys.stderr)
    if len(sentences) > MOST_LINES:
        print(f"... and {len(sentences) - MOST_LINES} more {what}.", file=sys.stderr)
