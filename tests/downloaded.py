"""Small files of images in the places where downloads leave them, and as Keras keeps them."""

import gzip
import pickle
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regdash.datasets.images import write_images
from regdash.datasets.recent import forget
from regdash.datasets.sources import SOURCES, place_of
from regdash.settings import settings


@contextmanager
def data_folder(folder: Path) -> Iterator[None]:
    """The settings of a machine whose data folder is this one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGDASH_DATA_DIR", str(folder))
        settings.cache_clear()
        forget()  # rows of another folder
        yield
    settings.cache_clear()
    forget()


def drawn_images(name: str, count: int, seed: int = 0) -> tuple[Any, Any]:
    """Images [N, H, W, C] of chance and their classes in turns."""
    chance = np.random.default_rng(seed)
    images = chance.integers(0, 256, (count, *SOURCES[name].image), np.uint8)
    return images, (np.arange(count) % SOURCES[name].classes).astype(np.uint8)


def put_in_place(name: str, count: int) -> tuple[Any, Any]:
    """Write such images to where the data set is read from; returns them."""
    images, labels = drawn_images(name, count)
    place_of(name).parent.mkdir(parents=True, exist_ok=True)
    with place_of(name).open("wb") as file:
        write_images(file, images, labels)
    return images, labels


def fashion_files(images: Any, labels: Any, train: int) -> dict[str, bytes]:
    """The four files of Fashion-MNIST: a header of big-endian numbers, then the bytes, under gzip."""
    parts = {"train": slice(0, train), "t10k": slice(train, None)}
    files = {}
    for part, rows in parts.items():
        y, x = labels[rows], images[rows]
        head = np.array([0x801, len(y)], ">i4").tobytes()
        files[f"{part}-labels-idx1-ubyte.gz"] = gzip.compress(head + y.tobytes())
        head = np.array([0x803, len(x), 28, 28], ">i4").tobytes()
        files[f"{part}-images-idx3-ubyte.gz"] = gzip.compress(head + x.tobytes(), compresslevel=1)
    return files


def mnist_file(images: Any, labels: Any, train: int) -> bytes:
    """The one file of MNIST: four arrays."""
    made, grey = BytesIO(), images[..., 0]
    np.savez(made, x_train=grey[:train], y_train=labels[:train], x_test=grey[train:], y_test=labels[train:])
    return made.getvalue()


def cifar_file(images: Any, labels: Any) -> bytes:
    """The archive of CIFAR-10: five training batches and a test batch, each a pickled table of colour planes.

    The real one was pickled by Python 2, whose texts are bytes as in protocol 3. One image stands for the whole of each
    of the first five batches, which Keras takes to hold 10,000.
    """
    made = BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz", compresslevel=1) as archive:
        for batch in range(6):
            rows = slice(batch, batch + 1) if batch < 5 else slice(5, None)
            planes = images[rows].transpose(0, 3, 1, 2).reshape(-1, 3_072)
            table = pickle.dumps({b"data": planes, b"labels": labels[rows].tolist()}, protocol=3)
            member = tarfile.TarInfo(f"cifar-10-batches-py/{f'data_batch_{batch + 1}' if batch < 5 else 'test_batch'}")
            member.size = len(table)
            archive.addfile(member, BytesIO(table))
    return made.getvalue()
