"""The charts of a search as pictures."""

from collections.abc import Callable
from functools import partial

from regdash.charts.drawing import Drawing
from regdash.charts.search_heat_map import alt_heat_map, draw_heat_map, read_heat_map
from regdash.charts.search_history import alt_history, draw_history, read_history
from regdash.charts.search_importance import alt_importance, draw_importance, read_importance
from regdash.charts.search_parallel import ParallelData, alt_parallel, draw_parallel, read_parallel
from regdash.charts.search_path import PathData, alt_path, draw_path, read_path
from regdash.charts.search_path_coefficients import alt_path_coefficients, draw_path_coefficients
from regdash.charts.search_path_weights import alt_path_weights, draw_path_weights
from regdash.charts.search_slices import alt_slices, draw_slices, read_slices
from regdash.export.captions import caption
from regdash.jobs.searches import SearchView
from regdash.repeats import Setting
from regdash.search.choosing import best, one_standard_error
from regdash.search.importance import importance
from regdash.ui.kept import kept
from regdash.ui.picture import Picture
from regdash.ui.search_words import counted, repeats, title

HEIGHT, MIDDLE = 430, 300


def heat_map(view: SearchView, x: str, y: str) -> Picture:
    """Two settings against each other."""
    found = read_heat_map(view.plan, view.trials, x, y)
    return _picture(view, "heat-map", partial(draw_heat_map, found), HEIGHT, alt_heat_map(found))


def linear(view: SearchView) -> bool:
    """Whether the network has coefficients that can be drawn one by one."""
    return any(each.outcome is not None and each.outcome.coefficients for each in view.trials)


def path(view: SearchView, along: str) -> Picture:
    """Training and validation error against one setting."""
    found = _path(view, along)
    return _picture(view, "path", partial(draw_path, found), MIDDLE, alt_path(found))


def path_weights(view: SearchView, along: str) -> Picture:
    """The norm of the weights and the share of those near zero against one setting."""
    found = _path(view, along)
    return _picture(view, "path-weights", partial(draw_path_weights, found), MIDDLE, alt_path_weights(found))


def path_coefficients(view: SearchView, along: str) -> Picture:
    """Each coefficient of a linear network against one setting."""
    found = _path(view, along)
    drawn = partial(draw_path_coefficients, found)
    return _picture(view, "path-coefficients", drawn, MIDDLE, alt_path_coefficients(found))


def lines(view: SearchView) -> ParallelData:
    """Every trial with its places on all axes."""
    return kept(("search lines", view.id, view.version), lambda: read_parallel(view.plan, view.trials))


def parallel(view: SearchView, brushes: tuple[tuple[str, tuple[float, float]], ...]) -> Picture:
    """Every trial as a line through all settings; those outside a brush are grey."""
    found, inside = lines(view), dict(brushes)
    drawn = partial(draw_parallel, found, brushes=inside)
    return _picture(view, "parallel", drawn, HEIGHT, alt_parallel(found, inside))


def slices(view: SearchView) -> Picture:
    """The score against each setting."""
    found = read_slices(view.plan, view.trials)
    return _picture(view, "slices", partial(draw_slices, found), found.height, alt_slices(found))


def history(view: SearchView) -> Picture:
    """The score of each trial in the order of their numbers."""
    found = read_history(view.plan, view.trials)
    return _picture(view, "history", partial(draw_history, found), HEIGHT, alt_history(found))


def importances(view: SearchView, method: str) -> Picture:
    """Which settings matter."""
    found = read_importance(view.plan, importance(view.plan, view.trials, method))
    return _picture(view, "importance", partial(draw_importance, found), HEIGHT, alt_importance(found))


def _picture(view: SearchView, name: str, drawn: Callable[..., Drawing], height: int, alt: str) -> Picture:
    """A chart of a search with what was searched, and its best trial as what the export of experiments holds."""
    plan, first = view.plan, best(view.plan, view.trials)
    settings = (Setting(plan.experiment(first.values), plan.objective.seeds),) if first is not None else ()
    told = counted(sum(each.told for each in view.trials), "trial")
    words = ", ".join(filter(None, (f"{title(plan)}: {told}", repeats(plan.objective))))
    words = f"{words}. Around: {caption({'': Setting(plan.space.base, 1)})}"
    return Picture(f"search-{name}", drawn, alt, height, words, settings)


def _path(view: SearchView, along: str) -> PathData:
    """The path with the best and the one-standard-error choice marked."""
    first, choice = best(view.plan, view.trials), one_standard_error(view.plan, view.trials)
    chosen = choice.trial.number if choice is not None and first is not None and choice.trial != first else None
    return read_path(view.plan, view.trials, along, first.number if first else None, chosen)
