"""Text that a command reads and writes: size-capped, and with a sentence for whatever goes wrong."""

import sys
from pathlib import Path

from regdash.errors import InvalidExperiment, RegdashError


def read_text(path: Path, most: int) -> str:
    """The text of a file, or of standard input for -; at most so many bytes."""
    data = _bytes(path, most + 1)
    if len(data) > most:
        raise InvalidExperiment({"json": f"{path} must have at most {most} bytes"})
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise InvalidExperiment({"json": f"{path} must be UTF-8 text"}) from None


def write_text(path: Path, text: str) -> None:
    """Write a file, or to standard output for -."""
    if str(path) == "-":
        print(text)
        return
    try:
        path.write_text(text)
    except OSError as error:
        raise RegdashError(f"{path} cannot be written: {error.strerror or error}.") from None


def _bytes(path: Path, most: int) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read(most)
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise RegdashError(f"{path} cannot be read: {error.strerror or error}.") from None
