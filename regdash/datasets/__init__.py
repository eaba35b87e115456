"""The data sets; the order of DATASETS is the order of the menu."""

from regdash.datasets.blobs import Blobs
from regdash.datasets.breast_cancer import BreastCancer
from regdash.datasets.circles import Circles
from regdash.datasets.diabetes import Diabetes
from regdash.datasets.digits import Digits
from regdash.datasets.high_dimensional_line import HighDimensionalLine
from regdash.datasets.iris import Iris
from regdash.datasets.moons import Moons
from regdash.datasets.samples import Dataset, Part, Points, Samples, Split, Task, samples
from regdash.datasets.spirals import Spirals
from regdash.datasets.wine import Wine
from regdash.datasets.xor import Xor

DATASETS: tuple[type[Dataset], ...] = (
    Moons,
    Circles,
    Spirals,
    Xor,
    Blobs,
    Iris,
    Wine,
    BreastCancer,
    Digits,
    Diabetes,
    HighDimensionalLine,
)

__all__ = [
    "DATASETS",
    "Blobs",
    "BreastCancer",
    "Circles",
    "Dataset",
    "Diabetes",
    "Digits",
    "HighDimensionalLine",
    "Iris",
    "Moons",
    "Part",
    "Points",
    "Samples",
    "Spirals",
    "Split",
    "Task",
    "Wine",
    "Xor",
    "samples",
]
