"""The charts of a lesson's runs: the same that the Train and the Compare page draw."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from regdash.charts.compare_coefficients import alt_coefficient_path, draw_coefficient_path
from regdash.charts.compare_columns import COLUMNS
from regdash.charts.compare_sweep import alt_sweep, draw_sweep
from regdash.charts.drawing import Drawing
from regdash.charts.theme import Theme
from regdash.comparison import BY_NAME
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.export.captions import caption
from regdash.lessons.lesson import Place
from regdash.lessons.place_rules import truth
from regdash.lessons.sweeps import coefficient_data, sweep_data
from regdash.links import Comparison
from regdash.params import nearest
from regdash.repeats import Setting
from regdash.ui import chart_grid, views
from regdash.ui.compare_charts import DETAILS, Detail, curve_detail
from regdash.ui.learn_runs import Found
from regdash.ui.picture import Picture

LONGEST_TITLE = 80


def compared(place: Place, found: Found) -> Picture:
    """The chart of a {{compare: ...}} place; raises RegdashError with a sentence when it cannot be drawn."""
    chart = place.options.get("chart", "curves")
    made = _swept(place, found, chart) if chart in ("sweep", "coefficients") else _side_by_side(place, found, chart)
    title = place.options.get("title", "")
    return replace(made, draw=partial(_titled, made.draw, title)) if title else made


def of_run(place: Place, found: Found) -> Picture:
    """The chart of a {{chart: ...; of=experiment}} place, as the Train page draws it."""
    name = place.options["of"]
    runs, experiment, label = found.runs(name), found.lesson.experiments[name], found.lesson.labels[name]
    if runs is None:
        raise RegdashError(f"The runs of {label} are not here yet.")
    scene = chart_grid.Scene(experiment, runs, None)
    chart = _view(place.words[0], experiment, scene)
    made = chart_grid.CHARTS[chart](scene)
    draw = partial(_called, made.draw, label, running=truth(place.options, "running"))
    settings = {label: runs.setting}
    return replace(made, name=f"lesson-{chart}", draw=draw, height=chart_grid.TALL, caption=caption(settings))


def _side_by_side(place: Place, found: Found, chart: str) -> Picture:
    series = tuple(found.series(name) for name in place.words)
    detail = _curves(place.options.get("column", "loss")) if chart == "curves" else DETAILS[chart]
    if not detail.offered(series):
        raise RegdashError(f"These runs have nothing for the chart {detail.title}.")
    draw, alt, height = detail.make(series, _view_of(place.options))
    settings = {found.lesson.labels[name]: _setting(found, name) for name in place.words}
    return Picture(f"lesson-{chart}", draw, alt, height, caption(settings), tuple(settings.values()))


def _swept(place: Place, found: Found, chart: str) -> Picture:
    lesson = found.lesson
    sweeps = [lesson.sweeps[name] for name in place.words]
    settings = tuple(Setting(each, lesson.seeds) for sweep in sweeps for each in sweep.experiments)
    words = caption({str(at): each for at, each in enumerate(settings)})
    if chart == "coefficients":
        path = coefficient_data(lesson, place.words[0], found.partial)
        drawn = partial(draw_coefficient_path, path)
        return Picture(f"lesson-{chart}", drawn, alt_coefficient_path(path), path.height, words, settings)
    data = sweep_data(lesson, place.words, place.options.get("measure", "val_loss"), found.partial)
    return Picture(f"lesson-{chart}", partial(draw_sweep, data), alt_sweep(data), data.height, words, settings)


def _curves(column: str) -> Detail:
    """A curve by its name; val_accuracy is drawn in the chart of accuracy, which has both parts."""
    name = column.removeprefix("val_")
    if name not in COLUMNS:
        raise RegdashError(f"There is no curve {column[:40]}{nearest(name, tuple(COLUMNS))}.")
    return curve_detail(name)


def _view_of(options: Mapping[str, str]) -> Comparison:
    """How the curves are drawn."""
    measure = options.get("measure", "")
    if measure and measure not in BY_NAME:
        raise RegdashError(f"There is no measure {measure[:40]}{nearest(measure, tuple(BY_NAME))}.")
    log = truth(options, "log") or truth(options, "log_y")
    return Comparison(log=log, log_epochs=truth(options, "log_x"), measure=measure)


def _view(name: str, experiment: Experiment, scene: chart_grid.Scene) -> str:
    """The name that the Train page has for a chart: its first score for score, near-zero weights for layers."""
    if name == "score":
        return next(iter(views.offered("score", experiment, scene.columns)))
    if name == "layers":
        return "near_zero"
    if name not in ("loss", "objective", "norms", *views.offered("answers", experiment), *_weights(experiment)):
        raise RegdashError(f"These settings have no chart called {name}.")
    return name


def _weights(experiment: Experiment) -> Mapping[str, str]:
    return views.offered("weights", experiment)


def _setting(found: Found, name: str) -> Setting:
    return Setting(found.lesson.experiments[name], found.lesson.seeds)


def _called(draw: Callable[[Theme], Drawing], label: str, theme: Theme, *, running: bool) -> Drawing:
    """A drawing with the name of its setting behind the title; `running` shows what otherwise waits in the legend."""
    drawn = draw(theme)
    if running:
        drawn = replace(drawn, traces=[{**trace, "visible": True} for trace in drawn.traces])
    return _with_title(drawn, f"{drawn.plain_layout['meta']['title']}: {label}")


def _titled(draw: Callable[[Theme], Drawing], title: str, theme: Theme) -> Drawing:
    return _with_title(draw(theme), title[:LONGEST_TITLE])


def _with_title(drawn: Drawing, title: str) -> Drawing:
    """The drawing under a title of the lesson's, in which nothing is left that an export could take for markup."""
    layout = dict(drawn.plain_layout)
    layout["meta"] = {**layout["meta"], "title": title.replace("<", "‹").replace(">", "›")}
    return replace(drawn, plain_layout=layout)
