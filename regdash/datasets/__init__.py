"""The data sets; the order of DATASETS is the order of the menu."""

from regdash.datasets.moons import Moons
from regdash.datasets.samples import Dataset, Part, Points, Samples, Split, Task, samples

DATASETS: tuple[type[Dataset], ...] = (Moons,)

__all__ = ["DATASETS", "Dataset", "Moons", "Part", "Points", "Samples", "Split", "Task", "samples"]
