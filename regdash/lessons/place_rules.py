"""What may stand in the places of a lesson: names that exist, options that the chart has."""

from collections.abc import Callable, Mapping, Sequence

from regdash.charts import CHARTS, COMPARISONS, SWEEPS
from regdash.charts.compare_columns import COLUMNS
from regdash.charts.figures import FIGURES
from regdash.comparison import BY_NAME
from regdash.datasets import shape_of
from regdash.errors import Fault, RegdashError
from regdash.experiment import Experiment
from regdash.lessons.demos import DEMOS
from regdash.lessons.facts import check_settings
from regdash.lessons.front_fields import attempt
from regdash.lessons.lesson import Lesson, Place
from regdash.lessons.measures import CURVES, MEASURES, SHORT, unfit
from regdash.lessons.names import Consequence
from regdash.params import nearest

OF_A_RUN = tuple(each.name for each in CHARTS if each.name != "room")
OF_SWEEPS = tuple(each.name.removeprefix("compare-") for each in SWEEPS)
OF_SERIES = (*(each.name.removeprefix("compare-") for each in COMPARISONS), *OF_SWEEPS)
COMPARE_OPTIONS = {
    "curves": ("column", "log", "log_x", "log_y"),
    "norms": ("log_x",),
    "final": ("measure",),
    "sweep": ("measure",),
}
"""What may be said of a chart beside its kind and its title."""


def place_faults(lesson: Lesson) -> list[Fault]:
    """Every place of a lesson that names something that is not there."""
    found: list[Fault] = []
    for block in lesson.blocks:
        if isinstance(block, Place):

            def rule(place: Place = block) -> None:
                RULES[place.kind](place, lesson)

            attempt(block.line, found, rule)
    return found


def _chart(place: Place, lesson: Lesson) -> None:
    name = _one(place, "a chart")
    if any(each.name == name for each in FIGURES):
        check_settings(name, place.options)
        return
    _known(name, (*OF_A_RUN, *(each.name for each in FIGURES)), "chart")
    _options(place, ("of", "running") if name == "loss" else ("of",))
    _suits(name, _experiment(place.options.get("of", ""), lesson))


def _predict(place: Place, lesson: Lesson) -> None:
    _options(place, ())
    name = _one(place, "a prediction")
    if name in lesson.names.broken:
        raise Consequence
    _known(name, tuple(lesson.predictions), "prediction")


def _compare(place: Place, lesson: Lesson) -> None:
    chart = place.options.get("chart", "curves")
    _known(chart, OF_SERIES, "chart of settings side by side")
    _options(place, ("chart", "title", *COMPARE_OPTIONS.get(chart, ())))
    if chart in OF_SWEEPS:
        _swept(place, lesson, chart)
        return
    if not place.words:
        raise RegdashError("{{compare: ...}} names experiments, got nothing")
    for name in place.words:
        _suits(chart, _experiment(name, lesson))
    if chart == "curves" and "column" in place.options:
        _known(place.options["column"].removeprefix("val_"), tuple(COLUMNS), "curve")
    if "measure" in place.options:
        _known(place.options["measure"], tuple(BY_NAME), "measure of a comparison")


def _swept(place: Place, lesson: Lesson, chart: str) -> None:
    if any(name in lesson.names.broken for name in place.words):
        raise Consequence
    for name in place.words or ("",):
        _known(name, tuple(lesson.sweeps), "sweep")
    sweeps = [lesson.sweeps[name] for name in place.words]
    if len({each.path for each in sweeps}) > 1:
        raise RegdashError("the sweeps of one chart must vary the same setting")
    measure = place.options.get("measure", "val_loss")
    _known(measure, (*MEASURES, *SHORT, *CURVES), "measure")
    for sweep in sweeps:
        if problem := unfit(measure, sweep.experiments[0]):
            raise RegdashError(problem)
        if chart == "coefficients":
            _suits(chart, sweep.experiments[0])
    if chart == "coefficients":
        _one(place, "one sweep")


def _objective(place: Place, lesson: Lesson) -> None:
    _options(place, ())
    _experiment(_one(place, "an experiment"), lesson)


def _demo(place: Place, lesson: Lesson) -> None:
    _options(place, ())
    _known(_one(place, "a demonstration"), tuple(each.name for each in DEMOS), "demonstration")


RULES: Mapping[str, Callable[[Place, Lesson], None]] = {
    "chart": _chart,
    "predict": _predict,
    "compare": _compare,
    "objective": _objective,
    "demo": _demo,
}


def _experiment(name: str, lesson: Lesson) -> Experiment:
    if name in lesson.names.broken:
        raise Consequence
    _known(name, tuple(lesson.experiments), "experiment")
    return lesson.experiments[name]


def _suits(chart: str, experiment: Experiment) -> None:
    """Raise RegdashError when a chart has nothing to show of these runs; of a table of one's own nothing is known."""
    data, classes = experiment.data, getattr(experiment.data, "classes", None)
    if classes is None:
        return
    if chart in ("boundary", "boundaries") and (shape_of(data) != (2,) or not classes):
        raise RegdashError(f"a boundary is drawn of data with two inputs and classes, and {data.label} is none")
    if chart in ("confusion", "calibration") and not classes:
        raise RegdashError(f"{chart} is a chart of classes, and {data.label} is a regression; take chart=fit")
    if chart == "fit" and classes:
        raise RegdashError(f"fit is a chart of a regression, and {data.label} has classes; take chart=confusion")
    if chart == "coefficients" and experiment.network.name != "linear":
        raise RegdashError("coefficients are those of a linear network; write network: {name: linear}")


def _one(place: Place, what: str) -> str:
    if len(place.words) != 1:
        raise RegdashError(f"{{{{{place.kind}: ...}}}} names {what}, got {', '.join(place.words) or 'nothing'}")
    return place.words[0]


def _known(name: str, names: Sequence[str], what: str) -> None:
    if name not in names:
        listed = nearest(name, tuple(names)) or (f"; there are {', '.join(names)}" if names else "; there is none")
        raise RegdashError(f"there is no {what} {name[:40] or '(none is named)'}{listed}")


def _options(place: Place, known: Sequence[str]) -> None:
    for name in place.options:
        _known(name, known, f"option of {place.kind}")


def truth(options: Mapping[str, str], name: str) -> bool:
    """Whether a switch such as log=on is on."""
    return options.get(name, "off") in ("on", "true", "yes")
