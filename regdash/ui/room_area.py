"""Everybody's results on the Class page: the chart and the table below it."""

import math
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache, partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from regdash.charts.room import MEASURES, Found, alt_room, draw_room, read_room, varying
from regdash.experiment import Experiment, differences
from regdash.intervals import summary
from regdash.jobs.recent import Recent
from regdash.links import Address
from regdash.repeats import Setting
from regdash.ui import room_results
from regdash.ui.picture import Picture, show_picture
from regdash.ui.room_menu import menu
from regdash.ui.room_results import Results, plain

HEIGHT = 340
ACCURACY = "Accuracy (%)"
SAME = "as in the lesson"
MOST_ROWS = 1_000
FORMULA = tuple("=+-@")  # with which a spreadsheet would begin to calculate


_kept = Recent(256)  # what was worked out for states of rooms, for everybody who looks


def draw(results: Results, given: Address | None, own: str = "") -> None:
    """Draw what was found; `own` is the nickname of who looks."""
    start = plain(given.experiment if given else Experiment())
    data, found = _chosen(results, start)
    settings = _once((results.stamp, data, "varying"), lambda: varying(found)) or {"l2.l2": "L2 strength"}
    left, right = st.columns(2, gap="small", vertical_alignment="bottom")
    with left:
        over = menu("over", "Over", settings, help="The setting on the lower axis.")
    with right:
        names = ("best", "gap", "accuracy" if _has_classes(found, start) else "r2")
        measure = menu("measure", "Compare", {name: MEASURES[name].title for name in names})
    dots = _once((results.stamp, data, over, measure), lambda: read_room(found, over, measure))
    settings = tuple(dict.fromkeys(Setting(each.experiment, 1) for each in found))
    drawn = Picture("room", partial(draw_room, dots, own=own), alt_room(dots), HEIGHT, "", settings)
    show_picture("room", (results.stamp, data, over, measure, own), lambda: drawn)
    moving = f" {results.moving} more wait or train." if results.moving else ""
    moving += f" {results.unread} more are being read." if results.unread else ""
    st.html(f'<p class="rd-caption" data-testid="rd-counted">{escape(room_results.counted(results) + moving)}</p>')
    if found:
        _table(_once((results.stamp, data, start), lambda: table(found, start)))


def _once(what: Hashable, make: Callable[[], Any]) -> Any:
    """What `make` makes, the same for everybody."""
    found = _kept.get(what)
    if found is None:
        found = make()
        _kept.put(what, found)
    return found


def _chosen(results: Results, start: Experiment) -> tuple[str, tuple[Found, ...]]:
    """The results on one data set, since losses on different data do not compare: first those on the lesson's."""
    labels = {each.experiment.data.name: each.experiment.data.label for each in results.found}
    if len(labels) < 2:
        return "", results.found
    first = start.data.name
    ordered = {name: labels[name] for name in sorted(labels, key=lambda name: (name != first, labels[name]))}
    data = menu("data", "Data set", ordered, help="Losses on different data do not compare.")
    return data, tuple(each for each in results.found if each.experiment.data.name == data)


def _has_classes(found: Sequence[Found], start: Experiment) -> bool:
    return bool((found[0].experiment if found else start).data.classes)


def _table(frame: pd.DataFrame) -> None:
    """All results, the best one first."""
    shown, score = frame.head(MOST_ROWS), frame.columns[5]
    st.dataframe(
        shown,
        hide_index=True,
        key="room-table",
        height=min(38 + 35 * len(shown), 38 + 35 * 10),
        column_config={
            "Pupil": st.column_config.TextColumn(width=150),
            "Best validation loss": st.column_config.NumberColumn(format="%.4f", width=140),
            "Differs from the lesson": st.column_config.TextColumn(width="large"),
            score: st.column_config.NumberColumn(format="%.1f" if score == ACCURACY else "%.3f"),
            "Gap": st.column_config.NumberColumn(format="%.4f", help="Validation less training loss, at the end."),
        },
    )


def table(found: Sequence[Found], start: Experiment) -> pd.DataFrame:
    """One row per pupil and setting with the means over its runs, the lowest validation loss first."""
    score, whole = (ACCURACY, 100) if found[0].experiment.data.classes else ("R²", 1)
    rows = [
        {
            "Pupil": defused(each.nickname),
            "Best validation loss": summary(each.best).mean,
            "Differs from the lesson": differing(start, each.experiment),
            "Runs": len(each.best),
            "At epoch": _epochs(each.epochs),
            score: whole * summary(each.score).mean,
            "Gap": summary(each.gap).mean,
        }
        for each in found
    ]
    return pd.DataFrame(rows).sort_values("Best validation loss", kind="stable", ignore_index=True)


def defused(name: str) -> str:
    """A name that no spreadsheet calculates, since the table can be saved from the page too."""
    return f"'{name}" if name.startswith(FORMULA) else name


@lru_cache(maxsize=4_096)
def differing(start: Experiment, experiment: Experiment) -> str:
    """What a setting changes of the lesson, in words."""
    found = [f"{each.label} {each.after}" for each in differences(start, experiment)]
    return "; ".join(found) or SAME


def _epochs(epochs: Sequence[int]) -> str:
    reached = sorted(epoch for epoch in epochs if epoch and math.isfinite(epoch))
    if not reached:
        return "–"
    return f"{reached[0]}" if reached[0] == reached[-1] else f"{reached[0]} to {reached[-1]}"
