"""Whether the rows of an experiment can be had on this machine, and if not, why."""

from dataclasses import dataclass

from regdash.datasets import samples
from regdash.datasets.sources import SOURCES
from regdash.errors import DataMissing, InvalidExperiment, RegdashError
from regdash.experiment import Experiment


@dataclass(frozen=True)
class Missing:
    """Why there are no rows, as a sentence, and the name of the data set to download, if that would help."""

    sentence: str
    download: str = ""


def missing(experiment: Experiment) -> Missing | None:
    """What stands between the experiment and its rows: a download, a table, too many folds; None when nothing does."""
    try:
        samples(experiment.data, experiment.split)
    except DataMissing as error:
        return Missing(str(error), error.data if error.data in SOURCES else "")
    except InvalidExperiment as error:
        return Missing(". ".join(error.errors.values()))
    except RegdashError as error:
        return Missing(str(error))
    return None
