"""What every page opens with: page settings, style, navigation, the draft from the address, the queue."""

from functools import cache
from html import escape

import streamlit as st

from regdash.charts.theme import PALETTES
from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.jobs.queue import connect as connect_queue
from regdash.settings import settings, site
from regdash.ui import room, session, sign_in, visitor
from regdash.ui.chart_card import chart_theme
from regdash.ui.plotly_js import ensure_plotly_js

PAGES = (
    ("app.py", "Train"),
    ("pages/learn.py", "Learn"),
    ("pages/search.py", "Search"),
    ("pages/compare.py", "Compare"),
    ("pages/runs.py", "Runs"),
    ("pages/class.py", "Class"),
    ("pages/guide.py", "Guide"),
    ("pages/status.py", "Status"),
)


def open_page(title: str) -> Queue:
    """Begin a page: each page is complete by itself, whichever address is opened first."""
    st.set_page_config(f"{title} · Regdash", str(site() / "assets" / "favicon.png"), layout="wide")
    st.html(f"<style>{_colours()}{_style()}</style>")
    queue = connect()
    session.begin()
    st.session_state[session.PAGE] = title
    room.visit(queue)
    session.follow_address()
    if not st.context.is_embedded:
        st.logo(str(site() / "assets" / "logo.svg"), size="large")
    visitor.remember(st.session_state[session.VISITOR])
    for sentence in (_scripts_problem(), queue.warning, st.session_state[session.BROKEN]):
        if sentence:
            st.html(f'<p class="rd-notice" role="status">{escape(sentence)}</p>')
    return queue


def navigation() -> None:
    """The links to the pages."""
    with st.container(horizontal=True, gap="small", key="pages"):
        for path, label in PAGES:
            st.page_link(path, label=label, width="content")


def foot() -> None:
    """What stands last beside every page: signing in and out, where the server offers it."""
    sign_in.draw()


@st.cache_resource(show_spinner=False)
def connect() -> Queue:
    """The queue of this server: one for all sessions."""
    return connect_queue(settings())


def _colours() -> str:
    """The colours of the charts' palette for the rest of the page."""
    palette = PALETTES[chart_theme()]
    named = {"accent": palette.runs["current"], "warn": palette.runs["baseline"]}
    named |= {"quiet": palette.quiet, "line": palette.grid, "on-accent": palette.paper}
    return f":root{{{';'.join(f'--rd-{name}:{colour}' for name, colour in named.items())}}}"


@cache
def _style() -> str:
    return (site() / "assets" / "style.css").read_text(encoding="utf-8")


@cache
def _scripts_problem() -> str:
    """Put the drawing library where the server serves it; a sentence when that fails."""
    try:
        ensure_plotly_js(site() / "static")
    except RegdashError as error:
        return str(error)
    return ""
