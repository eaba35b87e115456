"""Prepared tables on this machine, each under the hash of its content: found again, never trusted unseen."""

import hashlib
import json
import os
import re
import struct
import tempfile
import tokenize
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from regdash.datasets.recent import remembered
from regdash.datasets.table_limits import LIMITS, Limits
from regdash.datasets.table_prepare import Prepared, TableTask
from regdash.errors import DataMissing, RegdashError

OWN = "own"  # the data set, as in links
NAMES = ("feature_names", "class_names", "target_name")
DAMAGE = (
    OSError, ValueError, LookupError, TypeError, EOFError, MemoryError, RuntimeError, SyntaxError,
    tokenize.TokenError, zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What a stored table is, without its rows."""

    rows: int
    features: int
    task: TableTask
    class_names: tuple[str, ...]
    target_name: str


def mark_of(table: Prepared) -> str:
    """The first 32 hexadecimal digits of the SHA-256 of the content: arrays, names and task.

    The same rows prepared in the same way have the same mark, whatever file they came in.
    """
    header = {name: getattr(table, name) for name in NAMES}
    about = header | {"format": 1, "task": table.task, "shape": table.inputs.shape}
    content = hashlib.sha256(json.dumps(about, sort_keys=True).encode("utf-8", "surrogatepass"))
    content.update(np.ascontiguousarray(table.inputs, "<f8").tobytes())
    content.update(np.ascontiguousarray(table.targets, "<i8" if table.class_names else "<f8").tobytes())
    return content.hexdigest()[:32]


def save_table(table: Prepared, folder: Path, limits: Limits = LIMITS) -> str:
    """Keep a table and return its mark; a table that is there already, whole, is left alone."""
    mark = mark_of(table)
    try:
        read_file(folder, mark)
    except DataMissing:
        _write(table, folder, mark, limits)
    return mark


def read_file(folder: Path, mark: str) -> Prepared:
    """The table of that mark; DataMissing with a sentence when it is not there or not what its mark says."""
    path = path_of(folder, mark)
    if not path.is_file():
        raise DataMissing(
            f"The table of this run is not on this machine (its mark is {mark[:4]}...). "
            "Upload the same file again, with the same choices, and it will be found.",
            OWN,
        )
    try:
        table = _read(path)
        right = mark_of(table) == mark
    except DAMAGE:
        right = False
    if not right:
        raise DataMissing(
            f"The table of this run is damaged on this machine: its content does not fit its mark {mark[:4]}... "
            "Upload the same file again, with the same choices, and it will be put right.",
            OWN,
        )
    return table


def _bytes(table: Prepared) -> int:
    return table.inputs.nbytes + table.targets.nbytes


@remembered(entries=8, limit=200 * 2**20, size=_bytes)
def load_table(folder: Path, mark: str) -> Prepared:
    """The same, remembered; nobody may write into its arrays."""
    return read_file(folder, mark)


@lru_cache(maxsize=256)
def load_facts(folder: Path, mark: str) -> Facts:
    """What a stored table is; DataMissing when it cannot be read."""
    table = load_table(folder, mark)
    rows, features = table.inputs.shape
    return Facts(rows, features, table.task, table.class_names, table.target_name)


def path_of(folder: Path, mark: str) -> Path:
    """Where the table of a mark lies; DataMissing when that is no mark."""
    if not re.fullmatch(r"[0-9a-f]{32}", mark, re.ASCII):
        raise DataMissing("The mark of a table must be 32 hexadecimal digits. Upload the file again.", OWN)
    return folder / f"{mark}.npz"


def _write(table: Prepared, folder: Path, mark: str, limits: Limits) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _check_room(folder, limits)
        descriptor, name = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                np.savez_compressed(file, **_arrays(table))
            Path(name).replace(path_of(folder, mark))
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise RegdashError(
            f"The table could not be kept on this machine ({error.strerror or type(error).__name__}). "
            "Tell whoever runs it, and try again."
        ) from None


def _check_room(folder: Path, limits: Limits) -> None:
    kept = sum(path.stat().st_size for path in folder.glob("*.npz"))
    if kept >= limits.stored_bytes:
        most, has = (f"{size / 2**30:.1f} GB" for size in (limits.stored_bytes, kept))
        raise RegdashError(
            f"This machine keeps at most {most} of tables, and has {has}. "
            "Ask whoever runs it to delete old ones from the tables folder."
        )


def _arrays(table: Prepared) -> dict[str, Any]:
    names = {name: np.array(getattr(table, name), dtype=np.str_) for name in NAMES}
    return names | {"inputs": table.inputs, "targets": table.targets}


def _read(path: Path) -> Prepared:
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > 2 * LIMITS.expanded_bytes:
            raise ValueError("too large")
    with np.load(path, allow_pickle=False) as stored:
        inputs, targets = stored["inputs"], stored["targets"]
        words = {name: tuple(str(word) for word in stored[name].reshape(-1)) for name in NAMES}
    inputs.setflags(write=False)
    targets.setflags(write=False)
    return Prepared(inputs, targets, words["feature_names"], words["class_names"], words["target_name"][0])
