"""Files of small images: plain arrays in one .npz, never pickled, and checked before they are used."""

import tokenize
import zipfile
import zlib
from functools import cache
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from regdash.datasets.bundled import first_rows
from regdash.datasets.samples import Points
from regdash.errors import RegdashError
from regdash.params import param

MOST_IMAGES = 100_000
FEWEST_ROWS, MOST_ROWS = 200, 20_000
MEMBERS = {"images.npy", "labels.npy"}
Image = tuple[int, int, int]
UNREADABLE = (
    OSError, EOFError, KeyError, ValueError, RuntimeError, MemoryError, SyntaxError, tokenize.TokenError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
HEADER_BYTES = 1_000  # more than the header of an array ever takes


def image_rows_param(total: int) -> Any:
    """How many images are used, declared once for all image sets that are downloaded."""
    return param(
        2_000,
        "Rows",
        f"How many of the {total:,} images are used. Fewer are easier to learn by heart; more take longer.",
        low=FEWEST_ROWS,
        high=MOST_ROWS,
        unit="rows",
        stack=True,
    )


def write_images(file: IO[bytes], images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> None:
    """Write images [N, H, W, C] and class numbers [N], both whole numbers from 0 to 255."""
    np.savez(file, allow_pickle=False, images=images, labels=labels)


def read_images(path: Path, image: Image, classes: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images [N, H, W, C] and class numbers [N] of a file; RegdashError says what is wrong with it."""
    try:
        _check_members(path, image)
        with np.load(path, allow_pickle=False) as file:
            images, labels = np.asarray(file["images"]), np.asarray(file["labels"])
    except UNREADABLE as error:
        raise RegdashError("it cannot be read as images") from error
    if images.dtype != np.uint8 or images.shape[1:] != image or not FEWEST_ROWS <= len(images) <= MOST_IMAGES:
        found = f"{images.dtype} {images.shape}"
        raise RegdashError(f"it must hold at least {FEWEST_ROWS} images {image} of whole numbers, got {found}")
    if labels.dtype != np.uint8 or labels.shape != images.shape[:1] or labels.max() >= classes:
        raise RegdashError(f"it must hold a class below {classes} for each image")
    return images, labels


def image_points(path: Path, image: Image, class_names: tuple[str, ...], rows: int, seed: int) -> Points:
    """Some images of a file, each as one row of values from 0 (black) to 1, in the proportions of their classes."""
    images, labels = read_images(path, image, len(class_names))
    if len(images) < rows:
        raise RegdashError(f"it holds {len(images):,} images, {rows:,} are asked for")
    kept = first_rows(labels, len(class_names), rows, seed)
    return Points(
        inputs=images[kept].reshape(rows, -1) / np.float32(255),
        targets=labels[kept].astype(np.int64),
        feature_names=pixel_names(image),
        class_names=class_names,
    )


@cache
def pixel_names(image: Image) -> tuple[str, ...]:
    """A name for each value of an image, row by row: pixel 0 0, or pixel 0 0 red."""
    height, width, channels = image
    colours = (" red", " green", " blue") if channels == 3 else ("",)
    return tuple(f"pixel {row} {column}{c}" for row in range(height) for column in range(width) for c in colours)


def _check_members(path: Path, image: Image) -> None:
    """Refuse a file that would grow beyond all measure before any of it is read."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if {each.filename for each in members} != MEMBERS or len(members) != len(MEMBERS):
            raise KeyError(path.name)
        if sum(each.file_size for each in members) > MOST_IMAGES * (int(np.prod(image)) + 1) + 2 * HEADER_BYTES:
            raise ValueError(path.name)
