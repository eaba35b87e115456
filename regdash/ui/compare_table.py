"""The table of a comparison on the page."""

from html import escape

import streamlit as st

from regdash.comparison import Table, compare_table
from regdash.ui.compare_runs import Lanes
from regdash.ui.kept import kept

CAPTION = "Mean ± half of the 95 % interval over runs, of runs that have ended. "
PLAIN = "All losses without penalty."
PENALISED = "Our own losses are without penalty; those of imported curves hold what their model had."


def table_of(lanes: Lanes) -> Table:
    """The table; made anew only when a run has moved."""
    return kept(("compare table", lanes.stamp), lambda: compare_table(lanes.series))


def draw(lanes: Lanes) -> None:
    """What differs, and the results."""
    table = table_of(lanes)
    st.html(
        kept(("compare table html", lanes.stamp), lambda: html(table, any(each.penalised for each in lanes.series)))
    )


def html(table: Table, penalised: bool = False) -> str:
    """The table as HTML; the region scrolls sideways where it is narrow, also by keyboard."""
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in table.rows
    )
    caption = CAPTION + (PENALISED if penalised else PLAIN)
    return (
        '<section class="rd-scores rd-compare-table" role="region" aria-label="Settings and results" tabindex="0" '
        f'data-testid="rd-compare-table"><table><caption class="rd-caption">{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></section>"
    )
