"""The browser's side of a chart: a card whose figure is updated in place, never mounted anew."""

import json
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import streamlit as st

from regdash.charts.drawing import Drawing
from regdash.charts.theme import PALETTES, Theme

HERE = Path(__file__).parent
SCRIPTS = ("chart_player.js", "chart_card.js")

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
    figure: Drawing, height: int, alt: str, caption: str = "", player: Any = None, theme: Theme = "light"
) -> bytes:
    """A figure with all that its card needs, as the browser gets it."""
    facts = {
        "alt": alt,
        "caption": caption,
        "height": height,
        "paper": PALETTES[theme].paper,
        "source": plotly_source(_base()),
        "player": player,
    }
    return f'{{"figure":{figure.to_json()},{json.dumps(facts)[1:]}'.encode()


def show(data: bytes, key: str) -> None:
    """Put a card that is ready on the page."""
    _card(data=data, key=key)


@cache
def plotly_source(base: str) -> str:
    """The address of plotly.min.js on this server, below its base path; the version keeps browsers' copies apart."""
    path = base.strip("/")
    return f"{'/' + path if path else ''}/app/static/plotly.min.js?v={version('plotly')}"


def _base() -> str:
    return str(st.get_option("server.baseUrlPath") or "")
