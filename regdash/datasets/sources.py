"""Data sets that are downloaded once: what they are, and where their files lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from regdash.datasets.images import Image, image_points, read_images
from regdash.datasets.samples import Points
from regdash.errors import DataMissing, RegdashError
from regdash.settings import settings

WAY_OUT = "or choose Digits, which needs no download."


@dataclass(frozen=True)
class Source:
    """What Keras downloads for a data set: its files by their place in Keras' folder, with their sizes in bytes."""

    label: str
    image: Image
    classes: int
    files: Mapping[str, int]


SOURCES: Mapping[str, Source] = {
    "fashion_mnist": Source(
        "Fashion-MNIST",
        (28, 28, 1),
        10,
        {
            "datasets/fashion-mnist/train-labels-idx1-ubyte.gz": 29_515,
            "datasets/fashion-mnist/train-images-idx3-ubyte.gz": 26_421_880,
            "datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz": 5_148,
            "datasets/fashion-mnist/t10k-images-idx3-ubyte.gz": 4_422_102,
        },
    ),
    "mnist": Source("MNIST", (28, 28, 1), 10, {"datasets/mnist.npz": 11_490_434}),
    "cifar10": Source("CIFAR-10", (32, 32, 3), 10, {"datasets/cifar-10-batches-py-target_archive": 170_498_071}),
}


def place_of(name: str) -> Path:
    """Where the file of a data set lies, or will lie."""
    return settings().data_dir / "datasets" / f"{name}.npz"


def is_downloaded(name: str) -> bool:
    """Whether the file of a data set is on this machine; whether it is sound shows when it is read."""
    return place_of(name).is_file()


def fault_of(place: Path, source: Source) -> str:
    """What is wrong with a file, or nothing."""
    try:
        read_images(place, source.image, source.classes)
    except RegdashError as error:
        return str(error)
    return ""


def downloaded_points(name: str, class_names: tuple[str, ...], rows: int, seed: int) -> Points:
    """Some images of a data set; DataMissing says what to do when its file is not there or damaged."""
    source = SOURCES[name]
    if not is_downloaded(name):
        raise DataMissing(f"{source.label} is not on this machine yet. Press Download, {WAY_OUT}", name)
    try:
        return image_points(place_of(name), source.image, class_names, rows, seed)
    except RegdashError as error:
        message = f"The file of {source.label} cannot be used: {error}. Press Download to replace it, {WAY_OUT}"
        raise DataMissing(message, name) from error
