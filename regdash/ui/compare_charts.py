"""The charts of a comparison: the losses above, and below them the one that the visitor chooses."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from regdash.charts.compare_boundaries import (
    alt_compare_boundaries,
    draw_compare_boundaries,
    read_compare_boundaries,
)
from regdash.charts.compare_columns import COLUMNS, curve_names
from regdash.charts.compare_confusion import alt_compare_confusion, draw_compare_confusion, read_compare_confusion
from regdash.charts.compare_curves import alt_curves, draw_curves, read_curves
from regdash.charts.compare_final import alt_compare_final, draw_compare_final, read_compare_final
from regdash.charts.compare_fit import alt_compare_fit, draw_compare_fit, read_compare_fit
from regdash.charts.compare_norms import alt_compare_norms, draw_compare_norms, read_compare_norms
from regdash.charts.compare_ridges import alt_compare_ridges, draw_compare_ridges, read_compare_ridges, ridge_layers
from regdash.comparison import BY_NAME, Series, offered
from regdash.export.captions import caption
from regdash.links import Comparison
from regdash.ui import compare_state
from regdash.ui.compare_runs import Lanes
from regdash.ui.kept import kept
from regdash.ui.picture import Picture, show_picture

FIRST = "gap"
LAYER = "compare layer"
RIDGES_HELP = (
    "The weights of this layer in the first run of each setting, from the first epoch at the back to the last in "
    "front. Each ridge is scaled to its own highest bin: compare shapes and widths, not heights."
)


@dataclass(frozen=True)
class Detail:
    """A chart that may stand below the losses: its title in the menu, whether there is anything to draw, and how."""

    title: str
    offered: Callable[[Sequence[Series]], bool]
    make: Callable[[Sequence[Series], Comparison], tuple[Callable[..., Any], str, int]]
    stamp: Callable[[Comparison], tuple[Hashable, ...]] = lambda _: ()


def losses(lanes: Lanes) -> None:
    """Training and validation loss of every setting in one chart."""
    _show(lanes, "loss", curve_detail("loss"))


def details(lanes: Lanes) -> None:
    """The chart that the visitor chooses."""
    there = {name: each for name, each in _all(lanes).items() if each.offered(lanes.series)}
    if not there:
        return
    with st.container(key="compare-details", gap="small"):
        name = _choose(lanes.comparison, there)
        if name == "ridges":
            _choose_layer(lanes.series)
        _show(lanes, name, there[name])


def pictures(lanes: Lanes) -> tuple[Picture, ...]:
    """Every chart that the comparison has, for reports."""
    found = {"loss": curve_detail("loss")} | _all(lanes)
    return tuple(_picture(lanes, name, each) for name, each in found.items() if each.offered(lanes.series))


def _all(lanes: Lanes) -> dict[str, Detail]:
    names = kept(("compare curves", lanes.stamp), lambda: curve_names(lanes.series))
    curves = {name: curve_detail(name) for name in names if name not in ("loss", "learning_rate")}
    last = {name: curve_detail(name) for name in names if name == "learning_rate"}
    return curves | DETAILS | last


def _choose(comparison: Comparison, there: Mapping[str, Detail]) -> str:
    key = "compare chart"
    now = comparison.view if comparison.view in there else FIRST if FIRST in there else next(iter(there))
    st.session_state[key] = now

    def chosen() -> None:
        wanted = st.session_state[key] or now
        compare_state.show(replace(compare_state.held(), view=wanted))

    st.segmented_control(
        "Chart",
        list(there),
        key=key,
        format_func=lambda name: there[name].title,
        label_visibility="collapsed",
        on_change=chosen,
    )
    return now


def _choose_layer(series: Sequence[Series]) -> None:
    layers = ridge_layers(series)
    if len(layers) > 1:
        here = _layer(series)
        st.session_state[LAYER] = here
        st.selectbox("Layer", layers, key=LAYER, help=RIDGES_HELP, width=240)


def _layer(series: Sequence[Series]) -> str:
    """The layer that the visitor has chosen, or the first."""
    layers, wanted = ridge_layers(series), st.session_state.get(LAYER)
    return wanted if wanted in layers else next(iter(layers), "")


def _show(lanes: Lanes, name: str, detail: Detail) -> None:
    stamp = (name, lanes.stamp, detail.stamp(lanes.comparison))
    show_picture(f"compare-{'loss' if name == 'loss' else 'detail'}", stamp, lambda: _picture(lanes, name, detail))


def _picture(lanes: Lanes, name: str, detail: Detail) -> Picture:
    draw, alt, height = detail.make(lanes.series, lanes.comparison)
    return Picture(f"compare-{name}", draw, alt, height, caption_of(lanes), lanes.settings)


def caption_of(lanes: Lanes) -> str:
    """Settings and seeds in a line, for exports."""
    own = {lane.series.name: lane.entry.setting for lane in lanes.lanes if lane.entry.setting is not None}
    imported = ", ".join(lane.series.name for lane in lanes.lanes if lane.entry.setting is None)
    return " ".join(filter(None, (caption(own), f"Imported: {imported}." if imported else "")))


def curve_detail(name: str) -> Detail:
    """One of COLUMNS over the epochs, for every setting."""
    return Detail(COLUMNS[name].title, lambda series: True, partial(_curves, name), _curve_stamp)


def _curve_stamp(view: Comparison) -> tuple[Hashable, ...]:
    return (view.smoothing, view.log, view.log_epochs, view.members)


def _curves(name: str, series: Sequence[Series], view: Comparison) -> tuple[Callable[..., Any], str, int]:
    data = read_curves(series, name, smoothing=view.smoothing, members=view.members)
    draw = partial(draw_curves, data, log_y=view.log and name == "loss", log_x=view.log_epochs)
    return draw, alt_curves(data), data.height


def _norms(series: Sequence[Series], view: Comparison) -> tuple[Callable[..., Any], str, int]:
    data = read_compare_norms(series, smoothing=view.smoothing, members=view.members)
    return partial(draw_compare_norms, data, log_x=view.log_epochs), alt_compare_norms(data), data.height


def _final(series: Sequence[Series], view: Comparison) -> tuple[Callable[..., Any], str, int]:
    data = read_compare_final(series, BY_NAME[view.measure] if view.measure else offered(series)[0])
    return partial(draw_compare_final, data), alt_compare_final(data), data.height


def _ridges(series: Sequence[Series], _view: Comparison) -> tuple[Callable[..., Any], str, int]:
    data = read_compare_ridges(series, _layer(series))
    return partial(draw_compare_ridges, data), alt_compare_ridges(data), data.height


def _still(
    read: Callable[..., Any], draw: Callable[..., Any], alt: Callable[[Any], str]
) -> Callable[[Sequence[Series], Comparison], tuple[Callable[..., Any], str, int]]:
    """A chart of what the networks have become, which no smoothing and no axis changes."""

    def made(series: Sequence[Series], _view: Comparison) -> tuple[Callable[..., Any], str, int]:
        data = read(series)
        return partial(draw, data), alt(data), data.height

    return made


def _any_record(what: Callable[[Any], bool]) -> Callable[[Sequence[Series]], bool]:
    return lambda series: any(what(record) for each in series for record in each.records.values())


def _has_norms(series: Sequence[Series]) -> bool:
    return any(name.startswith("l2_norm/") for each in series for h in each.histories.values() for name in h)


DETAILS: dict[str, Detail] = {
    "final": Detail("Every run", _any_record(lambda record: True), _final, lambda view: (view.measure,)),
    "norms": Detail("Weight norms", _has_norms, _norms, _curve_stamp),
    "boundaries": Detail(
        "Boundaries",
        _any_record(lambda record: record.probe is not None and record.experiment.data.classes > 0),
        _still(read_compare_boundaries, draw_compare_boundaries, alt_compare_boundaries),
    ),
    "confusion": Detail(
        "Confusion",
        _any_record(lambda record: record.experiment.data.classes > 0),
        _still(read_compare_confusion, draw_compare_confusion, alt_compare_confusion),
    ),
    "ridges": Detail(
        "Weight histograms",
        _any_record(lambda record: record.snapshots is not None),
        _ridges,
        lambda view: (st.session_state.get(LAYER),),
    ),
    "fit": Detail(
        "Predictions",
        _any_record(lambda record: not record.experiment.data.classes),
        _still(read_compare_fit, draw_compare_fit, alt_compare_fit),
    ),
}
