"""What a file that somebody brought is, told by its content: settings, histories or event files."""

import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regdash.comparison.imported import Imported
from regdash.imports.event_logs import from_event_files, is_event_file
from regdash.imports.histories import MOST_CURVES, BrokenImport
from regdash.imports.settings_json import Planned, from_experiments, is_experiment
from regdash.imports.tables import from_csv, from_json_columns, from_json_rows
from regdash.params import excerpt

MB = 2**20
MOST_BYTES = 20 * MB  # of one file
MOST_UNPACKED = 100 * MB  # of the event files in an archive
MOST_FILES = 2_000  # in an archive
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
WANTED = (
    "Bring a JSON of experiments, a Keras history as JSON or CSV, or a TensorBoard event file or log directory as a zip"
)


@dataclass(frozen=True)
class Found:
    """What files hold: curves that were trained elsewhere, and settings that can be trained here."""

    imported: tuple[Imported, ...] = ()
    planned: tuple[Planned, ...] = ()


def read_import(name: str, data: bytes) -> Found:
    """What a file holds; raises BrokenImport with a sentence that names it. Its name only names the curves."""
    name = "".join(letter for letter in name if letter.isprintable())[-100:] or "The file"
    if not data.strip():
        raise BrokenImport(f"{name} is empty. {WANTED}.")
    if len(data) > MOST_BYTES:
        raise BrokenImport(f"{name}: at most {MOST_BYTES // MB} MB are read, got {len(data) / MB:.1f} MB.")
    if data.startswith(b"PK"):
        return _archive(name, data)
    if is_event_file(data):
        return Found(imported=tuple(from_event_files(name, [(name, data)])))
    return _text(name, data)


def _text(name: str, data: bytes) -> Found:
    text = _decoded(name, data)
    if text.lstrip()[:1] in ("{", "["):
        return _json(name, text)
    found = from_csv(name, text)
    if len(found) > MOST_CURVES or sum(len(each.histories) for each in found) > MOST_CURVES:
        raise BrokenImport(f"{name}: at most {MOST_CURVES} runs are read. Split the file.")
    return Found(imported=tuple(found))


def _decoded(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise BrokenImport(f"{name} is neither text nor a zip archive. {WANTED}.") from None
    if "\x00" in text:
        raise BrokenImport(f"{name} is neither text nor a zip archive. {WANTED}.")
    return text


def _json(name: str, text: str) -> Found:
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = (str(error).splitlines() or ["it is nested too deeply"])[0][:120]
        raise BrokenImport(f"{name}: this must be JSON, but {reason}.") from None
    return _tree(name, tree)


def _tree(name: str, tree: Any) -> Found:
    if isinstance(tree, dict):
        if isinstance(tree.get("experiments"), list):
            return Found(planned=from_experiments(name, tree["experiments"]))
        if isinstance(tree.get("history"), (dict, list)):
            return _tree(name, tree["history"])
        if is_experiment(tree):
            return Found(planned=from_experiments(name, [tree]))
        if any(isinstance(column, list) for column in tree.values()):
            return Found(imported=(from_json_columns(name, tree),))
    elif tree and all(isinstance(each, dict) for each in tree):
        return _list(name, tree)
    raise BrokenImport(f"{name}: this JSON is neither an experiment nor a history, got {excerpt(tree)}. {WANTED}.")


def _list(name: str, trees: Sequence[dict[str, Any]]) -> Found:
    """A list of experiments, of histories, or of epochs."""
    if any(is_experiment(each) for each in trees):
        return Found(planned=from_experiments(name, trees))
    histories = [each["history"] if isinstance(each.get("history"), dict) else each for each in trees]
    if not any(isinstance(value, list) for each in histories for value in each.values()):
        return Found(imported=(from_json_rows(name, trees),))
    if len(histories) > MOST_CURVES:
        raise BrokenImport(f"{name}: at most {MOST_CURVES} histories are read, got {len(histories):,}. Split the file.")
    read = [from_json_columns(f"{name}, history {number}", each) for number, each in enumerate(histories, 1)]
    first = from_json_columns(name, histories[0])
    curves = tuple(each.histories[0] for each in read)
    return Found(imported=(Imported(first.name, first.source, curves, first.notes),))


def _archive(name: str, data: bytes) -> Found:
    """The log directory in a zip archive, or the histories in it; its names are only names, nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = _files(name, archive)
    except BROKEN as error:
        raise BrokenImport(f"{name}: this zip archive cannot be read ({str(error)[:80]}). Pack it again.") from None
    logs = [(path, content) for path, content in files if is_event_file(content)]
    if logs:
        return Found(imported=tuple(from_event_files(name, logs)))
    texts = [(path, content) for path, content in files if path.lower().endswith((".json", ".csv"))]
    if not texts:
        raise BrokenImport(f"{name}: there is no event file in this archive, and no JSON or CSV. {WANTED}.")
    found = [_text(path, content) for path, content in texts[:MOST_CURVES]]
    imported = tuple(each for one in found for each in one.imported)
    return Found(imported, tuple(each for one in found for each in one.planned))


def _files(name: str, archive: zipfile.ZipFile) -> list[tuple[str, bytes]]:
    """(path, content) of the files that may be of use, never more than is allowed altogether."""
    entries = [each for each in archive.infolist() if _useful(each)]
    if len(entries) > MOST_FILES:
        raise BrokenImport(f"{name}: at most {MOST_FILES:,} files are read from an archive, got {len(entries):,}.")
    left, found = MOST_UNPACKED, []
    for each in entries:
        with archive.open(each) as file:
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise BrokenImport(f"{name}: at most {MOST_UNPACKED // MB} MB are read from an archive. Bring fewer runs.")
        found.append((each.filename, content))
    return found


def _useful(entry: zipfile.ZipInfo) -> bool:
    last = entry.filename.rpartition("/")[2]
    return not entry.is_dir() and not last.startswith(".") and ("tfevents" in last or last.endswith((".json", ".csv")))
