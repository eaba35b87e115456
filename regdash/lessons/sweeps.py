"""The charts of a lesson's sweeps: a measure, or the weights of a linear network, against what is varied."""

from collections.abc import Sequence

from regdash.charts.coefficients import coefficient_names
from regdash.charts.compare_coefficients import CoefficientPath, read_coefficient_path
from regdash.charts.compare_sweep import SweepData, SweepLine, read_sweep
from regdash.charts.measure_words import SHARES, measure_label
from regdash.datasets import samples
from regdash.errors import RegdashError
from regdash.experiment import Experiment, declaration
from regdash.lessons.expressions import Evidence, by_seed
from regdash.lessons.lesson import Lesson, Sweep
from regdash.lessons.measures import At

LESS = ("loss", "val_loss", "mae", "val_mae", "gap")
MORE = ("accuracy", "val_accuracy", "r2", "val_r2")


def sweep_data(lesson: Lesson, names: Sequence[str], measure: str, evidence: Evidence, at: At = "last") -> SweepData:
    """A measure of the runs of some sweeps; runs that are not there yet leave gaps."""
    sweeps = [lesson.sweeps[name] for name in names]
    lines = [SweepLine(sweep.label, sweep.values, _runs(sweep, measure, evidence, at)) for sweep in sweeps]
    better = -1 if measure in LESS else 1 if measure in MORE else 0
    return read_sweep(lines, over(sweeps[0]), measure_label(measure), better)


def coefficient_data(lesson: Lesson, name: str, evidence: Evidence) -> CoefficientPath:
    """The weights of a linear network along a sweep; raises RegdashError where the network has other weights."""
    sweep = lesson.sweeps[name]
    base = sweep.experiments[0]
    if base.network.name != "linear":
        raise RegdashError("the weights along a sweep can be drawn for the linear network only")
    inputs = coefficient_names(samples(base.data, base.split))
    weights = [[record.weights[0].ravel() for record in evidence(each)] for each in sweep.experiments]
    return read_coefficient_path(over(sweep), inputs, sweep.values, weights)


def over(sweep: Sweep) -> str:
    """What stands below the axis: the setting that is varied, with its unit."""
    param = declaration(sweep.experiments[0], sweep.path)
    return f"{param.label} ({param.unit})" if param.unit and param.unit != param.label.lower() else param.label


def _runs(sweep: Sweep, measure: str, evidence: Evidence, at: At) -> tuple[tuple[float, ...], ...]:
    return tuple(_figures(each, measure, evidence, at) for each in sweep.experiments)


def _figures(experiment: Experiment, measure: str, evidence: Evidence, at: At) -> tuple[float, ...]:
    times = 100 if measure in SHARES else 1
    records = evidence(experiment)
    return tuple(float(value) * times for value in by_seed(records, measure, at)) if records else ()
