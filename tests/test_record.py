"""A record: its numbers, and the way to bytes and back."""

import io
import pickle
import random
import zipfile
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from regdash import record as room
from regdash.codec import identity
from regdash.datasets import Circles
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.record import History, Probe, RunRecord, Snapshots, pack, unpack
from regdash.regularizers import L2

CHANCE = np.random.default_rng(0)


def table(**columns: list[float]) -> History:
    """A history from plain lists."""
    return History({name: np.array(column) for name, column in columns.items()})


def example() -> RunRecord:
    """A record with everything that a record can hold, odd numbers included."""
    columns = {name: CHANCE.random(4).astype(np.float32) for name in ("loss", "val_loss", "l2_norm/hidden_1")}
    columns["val_loss"][2:] = [np.nan, np.inf]
    return RunRecord(
        experiment=Experiment(data=Circles(), regularizers=(L2(0.01),)),
        status="diverged at epoch 3",
        history=History(columns),
        weights=(CHANCE.normal(size=(2, 5)).astype(np.float32), np.zeros(5, np.float32), np.float32([-0.0, 1e-45])),
        train_outputs=CHANCE.normal(size=(6, 1)).astype(np.float32),
        val_outputs=np.zeros((0, 1), np.float32),
        probe=Probe(
            epochs=np.array([1, 4]),
            answers=CHANCE.integers(0, 256, (2, 3, 3, 1)).astype(np.uint8),
            x=np.linspace(-1, 1, 3),
            y=np.linspace(0, 1, 3),
        ),
        seconds=0.1 + 0.2,
        versions={"keras": "3", "regdash": "é"},
        best_outputs=CHANCE.normal(size=(3, 1)).astype(np.float32),
        test_outputs=CHANCE.normal(size=(4, 1)).astype(np.float32),
        snapshots=Snapshots(
            epochs=np.array([1, 2, 4]),
            spectral={"hidden_1": CHANCE.random(3), "output": CHANCE.random(3)},
            dead={"hidden 1": np.float32([0, 0.5, 1])},
            counts={"hidden_1": CHANCE.integers(0, 9, (3, 5))},
            edges={"hidden_1": np.linspace(-1, 1, 6)},
            coefficients=CHANCE.random((3, 2)).astype(np.float32),
        ),
    )


def arrays_of(record: RunRecord) -> dict[str, Any]:
    """Every array of a record by a name."""
    found = {f"history {name}": column for name, column in record.history.items()}
    found |= {f"weight {place}": weight for place, weight in enumerate(record.weights)}
    found |= {"train": record.train_outputs, "val": record.val_outputs, "best": record.best_outputs}
    found |= {"test": record.test_outputs}
    if record.snapshots:
        tables = {name: table for name, table in vars(record.snapshots).items() if isinstance(table, dict)}
        found |= {f"{name} {key}": array for name, table in tables.items() for key, array in table.items()}
        found |= {"seen": record.snapshots.epochs, "coefficients": record.snapshots.coefficients}
    return found | (vars(record.probe) if record.probe else {})


@pytest.mark.parametrize(
    "record", [example(), replace(example(), probe=None, snapshots=None, weights=(), history=History({}))]
)
def test_a_record_comes_back_from_bytes_bit_for_bit(record: RunRecord) -> None:
    again = unpack(pack(record))
    for name in ("experiment", "status", "seconds", "versions", "id"):
        assert getattr(again, name) == getattr(record, name)
    assert list(arrays_of(again)) == list(arrays_of(record)), "columns keep their order"
    for name, array in arrays_of(record).items():
        other = arrays_of(again)[name]
        assert (other.dtype, other.shape, other.tobytes()) == (array.dtype, array.shape, array.tobytes()), name


def test_many_weights_keep_their_order() -> None:
    weights = tuple(np.full(1, float(place)) for place in range(14))
    again = unpack(pack(replace(example(), weights=weights)))
    assert [weight[0] for weight in again.weights] == list(range(14))


