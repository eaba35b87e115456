"""What may stand in the places of a lesson: names that exist, options that the chart has."""

from collections.abc import Mapping, Sequence

from regdash.charts import CHARTS, COMPARISONS
from regdash.charts.figures import FIGURES, settings_from
from regdash.errors import Fault, RegdashError
from regdash.lessons.demos import DEMOS
from regdash.lessons.lesson import Lesson, Place
from regdash.params import nearest

OF_A_RUN = tuple(each.name for each in CHARTS if each.name != "room")
OF_SERIES = ("curves", "norms", "boundaries", "confusion", "fit", "ridges", "final", "sweep", "coefficients")
COMPARE_OPTIONS = ("chart", "column", "measure", "log", "log_x", "log_y", "path", "title")


def place_faults(lesson: Lesson) -> list[Fault]:
    """Every place of a lesson that names something that is not there."""
    found = []
    for block in lesson.blocks:
        if isinstance(block, Place):
            try:
                RULES[block.kind](block, lesson)
            except RegdashError as error:
                found.append(Fault(block.line, str(error)))
    return found


def _chart(place: Place, lesson: Lesson) -> None:
    name = _one(place, "a chart")
    figure = next((each for each in FIGURES if each.name == name), None)
    if figure is not None:
        settings_from(figure, place.options)
        return
    names = (*OF_A_RUN, *(each.name for each in FIGURES))
    _known(name, names, "chart")
    _options(place, ("of",))
    _known(place.options.get("of", ""), tuple(lesson.experiments), "experiment")


def _predict(place: Place, lesson: Lesson) -> None:
    _options(place, ())
    _known(_one(place, "a prediction"), tuple(lesson.predictions), "prediction")


def _compare(place: Place, lesson: Lesson) -> None:
    _options(place, COMPARE_OPTIONS)
    chart = place.options.get("chart", "curves")
    _known(chart, OF_SERIES, "chart of settings side by side")
    swept = chart in ("sweep", "coefficients")
    for name in place.words or ("",):
        _known(name, tuple(lesson.sweeps) if swept else tuple(lesson.experiments), "sweep" if swept else "experiment")


def _objective(place: Place, lesson: Lesson) -> None:
    _options(place, ())
    _known(_one(place, "an experiment"), tuple(lesson.experiments), "experiment")


def _demo(place: Place, lesson: Lesson) -> None:
    _options(place, ())
    _known(_one(place, "a demonstration"), tuple(each.name for each in DEMOS), "demonstration")


RULES = {"chart": _chart, "predict": _predict, "compare": _compare, "objective": _objective, "demo": _demo}
assert all(any(f"compare-{name}" == each.name for each in COMPARISONS) for name in OF_SERIES[:7])


def _one(place: Place, what: str) -> str:
    if len(place.words) != 1:
        raise RegdashError(f"{{{{{place.kind}: ...}}}} names {what}, got {', '.join(place.words) or 'nothing'}")
    return place.words[0]


def _known(name: str, names: Sequence[str], what: str) -> None:
    if name not in names:
        listed = nearest(name, tuple(names)) or (f"; there are {', '.join(names)}" if names else "; there is none")
        raise RegdashError(f"there is no {what} {name or '(none is named)'}{listed}")


def _options(place: Place, known: Sequence[str]) -> None:
    for name in place.options:
        _known(name, known, f"option of {place.kind}")


def truth(options: Mapping[str, str], name: str) -> bool:
    """Whether a switch such as log=on is on."""
    return options.get(name, "off") in ("on", "true", "yes")
