"""The look of every chart: one palette, two templates built from nothing, one empty state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from textwrap import wrap
from typing import Any, Literal

from regdash.charts.drawing import Drawing

Theme = Literal["light", "dark", "print"]
Role = Literal["current", "baseline"]

FONT = '"Source Sans", "Source Sans Pro", system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif'


@dataclass(frozen=True)
class Palette:
    """The colours of one theme; runs and classes never share a colour."""

    paper: str  # what an exported picture stands on; on a page the card shows through
    text: str
    quiet: str  # axis labels and everything that is not data
    grid: str
    runs: dict[str, str]  # Okabe-Ito: the same run has the same colour in every chart
    classes: tuple[str, ...]  # told apart with red-green and blue-yellow colour blindness as well
    series: tuple[str, ...]  # Okabe-Ito for settings side by side, in their order


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        paper="#ffffff",
        text="#1b2430",
        quiet="#5a6675",
        grid="#e8ebef",
        runs={"current": "#0072B2", "baseline": "#D55E00"},
        classes=("#6A3D9A", "#009E73", "#E69F00", "#4D4D4D", "#56B4E9", "#CC79A7", "#D55E00", "#0072B2"),
        series=("#0072B2", "#D55E00", "#009E73", "#9A5B8F", "#B07A00", "#8B1A1A", "#6A3D9A", "#4D4D4D"),
    ),
    "dark": Palette(
        paper="#151a21",
        text="#e6eaf0",
        quiet="#9aa5b3",
        grid="#29313c",
        runs={"current": "#56B4E9", "baseline": "#E69F00"},
        classes=("#9970D0", "#5FD39A", "#F0E442", "#C9CDD3", "#56B4E9", "#CC79A7", "#D55E00", "#3B8FCC"),
        series=("#56B4E9", "#E69F00", "#5FD39A", "#CC79A7", "#F0E442", "#9970D0", "#FF8A5C", "#C9CDD3"),
    ),
}
PALETTES["print"] = replace(  # on white paper, also without colour: dark lines that dashes tell apart
    PALETTES["light"],
    text="#000000",
    quiet="#333333",
    grid="#d9d9d9",
    series=("#0072B2", "#D55E00", "#009E73", "#9A5B8F", "#000000", "#B07A00", "#8B1A1A", "#6A3D9A"),
)


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn: dash and width tell train from validation and current from baseline without colour."""

    dash: str
    width: float


STROKES: dict[tuple[str, str], Stroke] = {
    ("current", "validation"): Stroke("solid", 2.4),
    ("current", "train"): Stroke("2px,2px", 1.6),
    ("baseline", "validation"): Stroke("8px,3px", 2.0),
    ("baseline", "train"): Stroke("8px,3px,2px,3px", 1.4),
}

SERIES_DASHES = ("solid", "7px,3px", "2px,2px", "8px,3px,2px,3px")  # one further for every round of the colours

LAYER_DASHES = ("solid", "7px,3px", "2px,2px", "8px,3px,2px,3px", "12px,4px")


def rgba(colour: str, alpha: float) -> str:
    """A colour such as #0072B2 with a share of opacity."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


@cache
def template(theme: Theme) -> dict[str, Any]:
    """The light or dark template, built from nothing so that no default of another library shines through."""
    colours = PALETTES[theme]
    axis = {
        "automargin": True,
        "gridcolor": colours.grid,
        "linecolor": colours.grid,
        "zeroline": False,
        "showline": True,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": colours.grid,
        "tickfont": {"color": colours.quiet, "size": 11},
        "title": {"font": {"color": colours.quiet, "size": 12}, "standoff": 8},
    }
    spike = {"spikecolor": colours.quiet, "spikethickness": -1, "spikedash": "solid"}  # below 0: no outline
    layout = {
        "font": {"family": FONT, "size": 12, "color": colours.text},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": list(colours.runs.values()),
        "xaxis": axis | {"showgrid": False} | spike,
        "yaxis": axis | {"nticks": 6},
        "hovermode": "x unified",
        "hoverlabel": {
            "bgcolor": rgba(colours.paper, 0.95),
            "bordercolor": colours.grid,
            "font": {"family": FONT, "size": 12, "color": colours.text},
        },
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.03,
            "yanchor": "bottom",
            "font": {"color": colours.quiet, "size": 12},
            "bgcolor": "rgba(0,0,0,0)",
            "itemwidth": 34,
            "tracegroupgap": 0,
        },
        "margin": {"l": 44, "r": 14, "t": 8, "b": 38, "pad": 0},
        "dragmode": "zoom",
    }
    return {"layout": layout}


def figure(theme: Theme, name: str, title: str, traces: Sequence[dict[str, Any]], **layout: Any) -> Drawing:
    """A chart in the shared look; the card shows `title`, so the figure itself carries it only for exports.

    Zoom and legend choices last as long as a card shows the same chart.
    """
    shared = {"template": template(theme), "uirevision": f"{name}: {title}", "meta": {"name": name, "title": title}}
    return Drawing(tuple(traces), shared | layout)


def empty(theme: Theme, name: str, title: str, sentence: str) -> Drawing:
    """A calm chart without axes that says what to do next."""
    note = {
        "text": "<br>".join(wrap(sentence, 42)),
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "font": {"color": PALETTES[theme].quiet, "size": 13},
    }
    hidden = {"visible": False}
    return figure(theme, name, title, (), annotations=[note], xaxis=hidden, yaxis=hidden)
