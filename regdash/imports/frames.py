"""Frames: the records of a TensorBoard event file as they lie in it, written and read.

A frame is the length [8 bytes], its masked CRC-32C [4], the record, and its masked CRC-32C [4], all little-endian.
Source: TensorFlow's description of TFRecord; the checksum is RFC 3720's with Castagnoli's polynomial 0x1EDC6F41.
"""

import struct
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

HEAD, FOOT = struct.Struct("<QI"), struct.Struct("<I")
REVERSED_POLYNOMIAL = 0x82F63B78
MASK = 0xA282EAD8
LONGEST = 2**16  # bytes of a record that is read


def framed(records: Sequence[bytes]) -> bytes:
    """The records as one file, in their order."""
    heads = [struct.pack("<Q", len(record)) for record in records]
    pairs = zip(heads, checksums(heads), records, checksums(records), strict=True)
    return b"".join(head + FOOT.pack(a) + record + FOOT.pack(b) for head, a, record, b in pairs)


def unframed(data: bytes) -> Iterator[bytes]:
    """The whole records of a file of up to 64 kB each, in their order; it may end within one, as while it is written.

    Longer ones, such as pictures and graphs, are passed over. Raises ValueError where a length or a record is not what
    was written.
    """
    found, place = [], 0
    while place + HEAD.size <= len(data):
        length, head = HEAD.unpack_from(data, place)
        begin, end = place + HEAD.size, place + HEAD.size + length
        whole = end + FOOT.size <= len(data)
        found.append((begin, end, head, FOOT.unpack_from(data, end)[0] if whole else None))
        place = end + FOOT.size
    _check([data[begin - HEAD.size : begin - 4] for begin, *_ in found], [head for _, _, head, _ in found], "length")
    kept = [(data[begin:end], foot) for begin, end, _, foot in found if foot is not None and end - begin <= LONGEST]
    _check([record for record, _ in kept], [foot for _, foot in kept], "record")
    yield from (record for record, _ in kept)


def _check(texts: Sequence[bytes], written: Sequence[int], what: str) -> None:
    wrong = next((n for n, (a, b) in enumerate(zip(checksums(texts), written, strict=True), 1) if a != b), 0)
    if wrong:
        raise ValueError(f"the {what} number {wrong:,} is not what was written")


def checksums(texts: Sequence[bytes]) -> list[int]:
    """The masked CRC-32C of each text, all of them side by side: first byte of each, second byte of each, ..."""
    lengths = np.array([len(text) for text in texts], np.int64)
    order = np.argsort(-lengths, kind="stable")  # the longest first, so that those not yet at their end stand in front
    flat = np.frombuffer(b"".join(texts), np.uint8)
    starts = (np.cumsum(lengths) - lengths)[order]
    going = len(texts) - np.searchsorted(lengths[order][::-1], np.arange(lengths.max(initial=0)), side="right")
    table, found = _table(), np.full(len(texts), 0xFFFFFFFF, np.uint32)
    for place, many in enumerate(going.tolist()):
        crc = found[:many]
        found[:many] = table[(crc ^ flat[starts[:many] + place]) & 0xFF] ^ (crc >> 8)
    sums = np.empty_like(found)
    sums[order] = _masked(found ^ np.uint32(0xFFFFFFFF))
    return [int(each) for each in sums]


def _masked(crc: Array) -> Array:
    """The rotation and constant that keep the checksum of a text with checksums from being degenerate."""
    return (((crc >> 15) | (crc << 17)) + np.uint32(MASK)).astype(np.uint32)


@cache
def _table() -> Array:
    """The remainder [256] of each byte."""
    found = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        found = np.where(found & 1, (found >> 1) ^ np.uint32(REVERSED_POLYNOMIAL), found >> 1)
    return found.astype(np.uint32)
