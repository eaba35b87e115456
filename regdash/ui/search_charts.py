"""The charts of a search as their cards need them."""

from regdash.charts.search_heat_map import alt_heat_map, draw_heat_map, read_heat_map
from regdash.charts.search_history import alt_history, draw_history, read_history
from regdash.charts.search_importance import alt_importance, draw_importance, read_importance
from regdash.charts.search_parallel import ParallelData, alt_parallel, draw_parallel, read_parallel
from regdash.charts.search_path import PathData, alt_path, draw_path, read_path
from regdash.charts.search_path_coefficients import alt_path_coefficients, draw_path_coefficients
from regdash.charts.search_path_weights import alt_path_weights, draw_path_weights
from regdash.charts.search_slices import alt_slices, draw_slices, read_slices
from regdash.charts.theme import Theme
from regdash.jobs.searches import SearchView
from regdash.search.choosing import best, one_standard_error
from regdash.search.importance import importance
from regdash.ui.chart_card import card_data
from regdash.ui.kept import kept

HEIGHT, MIDDLE = 430, 300


def heat_map(view: SearchView, theme: Theme, x: str, y: str) -> bytes:
    """Two settings against each other."""
    found = read_heat_map(view.plan, view.trials, x, y)
    return card_data(draw_heat_map(found, theme), HEIGHT, alt_heat_map(found), theme=theme, clicks=True)


def linear(view: SearchView) -> bool:
    """Whether the network has coefficients that can be drawn one by one."""
    return any(each.outcome is not None and each.outcome.coefficients for each in view.trials)


def path(view: SearchView, theme: Theme, along: str) -> bytes:
    """Training and validation error against one setting."""
    found = _path(view, along)
    return card_data(draw_path(found, theme), MIDDLE, alt_path(found), theme=theme, clicks=True)


def path_weights(view: SearchView, theme: Theme, along: str) -> bytes:
    """The norm of the weights and the share of those near zero against one setting."""
    found = _path(view, along)
    return card_data(draw_path_weights(found, theme), MIDDLE, alt_path_weights(found), theme=theme, clicks=True)


def path_coefficients(view: SearchView, theme: Theme, along: str) -> bytes:
    """Each coefficient of a linear network against one setting."""
    found = _path(view, along)
    drawn = draw_path_coefficients(found, theme)
    return card_data(drawn, MIDDLE, alt_path_coefficients(found), theme=theme, clicks=True)


def lines(view: SearchView) -> ParallelData:
    """Every trial with its places on all axes."""
    return kept(("search lines", view.id, view.version), lambda: read_parallel(view.plan, view.trials))


def parallel(view: SearchView, theme: Theme, brushes: tuple[tuple[str, tuple[float, float]], ...]) -> bytes:
    """Every trial as a line through all settings; those outside a brush are grey."""
    found, inside = lines(view), dict(brushes)
    drawn = draw_parallel(found, theme, brushes=inside)
    return card_data(drawn, HEIGHT, alt_parallel(found, inside), theme=theme, clicks=True)


def slices(view: SearchView, theme: Theme) -> bytes:
    """The score against each setting."""
    found = read_slices(view.plan, view.trials)
    return card_data(draw_slices(found, theme), found.height, alt_slices(found), theme=theme, clicks=True)


def history(view: SearchView, theme: Theme) -> bytes:
    """The score of each trial in the order of their numbers."""
    found = read_history(view.plan, view.trials)
    return card_data(draw_history(found, theme), HEIGHT, alt_history(found), theme=theme, clicks=True)


def importances(view: SearchView, theme: Theme, method: str) -> bytes:
    """Which settings matter."""
    found = read_importance(view.plan, importance(view.plan, view.trials, method))
    return card_data(draw_importance(found, theme), HEIGHT, alt_importance(found), theme=theme)


def _path(view: SearchView, along: str) -> PathData:
    """The path with the best and the one-standard-error choice marked."""
    first, choice = best(view.plan, view.trials), one_standard_error(view.plan, view.trials)
    chosen = choice.trial.number if choice is not None and first is not None and choice.trial != first else None
    return read_path(view.plan, view.trials, along, first.number if first else None, chosen)
