"""Share: the link to what is on the page, the code that puts it into another page, and the link of a lesson."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

import streamlit as st

from regdash.errors import BrokenLink
from regdash.links import (
    MOST_CONTROLS,
    Address,
    Embedding,
    from_address,
    lesson_text,
    to_address,
    to_embedding,
)
from regdash.ui import embed, lesson, room_lesson, session

LEGIBLE = "-,:"  # letters that a link may hold as they are
HEIGHTS = {"low": 320, "high": 1200, "first": 520, "step": 20}  # pixels
THEMES = {"": "The visitor's", "light_theme": "Light", "dark_theme": "Dark"}


def popover(title: str, params: Mapping[str, str], path: str = "") -> None:
    """A button that opens the link to a page with these query parameters, ready to be copied.

    `path` is the page's, such as compare; empty for the Train page.
    """
    st.fragment(_popover)(title, dict(params), path)


def train() -> None:
    """The button of the Train page: the link, the code for another page, and the link of a lesson."""
    st.fragment(_train)(session.draft())


def link(params: Mapping[str, str], path: str = "") -> str:
    """The address of a page with these parameters, as any browser opens it: http://host/base/compare?v=1."""
    return f"{site()}/{path}?{query(params)}"


def query(params: Mapping[str, str]) -> str:
    """The parameters as the end of an address, with as few letters disguised as possible."""
    return urlencode(dict(params), safe=LEGIBLE)


def site() -> str:
    """Where the visitor's browser finds this Regdash, without the page and without a slash at the end."""
    page = urlsplit(st.context.url or "")
    path, title = page.path.rstrip("/"), str(st.session_state.get(session.PAGE, "")).lower()
    path = path.removesuffix(f"/{title}") if title != "train" else path
    return f"{page.scheme}://{page.netloc}{path}" if page.netloc else path


def frame_code(address: Address, embedding: Embedding, height: int, theme: str = "") -> str:
    """The HTML that shows a chart and its controls in another page."""
    source = escape(frame_link(address, embedding, theme))
    return (
        f'<iframe src="{source}"\n  title="Regdash: {escape(lesson.in_words(address))}"\n'
        f'  style="width: 100%; height: {height}px; border: 0" loading="lazy"></iframe>'
    )


def frame_link(address: Address, embedding: Embedding, theme: str = "") -> str:
    """The address of a chart and its controls, for another page to show."""
    shown = {"embed": "true"} | ({"embed_options": theme} if theme else {})
    return link(shown | to_address(address) | to_embedding(embedding))


def refusal(address: Address) -> str:
    """Why whoever gets the link of this lesson could not open it; empty when they can."""
    try:
        from_address(to_address(address))
    except BrokenLink as error:
        return f"This link would not open: {error}."
    return ""


def _popover(title: str, params: dict[str, str], path: str) -> None:
    opened = st.popover("Share", key=f"share-{path or 'settings'}", on_change="rerun", help="A link to what you see.")
    if opened.open:
        with opened:
            st.html(f'<p class="rd-caption">{escape(title)}</p>')
            _copy(link(params, path))


def _train(address: Address) -> None:
    help = "A link, code for a course page, or a lesson."
    opened = st.popover("Share", key="share-train", on_change="rerun", help=help, width="stretch")
    if not opened.open:
        return
    with opened:
        links, frames, lessons = st.tabs(["Link", "Embed", "Lesson"])
        with links:
            st.html(
                '<p class="rd-caption">Whoever opens this link sees the same settings and the same runs: finished ones '
                "at once, others are trained.</p>"
            )
            _copy(link(to_address(address)))
        with frames:
            _frame(address)
        with lessons:
            _lesson(address)


def _frame(address: Address) -> None:
    """The choices for a chart in another page, and its code."""
    st.html('<p class="rd-caption">One chart and its controls for a course page or a blog.</p>')
    charts, names = embed.titles(address.experiment), lesson.fixable_here(address.experiment)
    offered = [name for name in names if embed.movable(name, address.experiment)]
    chart = st.selectbox("Chart", tuple(charts), format_func=charts.__getitem__, **_kept("share-chart"))
    controls = st.multiselect(
        "Controls",
        offered,
        ["dropout.rate"] if "dropout.rate" in offered else [],
        max_selections=MOST_CONTROLS,
        format_func=lambda name: names.get(name, name),
        help="What readers can move. All other settings stay as they are and are told below the chart.",
        **_kept("share-controls"),
    )
    left, right = st.columns(2, gap="small")
    theme = left.selectbox("Colours", tuple(THEMES), format_func=THEMES.__getitem__, **_kept("share-theme"))
    height = right.number_input(
        "Height (px)", HEIGHTS["low"], HEIGHTS["high"], HEIGHTS["first"], HEIGHTS["step"], **_kept("share-height")
    )
    words = st.toggle("Say in words what the curves show", **_kept("share-verdict"))
    embedding = Embedding(chart, tuple(controls), words)
    _copy(frame_code(address, embedding, height, theme))
    st.link_button("Preview", frame_link(address, embedding, theme))


def _lesson(address: Address) -> None:
    """What a lesson fixes and says, and its link."""
    st.html('<p class="rd-caption">A link that begins from your present settings and fixes some of them.</p>')
    names = lesson.fixable_here(address.experiment)
    locked, hidden = (
        st.multiselect(
            label,
            tuple(names),
            [name for name in before if name in names],
            format_func=lambda name: names.get(name, name),
            placeholder="Nothing",
            help=help,
            **_kept(f"share-{label.lower()}"),
        )
        for label, before, help in (
            ("Lock", address.locked, "Seen and not movable."),
            ("Hide", address.hidden, "Not seen; what they are set to can still be read."),
        )
    )
    text = room_lesson.text_area(address.text, "share-text")
    given = replace(address, locked=tuple(locked), hidden=tuple(hidden), text=text)
    refused = refusal(given)
    if refused:
        st.html(f'<p class="rd-fault" role="alert">{escape(refused)}</p>')
        return
    wanted = replace(given, text=lesson_text(text))
    _copy(link(to_address(wanted)))
    st.link_button("Preview", link(to_address(wanted)), disabled=not wanted.teaches)


def _copy(text: str) -> None:
    """A field that copies itself at a click."""
    st.code(text, language=None, wrap_lines=True)


def _kept(key: str) -> dict[str, Any]:
    """The key of a widget whose choice outlives the closing of the popover."""
    return {"key": key, "persist_state": "page"}
