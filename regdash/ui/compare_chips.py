"""What is compared, in a row above the charts: line, name and runs of every setting, and what all have in common."""

from html import escape

import streamlit as st

from regdash.charts.theme import Theme
from regdash.ui.chart_card import chart_theme
from regdash.ui.compare_entries import swatch
from regdash.ui.compare_runs import Lane, Lanes
from regdash.ui.compare_table import table_of
from regdash.ui.kept import kept


def draw(lanes: Lanes) -> None:
    """The row as a list."""
    theme = chart_theme()
    stamp = ("compare chips", theme, lanes.comparison.reference, lanes.stamp)
    st.html(kept(stamp, lambda: _html(lanes, theme)))


def _html(lanes: Lanes, theme: Theme) -> str:
    reference = lanes.comparison.reference if len(lanes.lanes) > 1 else -1
    chips = "".join(_chip(at, lane, at == reference, theme) for at, lane in enumerate(lanes.lanes))
    shared = table_of(lanes).shared
    common = f'<p class="rd-caption">All: {escape(shared)}.</p>' if shared and len(lanes.lanes) > 1 else ""
    return f'<ul class="rd-compared" data-testid="rd-compared" aria-label="Settings compared">{chips}</ul>{common}'


def _chip(at: int, lane: Lane, reference: bool, theme: Theme) -> str:
    facts = [lane.entry.setting.repeats or "1 run" if lane.entry.setting else _imported(lane)]
    facts += ["reference"] if reference else []
    facts += ["diverged"] if any(r.status.startswith("diverged") for r in lane.series.records.values()) else []
    words = f"<strong>{escape(lane.series.name)}</strong> <span>{escape(', '.join(facts))}</span>"
    return f"<li>{swatch(at, theme)}{words}</li>"


def _imported(lane: Lane) -> str:
    count = len(lane.series.histories)
    return "not here" if lane.gone else f"imported, {count} {'run' if count == 1 else 'runs'}"
