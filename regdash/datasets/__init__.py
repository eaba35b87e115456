"""The data sets; the order of DATASETS is the order of the menu."""

from regdash.datasets.blobs import Blobs
from regdash.datasets.breast_cancer import BreastCancer
from regdash.datasets.cifar10 import CIFAR10
from regdash.datasets.circles import Circles
from regdash.datasets.diabetes import Diabetes
from regdash.datasets.digits import Digits
from regdash.datasets.fashion_mnist import FashionMNIST
from regdash.datasets.friedman import Friedman
from regdash.datasets.given import Given
from regdash.datasets.high_dimensional_line import HighDimensionalLine
from regdash.datasets.iris import Iris
from regdash.datasets.line import Line
from regdash.datasets.mnist import MNIST
from regdash.datasets.moons import Moons
from regdash.datasets.own import OwnTable
from regdash.datasets.pure_noise import PureNoise
from regdash.datasets.samples import Dataset, Part, Points, Samples, Task, available, learnable, samples, shape_of
from regdash.datasets.spirals import Spirals
from regdash.datasets.split import Split, fold_clashes
from regdash.datasets.wine import Wine
from regdash.datasets.xor import Xor

DATASETS: tuple[type[Dataset], ...] = (
    Moons,
    Circles,
    Spirals,
    Xor,
    Blobs,
    PureNoise,
    Iris,
    Wine,
    BreastCancer,
    Digits,
    FashionMNIST,
    MNIST,
    CIFAR10,
    Line,
    Diabetes,
    Friedman,
    HighDimensionalLine,
    OwnTable,
)

__all__ = [
    "CIFAR10",
    "DATASETS",
    "MNIST",
    "Blobs",
    "BreastCancer",
    "Circles",
    "Dataset",
    "Diabetes",
    "Digits",
    "FashionMNIST",
    "Friedman",
    "Given",
    "HighDimensionalLine",
    "Iris",
    "Line",
    "Moons",
    "OwnTable",
    "Part",
    "Points",
    "PureNoise",
    "Samples",
    "Spirals",
    "Split",
    "Task",
    "Wine",
    "Xor",
    "available",
    "fold_clashes",
    "learnable",
    "samples",
    "shape_of",
]
