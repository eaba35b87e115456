"""What one visitor may ask for, checked before anything is queued."""

from collections.abc import Sequence

from regdash.datasets import available, shape_of
from regdash.errors import DataMissing, RegdashError
from regdash.experiment import Experiment
from regdash.settings import Settings


def check_limits(experiments: Sequence[Experiment], limits: Settings) -> None:
    """Raise RegdashError with a sentence when an experiment is larger than this server allows."""
    for experiment in experiments:
        problem = limit_problem(experiment, limits)
        if problem:
            raise RegdashError(problem)


def limit_problem(experiment: Experiment, limits: Settings) -> str:
    """Why an experiment is larger than this server allows, in a sentence; nothing when it is not."""
    if not available(experiment.data):
        return _absence(experiment)
    epochs, rows = experiment.training.epochs, _rows(experiment)
    if epochs > limits.max_epochs:
        return f"This server trains at most {limits.max_epochs} epochs, got {epochs}. Choose fewer epochs."
    if rows > limits.max_rows:
        return f"This server trains on at most {limits.max_rows} rows, got {rows}. Choose fewer."
    classes = experiment.data.classes
    weights = experiment.network.parameters(shape_of(experiment.data), classes if classes > 2 else 1)
    if weights > limits.max_parameters:
        return (
            f"This server trains networks of at most {limits.max_parameters} weights, got {weights}. "
            "Choose fewer or narrower hidden layers."
        )
    return _memory_problem(experiment, limits)


def _memory_problem(experiment: Experiment, limits: Settings) -> str:
    """A stack that does not fit the memory is split; one run that does not fit is refused before it starts."""
    from regdash.training.groups import stack_bytes

    try:
        megabytes = stack_bytes(experiment) / 2**20
    except DataMissing as error:
        return str(error)
    if megabytes <= limits.max_memory_mb:
        return ""
    return (
        f"This run would take about {megabytes:,.0f} MB of memory, and this server has {limits.max_memory_mb:,.0f} MB "
        "for training. Choose a smaller batch, fewer rows or a narrower network."
    )


def _absence(experiment: Experiment) -> str:
    """The data set's own sentence about rows that are not on this machine."""
    try:
        experiment.data.points(experiment.split.seed)
    except DataMissing as error:
        return str(error)
    return ""


def _rows(experiment: Experiment) -> int:
    """How many rows are asked for: data sets call them samples when they are drawn."""
    return int(experiment.values.get("data.samples", experiment.values.get("data.rows", 0)))
