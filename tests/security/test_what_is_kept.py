"""What visitors bring does not stay for ever, and nothing of it is dropped unsaid."""

import os
import time
from dataclasses import replace

import pytest

from regdash.datasets.tables import InvalidTable, read_table
from regdash.settings import Settings
from regdash.store.database import open_store
from regdash.store.keeping import prune
from regdash.store.tables import put_table

ROWS = "\n".join(f"{i},{i * 2}" for i in range(30))


def test_files_of_tables_that_were_never_trained_on_go_with_time(tmp_path):
    here = replace(Settings(), data_dir=tmp_path, keep_days=60.0)
    database = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    marks = {name: letter * 32 for name, letter in (("old", "a"), ("new", "b"), ("in the store", "c"))}
    (tmp_path / "tables").mkdir()
    for name, mark in marks.items():
        path = tmp_path / "tables" / f"{mark}.npz"
        path.write_bytes(b"rows")
        when = time.time() - (1 if name == "new" else 61) * 86_400
        os.utime(path, (when, when))
    put_table(database, marks["in the store"], "u-ann", b"rows", here)
    prune(database, here)
    left = {path.stem for path in (tmp_path / "tables").iterdir()}
    database.close()
    assert left == {marks["new"], marks["in the store"]}


@pytest.mark.parametrize("text", [",,,\na,b\n1,2,3,4\n", "a,b\n1,2,3\n", "\n\n,,\na,b\n", "a,b\n1,2,\n"])
def test_a_line_with_too_many_cells_is_said_and_never_cut(text):
    with pytest.raises(InvalidTable, match="Every line must have as many cells as the first, 2;"):
        read_table((text + ROWS).encode(), "a.csv")
