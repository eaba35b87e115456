"""Event files that TensorBoard's and TensorFlow's own writers made, and some that nobody should make."""

import io
import math
import struct
import time
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboardX.proto.event_pb2 import Event
from tensorboardX.proto.summary_pb2 import Summary
from tensorboardX.record_writer import masked_crc32c

from regdash.imports import BrokenImport, read_import
from regdash.imports.frames import checksums, framed, unframed

VERSION = Event(wall_time=1.0, file_version="brain.Event:2").SerializeToString()


def simple(tag, step, value):
    """An event of the old kind, with the number itself."""
    return Event(step=step, summary=Summary(value=[Summary.Value(tag=tag, simple_value=value)])).SerializeToString()


def tensor(tag, step, plugin="scalars", **content):
    """An event of the new kind, with the number in a tensor."""
    value = Summary.Value(tag=tag, tensor=content)
    value.metadata.plugin_data.plugin_name = plugin
    return Event(step=step, summary=Summary(value=[value])).SerializeToString()


def events(*records):
    return framed([VERSION, *records])


def long_record(length, there=None):
    """A record that says it has so many bytes; its own checksum is wrong."""
    head = struct.pack("<Q", length)
    return head + struct.pack("<I", masked_crc32c(head)) + bytes(length if there is None else there) + bytes(4)


