"""The charts; each reads plain numbers from runs and draws them, in that order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from regdash.charts.boundary import alt_boundary, draw_boundary, read_boundary
from regdash.charts.calibration import alt_calibration, draw_calibration, read_calibration
from regdash.charts.coefficients import alt_coefficients, draw_coefficients, read_coefficients
from regdash.charts.compare_boundaries import (
    alt_compare_boundaries,
    draw_compare_boundaries,
    read_compare_boundaries,
)
from regdash.charts.compare_coefficients import (
    alt_coefficient_path,
    draw_coefficient_path,
    read_coefficient_path,
)
from regdash.charts.compare_confusion import alt_compare_confusion, draw_compare_confusion, read_compare_confusion
from regdash.charts.compare_curves import alt_curves, draw_curves, read_curves
from regdash.charts.compare_final import alt_compare_final, draw_compare_final, read_compare_final
from regdash.charts.compare_fit import alt_compare_fit, draw_compare_fit, read_compare_fit
from regdash.charts.compare_norms import alt_compare_norms, draw_compare_norms, read_compare_norms
from regdash.charts.compare_ridges import alt_compare_ridges, draw_compare_ridges, read_compare_ridges
from regdash.charts.compare_sweep import alt_sweep, draw_sweep, read_sweep
from regdash.charts.confusion import alt_confusion, draw_confusion, read_confusion
from regdash.charts.fit import alt_fit, draw_fit, read_fit
from regdash.charts.group import Group
from regdash.charts.histogram import alt_histogram, draw_histogram, read_histogram
from regdash.charts.layers import alt_layers, draw_layers, read_layers
from regdash.charts.loss import alt_loss, draw_loss, read_loss
from regdash.charts.norms import alt_norms, draw_norms, read_norms
from regdash.charts.objective import alt_objective, draw_objective, read_objective
from regdash.charts.predict_choice import alt_predict_choice, draw_predict_choice, read_predict_choice
from regdash.charts.predict_crowd import alt_predict_crowd, draw_predict_crowd, read_predict_crowd
from regdash.charts.predict_number import alt_predict_number, draw_predict_number, read_predict_number
from regdash.charts.predict_sketch import alt_predict_sketch, draw_predict_sketch, read_predict_sketch
from regdash.charts.room import alt_room, draw_room, read_room
from regdash.charts.score import alt_score, draw_score, read_score
from regdash.charts.search_heat_map import alt_heat_map, draw_heat_map, read_heat_map
from regdash.charts.search_history import alt_history, draw_history, read_history
from regdash.charts.search_parallel import alt_parallel, draw_parallel, read_parallel
from regdash.charts.search_path import alt_path, draw_path, read_path
from regdash.charts.search_path_coefficients import alt_path_coefficients, draw_path_coefficients
from regdash.charts.search_path_weights import alt_path_weights, draw_path_weights
from regdash.charts.search_slices import alt_slices, draw_slices, read_slices
from regdash.charts.theme import Theme


@dataclass(frozen=True)
class Chart:
    """One chart: `read` turns runs into numbers, `draw` numbers into a figure, `alt` numbers into a sentence."""

    name: str
    read: Callable[..., Any]
    draw: Callable[..., Any]
    alt: Callable[[Any], str]


CURVES = (
    Chart("loss", read_loss, draw_loss, alt_loss),
    Chart("score", read_score, draw_score, alt_score),
    Chart("norms", read_norms, draw_norms, alt_norms),
    Chart("layers", read_layers, draw_layers, alt_layers),
    Chart("objective", read_objective, draw_objective, alt_objective),
)
"""Charts over epochs: they read groups of runs and are live while training."""

ANSWERS = (
    Chart("confusion", read_confusion, draw_confusion, alt_confusion),
    Chart("fit", read_fit, draw_fit, alt_fit),
    Chart("calibration", read_calibration, draw_calibration, alt_calibration),
    Chart("histogram", read_histogram, draw_histogram, alt_histogram),
    Chart("coefficients", read_coefficients, draw_coefficients, alt_coefficients),
)
"""Charts of what a network has become and answers in the end: they read finished records."""

CHARTS = (
    *CURVES,
    Chart("boundary", read_boundary, draw_boundary, alt_boundary),
    *ANSWERS,
    Chart("room", read_room, draw_room, alt_room),
)

SEARCHES = (
    Chart("search-heat-map", read_heat_map, draw_heat_map, alt_heat_map),
    Chart("search-path", read_path, draw_path, alt_path),
    Chart("search-path-weights", read_path, draw_path_weights, alt_path_weights),
    Chart("search-path-coefficients", read_path, draw_path_coefficients, alt_path_coefficients),
    Chart("search-parallel", read_parallel, draw_parallel, alt_parallel),
    Chart("search-slices", read_slices, draw_slices, alt_slices),
    Chart("search-history", read_history, draw_history, alt_history),
)
"""Charts of a search: they read a plan and its trials."""

COMPARISONS = (
    Chart("compare-curves", read_curves, draw_curves, alt_curves),
    Chart("compare-norms", read_compare_norms, draw_compare_norms, alt_compare_norms),
    Chart("compare-boundaries", read_compare_boundaries, draw_compare_boundaries, alt_compare_boundaries),
    Chart("compare-confusion", read_compare_confusion, draw_compare_confusion, alt_compare_confusion),
    Chart("compare-fit", read_compare_fit, draw_compare_fit, alt_compare_fit),
    Chart("compare-ridges", read_compare_ridges, draw_compare_ridges, alt_compare_ridges),
    Chart("compare-final", read_compare_final, draw_compare_final, alt_compare_final),
)
"""Charts of settings side by side: they read the series of a comparison."""

SWEEPS = (
    Chart("compare-sweep", read_sweep, draw_sweep, alt_sweep),
    Chart("compare-coefficients", read_coefficient_path, draw_coefficient_path, alt_coefficient_path),
)
"""Charts of one setting varied: they read numbers of its runs."""

PREDICTIONS = (
    Chart("predict-choice", read_predict_choice, draw_predict_choice, alt_predict_choice),
    Chart("predict-number", read_predict_number, draw_predict_number, alt_predict_number),
    Chart("predict-sketch", read_predict_sketch, draw_predict_sketch, alt_predict_sketch),
    Chart("predict-crowd", read_predict_crowd, draw_predict_crowd, alt_predict_crowd),
)
"""Charts of lessons: what was predicted and what the runs say."""

__all__ = ["ANSWERS", "CHARTS", "COMPARISONS", "CURVES", "PREDICTIONS", "SEARCHES", "SWEEPS", "Chart", "Group", "Theme"]
