"""What the pages of a Parquet file say about themselves: the end of the file may say anything, a reader obeys these.

A page header is a record in Thrift's compact form: one byte for the distance to the next field and its type, then the
value. Only what such a header may hold is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

UNPACKED_SIZE, PACKED_SIZE, DATA, DATA_2 = 2, 3, 5, 8  # fields of a page header
ENCODING = {DATA: 2, DATA_2: 4}  # where a header of data names it
NUMBERS = range(3, 7)  # types: whole numbers of any width
BINARY, STRUCT = 8, 12
LONGEST_NUMBER = 10  # bytes
DEEPEST = 4  # structs within structs


@dataclass(frozen=True)
class Page:
    """One page: how many bytes it has once unpacked, and how its cells are written; -1 for a dictionary."""

    size: int
    encoding: int


def pages(data: bytes, start: int, length: int) -> Iterator[Page]:
    """The pages of one column in one group of rows; ValueError or IndexError where the bytes are none."""
    place, end = start, start + length
    while place < end:
        header, place = _struct(data, place)
        size, packed = _whole(header, UNPACKED_SIZE), _whole(header, PACKED_SIZE)
        if size < 0 or packed < 0:
            raise ValueError("a page of negative size")
        kind = next((kind for kind in ENCODING if kind in header), 0)
        yield Page(size, _whole(header[kind], ENCODING[kind]) if kind else -1)
        place += packed


def _whole(record: Any, field: int) -> int:
    value = record.get(field) if isinstance(record, dict) else None
    if not isinstance(value, int):
        raise ValueError("no page header")
    return value


def _struct(data: bytes, place: int, depth: int = 0) -> tuple[dict[int, Any], int]:
    """The fields of a record by their number, and where it ends."""
    if place < 0 or depth > DEEPEST:
        raise ValueError("no page header")
    found: dict[int, Any] = {}
    field = 0
    while data[place]:
        step, kind = data[place] >> 4, data[place] & 15
        place += 1
        if step:
            field += step
        else:
            field, place = _number(data, place)
        found[field], place = _value(data, place, kind, depth)
    return found, place + 1


def _value(data: bytes, place: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in (1, 2):  # a switch is its own value
        return kind == 1, place
    if kind in NUMBERS:
        return _number(data, place)
    if kind == BINARY:
        length, place = _varint(data, place)
        return None, place + length
    if kind == STRUCT:
        return _struct(data, place, depth + 1)
    raise ValueError("no page header")


def _number(data: bytes, place: int) -> tuple[int, int]:
    """A number that may be negative: 0, -1, 1, -2, ... are written as 0, 1, 2, 3, ..."""
    value, place = _varint(data, place)
    return (value >> 1) ^ -(value & 1), place


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """Seven bits in each byte, the lowest first; the eighth says that more follow."""
    value = 0
    for count in range(LONGEST_NUMBER):
        value |= (data[place + count] & 127) << 7 * count
        if data[place + count] < 128:
            return value, place + count + 1
    raise ValueError("a number without end")
