"""The browser's side of a chart: a card whose figure is updated in place, never mounted anew."""

import json
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from math import isfinite
from pathlib import Path
from typing import Any

import streamlit as st

from regdash.charts.drawing import Drawing
from regdash.charts.theme import PALETTES, Theme

HERE = Path(__file__).parent
MOST_NUMBERS = 200  # that one click hands over
SCRIPTS = ("chart_plotly.js", "chart_player.js", "chart_table.js", "chart_card.js")

_card = st.components.v2.component(
    "regdash_chart",
    html=(HERE / "chart_card.html").read_text("utf-8"),
    css=(HERE / "chart_card.css").read_text("utf-8"),
    js="\n".join((HERE / script).read_text("utf-8") for script in SCRIPTS),
    isolate_styles=False,
)


def chart_theme() -> Theme:
    """Whether the visitor sees the light or the dark theme; light as long as that is not known."""
    return "dark" if st.context.theme.type == "dark" else "light"


def chart_card(
    figure: Drawing, key: str, height: int, alt: str, caption: str = "", player: Any = None, theme: Theme | None = None
) -> None:
    """Show a figure in a card. The same key keeps the card, its zoom and its legend choices over updates."""
    show(card_data(figure, height, alt, caption, player, theme or chart_theme()), key)


def card_data(
    figure: Drawing,
    height: int,
    alt: str,
    caption: str = "",
    player: Any = None,
    theme: Theme = "light",
    clicks: bool = False,
    export: bool = False,
) -> bytes:
    """A figure with all that its card needs, as the browser gets it.

    With `clicks` its marks can be clicked; with `export` the card offers the dialog of exports.
    """
    facts = {
        "alt": alt,
        "caption": caption,
        "height": height,
        "paper": PALETTES[theme].paper,
        "source": source(),
        "player": player,
        "clicks": clicks,
        "export": export,
    }
    return f'{{"figure":{figure.to_json()},{json.dumps(facts)[1:]}'.encode()


Box = tuple[float, float, float, float]
"""From x to x and from y to y, in the units of a chart's axes."""


def show(
    data: bytes,
    key: str,
    *,
    clicked: Callable[[tuple[int, ...]], None] | None = None,
    boxed: Callable[[Box], None] | None = None,
    export: Callable[[], None] | None = None,
) -> None:
    """Put a card that is ready on the page.

    A click on a mark hands the numbers that it carries to `clicked`, a box drawn over the chart goes to `boxed`, and
    `export` is called when the visitor wants to export the chart.
    """
    sent = {"clicked": clicked, "boxed": boxed, "export": export}

    def on_click() -> None:
        if clicked is not None:
            clicked(numbers_of(getattr(st.session_state.get(key), "clicked", None)))

    def on_box() -> None:
        box = box_of(getattr(st.session_state.get(key), "boxed", None))
        if boxed is not None and box is not None:
            boxed(box)

    def on_export() -> None:
        if export is not None and getattr(st.session_state.get(key), "export", None):
            export()

    heard: dict[str, Any] = {"clicked": on_click, "boxed": on_box, "export": on_export}
    _card(data=data, key=key, **{f"on_{name}_change": heard[name] for name in heard if sent[name] is not None})


def box_of(sent: Any) -> Box | None:
    """The four ends of a box that a browser says was drawn; None for what is none."""
    right = isinstance(sent, list) and len(sent) == 4 and all(type(end) in (int, float) for end in sent)
    return (sent[0], sent[1], sent[2], sent[3]) if right and all(map(isfinite, sent)) else None


def numbers_of(sent: Any) -> tuple[int, ...]:
    """The numbers that a browser says were clicked; what is no list of whole numbers counts as nothing."""
    listed = sent if isinstance(sent, list) else [sent]
    return tuple(each for each in listed[:MOST_NUMBERS] if isinstance(each, int) and not isinstance(each, bool))


@cache
def plotly_source(base: str) -> str:
    """The address of plotly.min.js on this server, below its base path; the version keeps browsers' copies apart."""
    path = base.strip("/")
    return f"{'/' + path if path else ''}/app/static/plotly.min.js?v={version('plotly')}"


def source() -> str:
    """The address of plotly.min.js for the page that is being drawn."""
    return plotly_source(str(st.get_option("server.baseUrlPath") or ""))