def archive(files, compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return file.getvalue()


def read(data, name="logs.zip"):
    return read_import(name, data).imported


def losses(*values):
    return [simple("epoch_loss", step, value) for step, value in enumerate(values)]


def test_checksums_are_those_of_rfc_3720_and_of_another_program():
    """RFC 3720, B.4: 32 bytes of zeros give aa 36 91 8a; then the mask of TFRecord."""
    crc = 0x8A9136AA
    assert checksums([bytes(32)]) == [((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF]
    texts = [b"", b"a", bytes(range(256)), b"ab", b"123456789" * 30]
    assert checksums(texts) == [masked_crc32c(text) for text in texts]


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_records_come_back_from_their_frames(records):
    assert list(unframed(framed(records))) == records


def test_a_file_that_is_still_written_gives_its_whole_records():
    data = framed([b"one", b"two"])
    for missing in range(1, 19):
        assert list(unframed(data[:-missing])) == [b"one"]


def test_train_and_validation_are_read_together_as_one_run():
    found = read(
        archive(
            {
                "logs/a/train/events.out.tfevents.1.host": events(*losses(0.9, 0.8)),
                "logs/a/validation/events.out.tfevents.1.host.v2": events(*losses(1.0, 0.7)),
                "logs/b/train/events.out.tfevents.1.host": events(*losses(0.5)),
                "logs/readme.md": b"nothing",
            }
        )
    )
    assert [each.name for each in found] == ["logs/a", "logs/b"]
    np.testing.assert_allclose(found[0].histories[0]["running_loss"], [0.9, 0.8])
    np.testing.assert_allclose(found[0].histories[0]["val_loss"], [1.0, 0.7])
    assert np.isnan(found[1].histories[0]["val_loss"]).all()


@pytest.mark.parametrize(
    "content",
    [
        {"dtype": 1, "float_val": [0.5]},
        {"dtype": 2, "double_val": [0.5]},
        {"dtype": 1, "tensor_content": struct.pack("<f", 0.5)},
        {"dtype": 2, "tensor_content": struct.pack("<d", 0.5)},
        {"dtype": 19, "half_val": [int(np.float16(0.5).view(np.uint16))]},
        {"dtype": 1, "float_val": [0.5], "tensor_shape": {"dim": [{"size": 1}]}},
    ],
)
def test_scalars_in_tensors_are_read(content):
    (found,) = read(events(tensor("epoch_loss", 0, **content)), "events.out.tfevents.1")
    assert found.histories[0]["running_loss"].tolist() == [0.5]


@pytest.mark.parametrize(
    "record",
    [
        tensor("epoch_loss", 0, dtype=7, string_val=[b"text"]),
        tensor("epoch_loss", 0, dtype=1, float_val=[1, 2], tensor_shape={"dim": [{"size": 2}]}),
        tensor("epoch_loss", 0, dtype=1, tensor_content=b"abc"),
        tensor("epoch_loss", 0, dtype=1),
        tensor("epoch_loss", 0, "histograms", dtype=2, double_val=[1]),
        simple("batch_steps_per_second", 0, 3.0),
        simple("evaluation_loss_vs_iterations", 0, 3.0),
    ],
)
def test_what_is_no_curve_is_passed_over(record):
    (found,) = read(events(record, *losses(0.25)), "events.out.tfevents.1")
    assert found.columns == ("running_loss",)
    assert found.histories[0]["running_loss"].tolist() == [0.25]
    with pytest.raises(BrokenImport, match="no scalar is a curve that Regdash knows"):
        read(events(record), "events.out.tfevents.1")


def test_steps_become_epochs_in_their_order_and_what_is_missing_is_a_gap():
    records = [simple("loss", 200, 2), simple("loss", 100, 1), simple("val/loss", 200, 4), simple("loss", 200, 3)]
    (found,) = read(events(*records), "events.out.tfevents.1")
    assert found.histories[0]["running_loss"].tolist() == [1, 3]
    np.testing.assert_array_equal(found.histories[0]["val_loss"], [math.nan, 4])
    (found,) = read(events(*losses(1, 2)), "events.out.tfevents.1")
    assert found.notes == ()
    (found,) = read(events(*(simple("loss", step, 1) for step in (0, 50, 150))), "events.out.tfevents.1")
    assert found.notes == ("Its steps are 0, 50, 150, ...; they are taken as epochs 1, 2, 3, ...",)


def test_several_files_of_one_folder_are_one_run():
    parts = {f"run/events.out.tfevents.{k}": events(simple("loss", k, k)) for k in range(3)}
    (found,) = read(archive(parts))
    assert found.histories[0]["running_loss"].tolist() == [0, 1, 2]


def test_histories_in_an_archive_are_read_too():
    found = read(archive({"a/run-0.csv": "loss\n1\n", "a/run-1.json": '{"loss": [2]}', "__MACOSX/._run.csv": b"\x00"}))
    assert [each.name for each in found] == ["run-0", "run-1"]


@pytest.mark.parametrize("name", ["/etc/passwd/events.tfevents", "../../x/events.tfevents", "C:\\x\\events.tfevents"])
def test_names_of_paths_are_only_names(name):
    (found,) = read(archive({name: events(*losses(1.0))}))
    assert found.epochs == 1
    assert not found.name.startswith("/")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (archive({"a.txt": b"x"}), "there is no event file in this archive, and no JSON or CSV."),
        (archive({"events.tfevents": b""}), "there is no event file in this archive"),
        (archive({f"{k}.json": b"{}" for k in range(2_001)}), "at most 2,000 files are read from an archive"),
        (archive({"a.csv": b"loss\n" + b"\n" * 101 * 2**20}), "at most 100 MB are read from an archive."),
        (archive({f"{k}/tfevents": events(*losses(1.0)) for k in range(101)}), "at most 100 runs are read, got 101."),
        (events(*losses(*range(10_001))), "at most 10,000 epochs are read, and it has 10,001."),
        (events(b"\xff\xff\xff"), "this event file is damaged"),
        (events()[:-1] + b"\x00" + events(*losses(1.0)), "this event file is damaged"),
    ],
)
def test_what_is_too_much_or_damaged_is_refused_in_a_sentence(data, sentence):
    with pytest.raises(BrokenImport) as caught:
        read(data)
    assert sentence in str(caught.value)


def test_a_changed_byte_is_noticed():
    data = bytearray(events(*losses(1.0, 0.5)))
    data[-10] ^= 1
    with pytest.raises(BrokenImport, match=r"logs.zip: this event file is damaged \(the record number 3"):
        read(bytes(data))


def test_an_encrypted_archive_is_refused_in_a_sentence():
    data = bytearray(archive({"a.csv": "loss\n1\n"}, zipfile.ZIP_STORED))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        data[data.index(mark) + (6 if mark == b"PK\x03\x04" else 8)] |= 1
    with pytest.raises(BrokenImport, match="this zip archive cannot be read"):
        read(bytes(data))


@pytest.mark.parametrize(
    "data",
    [
        framed([b""] * 100_000),
        b"".join(framed([b"\n" * length]) for length in range(0, 2**16, 2_000)),
        long_record(2**21),
        long_record(2**63, 5),
    ],
    ids=["many empty records", "records of many lengths", "a long record", "a record that is longer than the file"],
)
def test_megabytes_of_hostile_records_take_a_moment(data):
    begin = time.perf_counter()
    with pytest.raises(BrokenImport):
        read(events() + data)
    assert time.perf_counter() - begin < 10


@given(st.binary(max_size=400))
def test_no_bytes_end_in_anything_but_a_sentence(data):
    for given_ in (
        data,
        b"PK\x03\x04" + data,
        events() + data,
        events(data),
        b"{" + data,
        b"[" + data,
        b"loss\n" + data,
    ):
        try:
            read_import("x", given_)
        except BrokenImport as error:
            said = str(error)
        else:
            said = "read"
        assert said
