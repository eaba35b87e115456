"""Image sets that are downloaded: their files, read and refused."""

import pickle
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from downloaded import data_folder, drawn_images, put_in_place
from hypothesis import given, settings
from hypothesis import strategies as st

from regdash.datasets import CIFAR10, MNIST, Digits, FashionMNIST, Moons, Split, available, samples, shape_of
from regdash.datasets.images import pixel_names, read_images
from regdash.datasets.sources import SOURCES, fault_of, place_of
from regdash.errors import DataMissing, RegdashError

KINDS = (FashionMNIST, MNIST, CIFAR10)
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@pytest.fixture(autouse=True)
def _empty_machine(tmp_path: Path) -> Iterator[None]:
    with data_folder(tmp_path):
        yield


@every_kind
def test_a_set_that_was_not_downloaded_says_what_to_do(kind: Any) -> None:
    assert not available(kind())
    with pytest.raises(DataMissing) as caught:
        kind().points(0)
    assert caught.value.data == kind.name
    assert str(caught.value) == (
        f"{kind.label} is not on this machine yet. Press Download, or choose Digits, which needs no download."
    )


def test_an_error_about_missing_data_survives_the_way_between_processes() -> None:
    again = pickle.loads(pickle.dumps(DataMissing("Not here.", "mnist")))
    assert (str(again), again.data) == ("Not here.", "mnist")


@every_kind
def test_rows_are_the_images_of_the_file_from_0_to_1_with_their_classes(kind: Any) -> None:
    images, labels = put_in_place(kind.name, 260)
    assert available(kind())
    points = kind(rows=260).points(5)
    assert points.inputs.dtype == np.float32
    flat = images.reshape(260, -1)
    found = {row.tobytes(): label for row, label in zip(flat, labels, strict=True)}
    given_back = np.round(points.inputs * 255).astype(np.uint8)
    assert {row.tobytes(): label for row, label in zip(given_back, points.targets, strict=True)} == found
    np.testing.assert_array_equal(points.inputs, given_back / np.float32(255))


@every_kind
def test_fewer_rows_keep_the_classes_in_their_proportions(kind: Any) -> None:
    put_in_place(kind.name, 1_000)
    assert np.abs(np.bincount(kind(rows=300).points(1).targets) - 30).max() <= 2


@every_kind
def test_images_reach_the_network_as_they_are_and_the_other_way_back(kind: Any) -> None:
    put_in_place(kind.name, 230)
    made = samples(kind(rows=230), Split(seed=77))
    values = np.concatenate([part.x for part in (made.train, made.validation, made.test)])
    np.testing.assert_array_equal(np.sort(values, axis=0), np.sort(kind(rows=230).points(77).inputs, axis=0))
    assert not made.input_mean.any()
    assert np.all(made.input_scale == 1)


def test_the_shape_of_a_row_is_that_of_the_image_or_the_number_of_inputs() -> None:
    assert [shape_of(kind()) for kind in KINDS] == [(28, 28, 1), (28, 28, 1), (32, 32, 3)]
    assert shape_of(Digits()) == (8, 8, 1)
    assert shape_of(Moons()) == (2,)


@every_kind
def test_what_is_downloaded_and_what_is_declared_agree(kind: Any) -> None:
    source = SOURCES[kind.name]
    assert (source.label, source.image, source.classes) == (kind.label, kind.image, kind.classes)
    assert kind.features == np.prod(kind.image) == len(pixel_names(kind.image))


def test_a_row_of_pixels_is_named_in_the_order_in_which_numpy_flattens_the_image() -> None:
    names = np.array(pixel_names((32, 32, 3))).reshape(32, 32, 3)
    assert names[3, 5, 1] == "pixel 3 5 green"
    assert pixel_names((28, 28, 1))[28] == "pixel 1 0"


def test_more_rows_than_the_file_has_are_refused_with_a_sentence() -> None:
    put_in_place("mnist", 300)
    with pytest.raises(DataMissing, match=r"^The file of MNIST cannot be used: it holds 300 images, 301 are asked for"):
        MNIST(rows=301).points(0)


def arrays(**changed: Any) -> dict[str, Any]:
    images, labels = drawn_images("mnist", 220)
    return {"images": images, "labels": labels} | changed


BAD = {
    "labels that are no classes": arrays(labels=np.full(220, 10, np.uint8)),
    "labels of another length": arrays(labels=np.zeros(219, np.uint8)),
    "labels of another type": arrays(labels=np.zeros(220)),
    "images of another size": arrays(images=np.zeros((220, 28, 27, 1), np.uint8)),
    "images of another type": arrays(images=np.zeros((220, 28, 28, 1), np.float32)),
    "one number": arrays(images=np.uint8(3)),
    "too few images": arrays(images=np.zeros((199, 28, 28, 1), np.uint8), labels=np.zeros(199, np.uint8)),
    "an object that would be unpickled": arrays(labels=np.array([print] * 220, dtype=object)),
    "an array too many": arrays(more=np.zeros(3)),
    "an array too few": {"images": arrays()["images"]},
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_file_with_other_arrays_is_refused_with_a_sentence(content: dict[str, Any]) -> None:
    place_of("mnist").parent.mkdir()
    np.savez(place_of("mnist"), **content)
    with pytest.raises(
        DataMissing, match=r"^The file of MNIST cannot be used: it .*\. Press Download to replace it, or"
    ):
        MNIST(rows=200).points(0)


def test_a_file_that_would_grow_beyond_all_measure_is_refused_before_it_is_read(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.npz"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("images.npy", "w") as member:
            np.lib.format.write_array_header_1_0(
                member, {"descr": "|u1", "fortran_order": False, "shape": (150_000, 28, 28, 1)}
            )
            for _ in range(150):
                member.write(bytes(784_000))
        archive.writestr("labels.npy", b"")
    with pytest.raises(RegdashError, match="cannot be read as images"):
        read_images(bomb, (28, 28, 1), 10)


@given(st.data())
@settings(max_examples=150)
def test_no_change_of_bytes_ever_gives_anything_but_images_or_a_sentence(changes: Any) -> None:
    put_in_place("mnist", 200)
    place = place_of("mnist")
    content = bytearray(place.read_bytes())
    headers = st.integers(0, 400) | st.integers(len(content) - 700, len(content) - 1)
    for _ in range(changes.draw(st.integers(1, 4))):
        content[changes.draw(headers | st.integers(0, len(content) - 1))] = changes.draw(st.integers(0, 255))
    place.write_bytes(content[: changes.draw(st.just(len(content)) | st.integers(0, len(content)))])
    fault = fault_of(place, SOURCES["mnist"])  # any other error would come through
    assert fault == "" or fault.startswith("it ")
