"""The problems that are measured, as experiments; the peers in benchmarks/peers train the same ones."""

import tempfile
from pathlib import Path

import numpy as np

from regdash.api import (
    L2,
    MLP,
    SGD,
    Adam,
    Digits,
    Dropout,
    Experiment,
    Moons,
    Split,
    Training,
    samples,
)
from regdash.datasets import FashionMNIST, shape_of
from regdash.datasets.images import write_images
from regdash.datasets.sources import place_of
from regdash.networks import Convolutional

MOONS = Experiment(
    data=Moons(samples=750, noise=0.2),
    split=Split(train=1 / 3),
    network=MLP(widths=(64, 64)),
    regularizers=(Dropout(0.2), L2(1e-3)),
    optimizer=Adam(0.001),
    training=Training(epochs=100, batch_size=32),
)
DIGITS = Experiment(
    data=Digits(),
    split=Split(train=0.5),
    network=MLP(widths=(256,)),
    regularizers=(Dropout(0.2), L2(1e-3)),
    optimizer=Adam(0.001),
    training=Training(epochs=20, batch_size=64),
)
CONVOLUTION = Experiment(
    data=Digits(),
    split=Split(train=0.7),
    network=Convolutional(filters=(16, 32), widths=(64,)),
    regularizers=(L2(1e-3),),
    optimizer=Adam(0.001),
    training=Training(epochs=10, batch_size=64),
)


def d2l() -> Experiment:
    """The MLP of d2l's chapter on dropout, 784-256-256-10, on 2,000 random images, with its batch of 256 and SGD.

    Random images lie in a folder of their own, so REGDASH_DATA_DIR has to be set by `random_images` before.
    """
    return Experiment(
        data=FashionMNIST(rows=2_000),
        split=Split(train=0.75),
        network=MLP(widths=(256, 256)),
        regularizers=(Dropout(rates=(0.2, 0.5)),),
        optimizer=SGD(0.1),
        training=Training(epochs=10, batch_size=256),
    )


def random_images() -> Path:
    """A data folder with 2,000 images of chance in the place of Fashion-MNIST."""
    folder = Path(tempfile.mkdtemp(prefix="regdash-benchmark-"))
    chance = np.random.default_rng(0)
    place = folder / "datasets" / place_of("fashion_mnist").name
    place.parent.mkdir()
    with place.open("wb") as file:
        write_images(file, chance.integers(0, 256, (2_000, 28, 28, 1), np.uint8), np.arange(2_000, dtype=np.uint8) % 10)
    return folder


def operations(experiment: Experiment) -> float:
    """Floating-point operations of the products of one model's training and evaluation.

    2 * multiplications per row forwards, twice that again backwards (the first dense layer needs no gradient by its
    input), and once forwards for every row that is judged at the end of an epoch.
    """
    rows, shape = samples(experiment.data, experiment.split), shape_of(experiment.data)
    forward = 2 * experiment.network.multiplications(shape, rows.outputs)
    first = 2 * rows.features * experiment.network.widths[0] if isinstance(experiment.network, MLP) else 0
    n, judged = len(rows.train), len(rows.train) + len(rows.validation)
    return experiment.training.epochs * (n * (3 * forward - first) + judged * forward)


PROBLEMS = {"moons": lambda: MOONS, "digits": lambda: DIGITS, "convolution": lambda: CONVOLUTION, "d2l": d2l}
