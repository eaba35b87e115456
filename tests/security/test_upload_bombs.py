"""Files that want to fill the server's memory or time: each is a sentence on the page, soon, and nothing is lost."""

import json
import subprocess
import sys
from types import SimpleNamespace

import bombs
import pytest
from test_own_data_page import button, given, own, words

from regdash.datasets import OwnTable
from regdash.ui import frame

LONGEST, MOST_MB = 5.0, 130.0  # for one file, on a busy machine
UNPACKED_MB = 20.0  # for a file that holds little and would unpack to much

SAID = {
    "a hundred thousand columns": "A line may have at most 65,536 characters",
    "thousands of columns": "A table may have at most 200 columns, got 30001.",
    "a first line of 10 MB": "A line may have at most 65,536 characters",
    "a later line of 10 MB": "31 rows",
    "millions of cells in one line": "Every line must have as many cells as the first, 2; line 3 has 5242872.",
    "millions of tiny rows": "A table may have at most 20,000 rows, got about 2,600,000.",
    "millions of blank rows": "A table needs at least 20 rows, got 0.",
    "nothing but quotation marks": "A line may have at most 65,536 characters",
    "an open quotation mark": "Every quotation mark must be closed",
    "nan and inf": "19999 rows",
    "numbers of many digits": "45 rows",
    "exponents without end": "19000 rows",
    "bytes of value zero": "this one holds bytes that are no text",
    "half a letter of UTF-16": "The file begins like UTF-16 text and then is not.",
    "bytes of no alphabet": "A line may have at most 65,536 characters",
    "a zip archive called table": "this is an Excel workbook or a zip archive",
    "a gzip archive called table": "this is a gzip archive",
    "words that swell": "A table may have at most 100 MB once unpacked, got 112 MB.",
    "a long word in every row": "600 rows",
    "a long word of bytes in every row": "600 rows",
    "rows that the end denies": "A table may have at most 20,000 rows, got 3,000,000.",
}
UNPACKED = (
    "words that swell",
    "a long word in every row",
    "a long word of bytes in every row",
    "rows that the end denies",
)
ON_THE_PAGE = (
    "a later line of 10 MB",
    "millions of tiny rows",
    "nan and inf",
    "bytes of value zero",
    "words that swell",
)
NAMES = [
    "../../../../etc/passwd",
    "..\\..\\windows\\system.ini",
    "a\x00.csv",
    "\u202evsc.exe",
    "<script>alert(1)</script>.csv",
    "'; DROP TABLE tables; --.csv",
    "x" * 5_000,
    "",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All files, made once."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, make in bombs.FILES.items():
        (folder / name).write_bytes(make())
    return folder


@pytest.fixture(scope="module")
def told(folder):
    """What a process of its own says about them, and how much memory it took."""
    done = subprocess.run([sys.executable, bombs.__file__, folder], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_all_of_them_are_within_what_may_be_uploaded(folder):
    assert {path.name for path in folder.iterdir()} == set(SAID)
    assert all(path.stat().st_size <= 10 * bombs.MB for path in folder.iterdir())


@pytest.mark.parametrize("name", SAID)
def test_each_has_its_sentence_soon_and_takes_little_memory(told, name):
    found = told[name]
    assert SAID[name] in found["said"]
    assert found["seconds"] < LONGEST
    assert found["mb"] < (UNPACKED_MB if name in UNPACKED else MOST_MB)


@pytest.mark.parametrize("name", ON_THE_PAGE)
def test_the_page_says_so_and_keeps_what_it_had(folder, name):
    page = given((folder / name).read_bytes(), name="table")
    assert own(page) == OwnTable()
    if SAID[name].endswith(" rows"):
        assert page.selectbox
    else:
        assert SAID[name] in words(page).replace("&#x27;", "'")
        assert not page.button


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_is_only_a_name(tmp_path, monkeypatch, name):
    monkeypatch.setattr(frame, "connect", lambda: SimpleNamespace(bring=lambda *_: None))
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    page = given("\n".join(["x,label", *(f"{i / 2},{'ab'[i % 2]}" for i in range(40))]).encode(), name=name)
    button(page, "Use this table").click()
    page.run()
    assert not page.exception
    (kept,) = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert kept == tmp_path / "tables" / f"{own(page).table}.npz"
    assert not any(sign in words(page) for sign in ("<script", "\x00", "\u202e"))


@pytest.mark.parametrize("byte", [0x00, 0x15, 0x7F, 0xFC, 0xFF])
def test_pages_that_were_damaged_on_purpose_are_a_sentence_or_harmless(byte):
    whole = bombs.parquet({"x": list(range(40)), "y": [i % 2 for i in range(40)]})
    for place in range(4, 40):  # where the headers of the first pages are
        try:
            assert bombs.read_table(whole[:place] + bytes([byte]) + whole[place + 1 :], "x").rows == 40
        except bombs.InvalidTable as error:
            assert set(error.errors) == {"file"}  # noqa: PT017
