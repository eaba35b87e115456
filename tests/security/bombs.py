"""Files that are small and want to be large, or that say something else at their end than they hold."""

import io
import json
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from regdash.datasets.tables import InvalidTable, read_table

MB = 2**20


def parquet(columns, **options):
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, **options)
    return buffer.getvalue()


def number(value, length=1):
    """A number as Parquet's footer holds it: seven bits in a byte, made longer by zeros that count for nothing."""
    left, found = value << 1, bytearray()
    while left or len(found) < length:
        found.append(left & 127 | 128)
        left >>= 7
    found[-1] &= 127
    return bytes(found)


def retold(data, *changes):
    """A Parquet file whose footer says other numbers; each change is (what it says, what it shall say)."""
    begin = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    footer = data[begin:-8]
    for true, said in changes:
        assert number(true) in footer
        footer = footer.replace(number(true), number(said, len(number(true))))
    return data[:begin] + footer + data[-8:]


def swelling():
    """More than a hundred megabytes of words in a few kilobytes; the footer says that it is one."""
    data = parquet(
        {"w": [f"{i} " + "a" * 8 * MB for i in range(14)], "x": list(range(14))},
        compression="zstd",
        use_dictionary=False,
    )
    group = pq.ParquetFile(io.BytesIO(data)).metadata.row_group(0)
    return retold(data, (group.total_byte_size, 1_000), (group.column(0).total_uncompressed_size, 900))


def repeating(kind):
    """One long word in a dictionary, to be repeated in every row."""
    words = pa.DictionaryArray.from_arrays(pa.array([i % 2 for i in range(600)]), pa.array(["a" * 500_000, "b"]))
    return parquet({"w": words.cast(kind), "x": list(range(600))}, dictionary_pagesize_limit=16 * MB)


def endless(rows=3_000_000):
    """Millions of equal rows in a few bytes; the footer says that there are sixty."""
    data = parquet({"x": np.zeros(rows, int), "y": np.ones(rows, int)}, row_group_size=rows, compression="zstd")
    begin = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    place = data.index(number(rows), begin)  # of the whole file; those of its parts follow
    return data[:place] + number(60, len(number(rows))) + data[place + len(number(rows)) :]


FILES = {
    "a hundred thousand columns": lambda: b",".join(b"c%d" % i for i in range(100_000)) + b"\n" + b"1," * 99_999 + b"1",
    "thousands of columns": lambda: b"a," * 30_000 + b"b\n" + (b"1," * 30_000 + b"2\n") * 30,
    "a first line of 10 MB": lambda: b"x" * (10 * MB - 1),
    "a later line of 10 MB": lambda: b"a,b\n" + b"1,2\n" * 30 + b"1," + b"x" * (9 * MB),
    "millions of cells in one line": lambda: b"a,b\n1,2\n" + b"1," * (5 * MB - 9),
    "millions of tiny rows": lambda: b"a,b\n" + b"1,2\n" * 2_600_000,
    "millions of blank rows": lambda: b"a,b\n" + b"\n" * (10 * MB - 9),
    "nothing but quotation marks": lambda: b'"' * (10 * MB),
    "an open quotation mark": lambda: b'a,b\n"' + b"1,2\n" * 2_600_000,
    "nan and inf": lambda: b"a,b\n" + b"nan,inf\n" * 19_999,
    "numbers of many digits": lambda: b"a,b\n" + (b"9" * 200_000 + b",1\n") * 45,
    "exponents without end": lambda: b"a,b\n" + b"1e999999999999,-1e999999999999\n" * 19_000,
    "bytes of value zero": lambda: b"a,b\n" + b"1,\x002\n" * 19_000,
    "half a letter of UTF-16": lambda: b"\xff\xfe" + "a,b\n1,2\n".encode("utf-16-le") * 1_000 + b"\x00",
    "bytes of no alphabet": lambda: bytes(range(128, 256)) * 1_000,
    "a zip archive called table": lambda: b"PK\x03\x04" + bytes(9 * MB),
    "a gzip archive called table": lambda: b"\x1f\x8b" + bytes(9 * MB),
    "words that swell": swelling,
    "a long word in every row": lambda: repeating(pa.string()),
    "a long word of bytes in every row": lambda: repeating(pa.large_binary()),
    "rows that the end denies": endless,
}


def memory(name):
    """A figure of this process in megabytes: VmRSS is what it has, VmHWM the most since that was last forgotten."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


def read(path):
    """Read one of the files and tell what came of it, in how many seconds and megabytes."""
    data = path.read_bytes()
    Path("/proc/self/clear_refs").write_text("5")
    before, begin = memory("VmRSS"), time.perf_counter()
    try:
        said = f"{read_table(data, path.name).rows} rows"
    except InvalidTable as error:
        said = error.errors["file"]
    return {"said": said, "seconds": time.perf_counter() - begin, "mb": memory("VmHWM") - before}


if __name__ == "__main__":
    read_table(b"a,b\n" + b"1,2\n" * 30, "warm")  # the libraries are loaded
    read_table(parquet({"a": list(range(30)), "b": list(range(30))}), "warm")
    print(json.dumps({path.name: read(path) for path in sorted(Path(sys.argv[1]).iterdir())}))