def test_the_id_of_a_record_is_the_identity_of_its_experiment() -> None:
    assert example().id == identity(example().experiment)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes cut off somewhere, or with a few of them changed, lost or doubled."""
    place = chance.randrange(len(data))
    way = chance.randrange(4)
    if way == 0:
        return data[:place]
    if way == 1:
        return data[:place] + data[place + chance.randrange(1, 50) :]
    if way == 2:
        return data[:place] + data[place : place + 20] + data[place:]
    changed = bytearray(data)
    for _ in range(chance.randrange(1, 8)):
        changed[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(changed)


def readable(data: bytes) -> bool:
    """Whether a record can be read; all that may be raised is a sentence."""
    try:
        return isinstance(unpack(data), RunRecord)
    except RegdashError:
        return False


def test_damaged_bytes_give_a_record_or_a_sentence_and_nothing_else() -> None:
    whole, chance = pack(example()), random.Random(0)
    read = sum(readable(damaged(whole, chance)) for _ in range(600))
    assert read < 200, "most damage is noticed by the checksums of the archive"


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"no archive", pickle.dumps([1]), b"\x93NUMPY\x01\x00", pack(example())[:-1]]
)
def test_bytes_that_are_no_archive_are_called_damaged(data: bytes) -> None:
    with pytest.raises(RegdashError, match="damaged"):
        unpack(data)


def archive(**arrays: Any) -> bytes:
    """An archive made by hand."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


@pytest.mark.parametrize("facts", [b"", b"{}", b"[]", b"5", b"\xff", b"[" * 100_000, b'{"experiment": 5}'])
def test_an_archive_with_wrong_facts_is_called_damaged(facts: bytes) -> None:
    with pytest.raises(RegdashError, match="damaged"):
        unpack(archive(facts=np.frombuffer(facts, np.uint8)))


def test_a_single_array_in_place_of_an_archive_is_called_damaged() -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros(3))
    with pytest.raises(RegdashError, match="damaged"):
        unpack(buffer.getvalue())


def test_pickled_objects_are_never_loaded() -> None:
    with pytest.raises(RegdashError, match="damaged"):
        unpack(archive(facts=np.array([{"a": 1}], dtype=object)))


def test_an_archive_that_would_fill_the_memory_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_BYTES", 100_000)
    bomb = archive(facts=np.zeros(10**6, np.uint8))
    assert len(bomb) < 5_000
    with pytest.raises(RegdashError, match="at most 100000 are read"):
        unpack(bomb)


def test_an_archive_that_lies_about_its_shape_is_refused() -> None:
    buffer = io.BytesIO()
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (2**50,)})
    with zipfile.ZipFile(buffer, "w") as zipped:
        zipped.writestr("facts.npy", header.getvalue())
    with pytest.raises(RegdashError, match="damaged"):
        unpack(buffer.getvalue())


def test_epochs_count_from_one() -> None:
    assert list(table(loss=[3, 2, 1]).epochs) == [1, 2, 3]
    assert list(History({}).epochs) == []


def test_the_best_epoch_has_the_lowest_validation_loss() -> None:
    assert table(val_loss=[0.9, 0.4, 0.6]).best_epoch == 2
    assert table(val_loss=[np.nan, 0.4, np.nan]).best_epoch == 2
    assert table(val_loss=[np.nan]).best_epoch == 0
    assert table(val_loss=[]).best_epoch == 0


def test_the_first_of_equally_good_epochs_is_the_best() -> None:
    assert table(val_loss=[0.5, 0.4, 0.4]).best_epoch == 2


def test_layers_are_those_with_weights_without_the_whole() -> None:
    columns = dict.fromkeys(["loss", "l2_norm/hidden_1", "l2_norm/output", "l2_norm/all", "l1_norm/all"], np.zeros(1))
    assert History(columns).layers == ("hidden_1", "output")


def test_a_history_as_a_data_frame_is_indexed_by_epoch() -> None:
    frame = table(loss=[3.0, 2.0], val_loss=[4.0, 5.0]).to_frame()
    assert frame.index.name == "epoch"
    assert frame.loc[2, "val_loss"] == 5.0
    assert list(frame.columns) == ["loss", "val_loss"]


def test_the_gap_is_validation_loss_less_training_loss_at_the_last_epoch() -> None:
    record = replace(example(), history=table(loss=[1.0, 0.25], val_loss=[1.0, 1.0]))
    assert record.gap == 0.75
    assert record.best_epoch == 1


def test_a_run_without_a_finished_epoch_has_no_gap_and_no_best_epoch() -> None:
    empty = replace(example(), history=table(loss=[], val_loss=[]))
    assert np.isnan(empty.gap)
    assert empty.best_epoch == 0
