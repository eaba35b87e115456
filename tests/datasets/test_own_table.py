"""The data set made from an uploaded table: stored by its hash, found again, refused when it is not what it says."""

import io
import os
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes, load_iris

from regdash.datasets import Split, samples
from regdash.datasets.own import OwnTable
from regdash.datasets.table_files import load_table, mark_of, read_file, save_table
from regdash.datasets.table_limits import LIMITS
from regdash.datasets.tables import Prepared, guessed_target, prepare, read_table
from regdash.errors import DataMissing, RegdashError
from regdash.settings import settings

NOWHERE = "ab12" + "0" * 28


def prepared(frame: pd.DataFrame, target: str = "target") -> Prepared:
    table = read_table(frame.to_csv(index=False).encode(), "x.csv")
    return prepare(table, target, table.inputs_for(target))


IRIS = prepared(load_iris(as_frame=True).frame)
DIABETES = prepared(load_diabetes(as_frame=True, scaled=False).frame)
both = pytest.mark.parametrize("made", [IRIS, DIABETES], ids=["classes", "numbers"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The tables folder of a machine that has none yet."""
    monkeypatch.setenv("REGDASH_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield tmp_path / "tables"
    settings.cache_clear()


@both
def test_a_stored_table_comes_back_as_it_was(made: Prepared, folder: Path) -> None:
    mark = save_table(made, folder)
    assert sorted(path.name for path in folder.iterdir()) == [f"{mark}.npz"]
    back = read_file(folder, mark)
    np.testing.assert_array_equal(back.inputs, made.inputs)
    np.testing.assert_array_equal(back.targets, made.targets)
    assert back.targets.dtype == made.targets.dtype
    for name in ("feature_names", "class_names", "target_name", "task"):
        assert getattr(back, name) == getattr(made, name)


@both
def test_the_same_content_has_the_same_mark_and_any_change_another(made: Prepared) -> None:
    again = replace(made, inputs=made.inputs.copy(), notes=("Other notes.",))
    assert mark_of(again) == mark_of(made)
    other_cell = made.inputs.copy()
    other_cell[3, 1] += 1e-9
    other_target = made.targets.copy()
    other_target[5] += 1
    changes: list[dict[str, Any]] = [
        {"inputs": other_cell},
        {"targets": other_target},
        {"inputs": made.inputs.reshape(2, -1)},
        {"target_name": "other"},
        {"feature_names": (*made.feature_names[:-1], "other")},
        {"class_names": made.class_names[::-1] or ("a", "b")},
    ]
    marks = {mark_of(replace(made, **change)) for change in changes} | {mark_of(made)}
    assert len(marks) == len(changes) + 1


def test_the_mark_is_that_of_the_content_and_not_of_the_file(folder: Path) -> None:
    frame = load_iris(as_frame=True).frame
    semicolons = read_table(frame.to_csv(index=False, sep=";", decimal=",").encode("utf-16"), "y.csv")
    assert mark_of(prepare(semicolons, "target", semicolons.inputs_for("target"))) == mark_of(IRIS)
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    columns = read_table(buffer.getvalue(), "z")
    assert guessed_target(columns) == "target"
    assert save_table(prepare(columns, "target", columns.inputs_for("target")), folder) == mark_of(IRIS)


def test_a_table_that_is_there_is_left_alone_and_a_damaged_one_is_put_right(folder: Path) -> None:
    path = folder / f"{save_table(IRIS, folder)}.npz"
    os.utime(path, (1, 1))
    save_table(IRIS, folder)
    assert path.stat().st_mtime == 1
    path.write_bytes(path.read_bytes()[:-50])
    assert read_file(folder, save_table(IRIS, folder)).task == "classification"


@cache
def damaged_files() -> dict[str, bytes]:
    """Files that are not what their name says."""
    arrays: dict[str, Any] = {name: np.array(getattr(IRIS, name)) for name in ("feature_names", "class_names")}
    arrays |= {"inputs": IRIS.inputs, "targets": IRIS.targets, "target_name": np.array("target")}

    def packed(**changes: Any) -> bytes:
        buffer = io.BytesIO()
        np.savez(buffer, **{name: array for name, array in (arrays | changes).items() if array is not None})
        return buffer.getvalue()

    whole = packed()
    huge = io.BytesIO()
    with zipfile.ZipFile(huge, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inputs.npy", b"\0" * (3 * LIMITS.expanded_bytes))
    return {
        "empty": b"",
        "cut": whole[:-40],
        "another table": packed(targets=1 - IRIS.targets),
        "an array missing": packed(targets=None),
        "objects": packed(target_name=np.array([{"a": 1}], dtype=object)),
        "no names": packed(target_name=np.array([], dtype="U1")),
        "huge": huge.getvalue(),
        "no archive": b"\x80\x04\x95 pickle",
    }


@pytest.mark.parametrize("kind", damaged_files())
def test_a_file_that_does_not_fit_its_mark_is_refused(kind: str, folder: Path) -> None:
    folder.mkdir()
    mark = mark_of(IRIS)
    (folder / f"{mark}.npz").write_bytes(damaged_files()[kind])
    with pytest.raises(DataMissing, match=f"its content does not fit its mark {mark[:4]}") as caught:
        read_file(folder, mark)
    assert caught.value.data == "own"


@example(place=639, change=b"\x07")  # a header that NumPy gives up in the middle of
@given(place=st.integers(0, 2_000), change=st.binary(min_size=1, max_size=4))
def test_a_file_with_changed_bytes_gives_the_same_table_or_a_sentence(place: int, change: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"{save_table(IRIS, Path(name))}.npz"
        data = bytearray(path.read_bytes())
        place %= len(data)
        data[place : place + len(change)] = change
        path.write_bytes(bytes(data))
        with suppress(DataMissing):
            np.testing.assert_array_equal(read_file(Path(name), path.stem).inputs, IRIS.inputs)


@pytest.mark.parametrize("mark", ["../../etc/passwd", "A" * 32, "0" * 31, "0" * 32 + "\n", "٣" * 32, ""])
def test_a_mark_is_never_a_path(mark: str, folder: Path) -> None:
    with pytest.raises(DataMissing, match="32 hexadecimal digits"):
        read_file(folder, mark)


def test_a_full_machine_and_a_folder_that_cannot_be_written_are_sentences(folder: Path) -> None:
    save_table(IRIS, folder)
    with pytest.raises(RegdashError, match=r"at most 0\.0 GB of tables, and has 0\.0 GB\. Ask whoever runs it"):
        save_table(DIABETES, folder, replace(LIMITS, stored_bytes=1))
    blocked = folder / "file"
    blocked.write_text("")
    with pytest.raises(RegdashError, match=r"could not be kept on this machine \(.+\)\. Tell whoever runs it"):
        save_table(IRIS, blocked)
    assert not list(folder.glob("*.part"))


def test_without_a_table_the_data_set_says_what_to_do() -> None:
    empty = OwnTable()
    assert (empty.features, empty.classes, empty.task, empty.available) == (1, 2, "classification", False)
    with pytest.raises(DataMissing, match=r"^No table has been uploaded yet\. Choose a CSV or Parquet file\.$"):
        empty.points(0)


def test_a_table_that_is_not_on_this_machine_is_said_to_be_so_and_found_once_it_is(folder: Path) -> None:
    lost = OwnTable(table=NOWHERE)
    assert (lost.features, lost.classes, lost.available) == (1, 2, False)
    with pytest.raises(DataMissing, match=r"not on this machine \(its mark is ab12\.\.\.\)\. Upload the same file"):
        lost.points(0)
    own = OwnTable(table=mark_of(IRIS))
    assert not own.available
    save_table(IRIS, folder)
    assert own.available
    assert (own.features, own.classes) == (4, 3)


@both
def test_the_data_set_is_what_its_table_is(made: Prepared, folder: Path) -> None:
    own = OwnTable(table=save_table(made, folder))
    assert (own.features, own.classes, own.task) == (made.inputs.shape[1], len(made.class_names), made.task)
    points = own.points(3)
    assert points.feature_names == made.feature_names
    assert points.class_names == made.class_names
    order = np.lexsort(np.column_stack([points.inputs, points.targets]).T)
    wanted = np.lexsort(np.column_stack([made.inputs, made.targets]).T)
    np.testing.assert_array_equal(points.inputs[order], made.inputs[wanted])
    np.testing.assert_array_equal(points.targets[order], made.targets[wanted])


@both
def test_fewer_rows_are_the_first_of_more_and_keep_the_classes_in_their_proportions(
    made: Prepared, folder: Path
) -> None:
    mark = save_table(made, folder)
    few, many = (OwnTable(table=mark, rows=rows).points(5) for rows in (60, 120))
    np.testing.assert_array_equal(many.inputs[:60], few.inputs)
    np.testing.assert_array_equal(many.targets[:60], few.targets)
    if made.class_names:
        np.testing.assert_allclose(np.bincount(few.targets), [20, 20, 20], atol=1)


@both
def test_its_samples_are_standardised_and_finite(made: Prepared, folder: Path) -> None:
    own = OwnTable(table=save_table(made, folder))
    drawn = samples(own, Split(train=OwnTable.default_train))
    np.testing.assert_allclose(drawn.train.x.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(drawn.train.x.std(axis=0), 1, atol=1e-5)
    assert drawn.features == own.features
    assert len(drawn.train) + len(drawn.validation) + len(drawn.test) == len(made.inputs)


def test_points_can_be_changed_without_harm_to_the_next_visitor(folder: Path) -> None:
    own = OwnTable(table=save_table(IRIS, folder))
    points = own.points(0)
    kept = points.inputs.copy()
    points.inputs[:] = 0
    np.testing.assert_array_equal(own.points(0).inputs, kept)
    with pytest.raises(ValueError, match="read-only"):
        load_table(folder, own.table).inputs[:] = 0
