"""The rows themselves: a box to tick, the curves, what it is, how it ended, and its figures."""

import math
from collections.abc import Sequence
from html import escape

import streamlit as st

from regdash.intervals import Summary
from regdash.jobs.queue import Queue
from regdash.ui import runs_details, runs_state
from regdash.ui.chart_card import chart_theme
from regdash.ui.keys import chosen, key_for, moved
from regdash.ui.labels import literal
from regdash.ui.runs_figures import Figures, figures
from regdash.ui.runs_rows import Row
from regdash.ui.runs_times import ago, size
from regdash.ui.thumbnails import thumbnail

MOST_NICKNAMES = 4
ROLES = {"accuracy": "accuracy", "r2": "R²"}


def draw(queue: Queue, rows: Sequence[Row], own: bool) -> None:
    """Draw them; the details of the one that is open stand below it."""
    ticked = set(runs_state.marked())
    for row in rows:
        is_open = row.key == runs_state.opened()
        with st.container(key=f"runs-row-{row.key}", gap=None):
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"runs-line-{row.key}"):
                _box(row, row.key in ticked)
                st.html(html(row), width="stretch")
                st.button(
                    "Close" if is_open else "Details",
                    key=f"runs-open-{row.key}",
                    on_click=runs_state.open_row,
                    args=(row.key,),
                )
            if is_open:
                runs_details.draw(queue, row, own)


def html(row: Row) -> str:
    """A row as HTML; every text of a visitor's is escaped."""
    found = figures(row)
    curves = (found.train, found.validation) if found else ((), ())
    return (
        f'<div class="rd-run" data-testid="rd-run" data-state="{escape(row.state)}">{thumbnail(*curves, chart_theme())}'
        f'<div class="rd-run-what">{_what(row)}</div><div class="rd-run-figures">{_figures(found)}</div>'
        f'<div class="rd-run-when"><strong>{_state(row)}</strong>{_when(row)}</div></div>'
    )


def title(row: Row) -> str:
    """What the visitor calls it, or what it is."""
    return row.name or row.words


def _box(row: Row, ticked: bool) -> None:
    widget = f"runs tick {row.key}"

    def changed() -> None:
        if moved(widget, ticked):
            runs_state.tick(row.key, chosen(widget))

    key = key_for(widget, ticked)
    st.checkbox(_label(row), ticked, key=key, label_visibility="collapsed", on_change=changed)


def _label(row: Row) -> str:
    """What a screen reader says of the box."""
    return f"Choose {literal(title(row))}"


def _what(row: Row) -> str:
    marks = "".join(f'<span class="rd-tag">{escape(tag)}</span>' for tag in row.tags)
    pin = '<span class="rd-tag" data-kind="pin">pinned</span>' if row.pinned else ""
    below = f"<span>{escape(row.words)}</span>" if row.name else ""
    people = row.nicknames[:MOST_NICKNAMES]
    more = f" and {len(row.nicknames) - len(people)} more" if len(row.nicknames) > len(people) else ""
    who = f'<span class="rd-run-who">{escape(", ".join(people) + more)}</span>' if people else ""
    return f"<strong>{escape(title(row))}</strong>{pin}{marks}{below}{who}"


def _state(row: Row) -> str:
    several = len(row.states)
    here = row.states.count(row.state)
    count = f" ({here} of {several})" if here < several else ""
    if row.moving:
        percent = round(100 * row.share)
        bar = (
            f'<span class="rd-run-bar" role="progressbar" aria-label="Training progress" aria-valuemin="0" '
            f'aria-valuemax="100" aria-valuenow="{percent}"><i style="width:{percent}%"></i></span>'
        )
        return f"{escape(row.state)}, {percent} %{bar}"
    if row.state == "failed":
        return f'failed{count}<span class="rd-run-error">{escape(row.error)}</span>'
    return escape(row.state) + count


def _figures(found: Figures | None) -> str:
    if found is None:
        return ""
    name = ROLES[found.measure]
    at = f"best, epoch {found.epoch:.0f}" if found.epoch else "best"
    cells = ((at, found.loss_best, found.score_best), ("last", found.loss_last, found.score_last))
    return "".join(
        f"<div><em>{label}</em> <span>loss {escape(_number(loss))}</span> "
        f"<span>{name} {escape(_score(found.measure, score))}</span></div>"
        for label, loss, score in cells
    )


def _when(row: Row) -> str:
    number = f"{row.number} run" if row.number == 1 else f"{row.number} runs"
    return f"<span>{escape(ago(row.when))}</span><span>{number}, {escape(size(row.size))}</span>"


def _number(found: Summary) -> str:
    if not math.isfinite(found.mean):
        return "–"
    half = found.high - found.mean
    return f"{found.mean:.4g} ± {half:.2g}" if math.isfinite(half) else f"{found.mean:.4g}"


def _score(measure: str, found: Summary) -> str:
    if measure == "r2" or not math.isfinite(found.mean):
        return _number(found)
    half = 100 * (found.high - found.mean)
    return f"{100 * found.mean:.1f} ± {half:.1f} %" if math.isfinite(half) else f"{100 * found.mean:.1f} %"
