"""`regdash export`: a run as code for plain Keras, as a Keras model, or as plain data."""

import argparse
import csv
import io
import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from regdash.cli.files import read_text
from regdash.cli.train import tree_of
from regdash.codec import from_json, identity
from regdash.errors import InvalidExperiment, RegdashError
from regdash.experiment import Experiment
from regdash.links import from_link
from regdash.record import RunRecord
from regdash.settings import settings

ID = re.compile(r"[0-9a-f]{20}")
MOST_LETTERS = 16_384  # of what is given: links are shorter


@dataclass(frozen=True)
class Wanted:
    """An experiment, and its run where the store has one."""

    experiment: Experiment
    record: RunRecord | None

    @property
    def trained(self) -> RunRecord:
        """Its run; RegdashError when it has not been trained."""
        if self.record is None:
            run = identity(self.experiment)
            raise RegdashError(f"Run {run} has not been trained on this machine. Train it first, or export the script.")
        return self.record


def add_to(commands: Any) -> None:
    """Declare the command."""
    export = commands.add_parser(
        "export",
        help="write a run as a Keras script, a notebook, a .keras model, JSON or CSV",
        description="Write a run as a file. A script and a notebook train it anew with nothing but keras, tensorflow, "
        "numpy and scikit-learn; keras is the trained network; json and csv are its curves.",
    )
    export.add_argument(
        "what",
        metavar="ID|LINK|FILE",
        help="the id of a run, the link of an experiment in quotes, or a JSON file (- for standard input)",
    )
    export.add_argument("--format", choices=tuple(FORMATS), default="script", help="what to write (default: script)")
    export.add_argument("--out", type=Path, metavar="FILE", help="where to write it; without it on standard output")
    export.set_defaults(run=_export)


def _export(given: argparse.Namespace) -> int:
    if given.format == "keras" and given.out is None:
        raise InvalidExperiment({"out": "a .keras model is no text: say where to write it, as in --out run.keras"})
    wanted = _wanted(given.what)
    data = FORMATS[given.format](wanted)
    if given.out is None or str(given.out) == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    else:
        _write(given.out, data)
    for name, rows in _beside(wanted, given.format).items():
        place = (given.out or Path(name)).with_name(name)
        _write(place, rows)
        print(f"Its rows are in {place}: keep the two files side by side.", file=sys.stderr)
    return 0


def _wanted(what: str) -> Wanted:
    """The run behind an id, a link, or a file with an experiment."""
    if len(what) > MOST_LETTERS:
        raise InvalidExperiment({"link": f"what to export must have at most {MOST_LETTERS} letters, got {len(what)}"})
    if ID.fullmatch(what):
        record = _record(what)
        if record is None:
            raise RegdashError(f"There is no run {what} with results in the store. `regdash train` prints ids.")
        return Wanted(record.experiment, record)
    if "?" in what or what.startswith("v="):
        query = urlsplit(what).query or what
        experiment = from_link({key: text for key, text in parse_qsl(query) if key != "text"})
    else:
        experiment = from_json(read_text(Path(what), settings().max_json_bytes))
    return Wanted(experiment, _record(identity(experiment)))


def _record(run: str) -> RunRecord | None:
    from regdash.store.runs import RunStore

    store = RunStore.open(settings().store_url)
    try:
        return store.get(run)
    finally:
        store.close()


def _script(wanted: Wanted) -> bytes:
    from regdash.export.code import script

    return script(wanted.experiment).encode()


def _notebook(wanted: Wanted) -> bytes:
    from regdash.export.code import notebook

    return notebook(wanted.experiment)


def _keras(wanted: Wanted) -> bytes:
    from regdash.export.model import model_file

    return model_file(wanted.trained)


def _json(wanted: Wanted) -> bytes:
    return (json.dumps(tree_of(wanted.trained), allow_nan=False, indent=1) + "\n").encode()


def _csv(wanted: Wanted) -> bytes:
    """One row for each epoch, in full precision."""
    history, text = wanted.trained.history, io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["epoch", *history])
    rows.writerows(zip(history.epochs.tolist(), *(column.tolist() for column in history.values()), strict=True))
    return text.getvalue().encode()


def _beside(wanted: Wanted, format: str) -> dict[str, bytes]:
    """The files that belong beside it, by name: the rows of an uploaded table."""
    from regdash.export.code import files_beside

    return files_beside(wanted.experiment) if format in ("script", "notebook") else {}


def _write(place: Path, data: bytes) -> None:
    try:
        place.write_bytes(data)
    except OSError as error:
        raise RegdashError(f"{place} cannot be written: {error.strerror or error}.") from None


FORMATS: Mapping[str, Callable[[Wanted], bytes]] = {
    "script": _script,
    "notebook": _notebook,
    "keras": _keras,
    "json": _json,
    "csv": _csv,
}
