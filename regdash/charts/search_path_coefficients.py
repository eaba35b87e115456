"""Each coefficient of a linear network against one searched strength, beside scikit-learn's own path."""

from typing import Any

import numpy as np

from regdash.charts.coefficients import LAYERS, MOST_COLOURED
from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain, shown
from regdash.charts.search_path import PathData, upright
from regdash.charts.search_peer import Peer
from regdash.charts.search_track import Track
from regdash.charts.theme import PALETTES, Palette, Theme, empty, figure, rgba
from regdash.intervals import Array

NAME, TITLE = "search-path-coefficients", "Coefficients"
MOST_GREY = 60
DASHES = ("solid", "10px,3px", "7px,3px,2px,3px")  # none looks like the dots of scikit-learn


def draw_path_coefficients(data: PathData, theme: Theme) -> Drawing:
    """Draw a line per coefficient, the largest in colour; dots are what scikit-learn finds, where it applies."""
    if data.track is None or not data.names:
        return empty(theme, NAME, data.title(TITLE), data.problem or LAYERS)
    colours, order = PALETTES[theme], _order(data)
    largest, others = order[:MOST_COLOURED], order[MOST_COLOURED : MOST_COLOURED + MOST_GREY]
    traces = [_grey(data, data.track, others, colours)] if others else []
    for place, number in enumerate(largest):
        colour = colours.classes[place % len(colours.classes)]
        dash = DASHES[place // len(colours.classes) % len(DASHES)]
        traces += _lines(data, data.track, number, colour, dash)
    if data.peer is not None:
        traces.append(_theirs(data.peer, data.track, largest, colours))
    side = {"orientation": "v", "x": 1.02, "y": 1, "yanchor": "top", "font": {"size": 10, "color": colours.quiet}}
    return figure(
        theme,
        NAME,
        data.title(TITLE),
        traces,
        xaxis=data.track.scale.axis(),
        yaxis={"title": {"text": "coefficient"}, "zeroline": True, "zerolinecolor": colours.quiet},
        shapes=upright(data, data.track, colours),
        legend=side,
        hovermode="closest",
    )


def alt_path_coefficients(data: PathData) -> str:
    """What the chart shows, for people who do not see it."""
    if data.track is None or not data.names:
        return f"{data.title(TITLE)}: {data.problem or LAYERS}"
    first = data.coefficients[0]
    largest = ", ".join(f"{data.names[number]} {first[number]:.3g}" for number in _order(data)[:3])
    beside = f" Dots show scikit-learn's {data.peer.name}." if data.peer else ""
    return (
        f"{data.title(TITLE)}: {len(data.names)} coefficients of a linear network; at the weakest strength the largest "
        f"are {largest}.{beside}"
    )


def _order(data: PathData) -> list[int]:
    """The coefficients from the one that is largest anywhere on the path."""
    found: list[int] = np.argsort(-np.abs(data.coefficients).max(axis=0), kind="stable").tolist()
    return found


def _lines(data: PathData, track: Track, number: int, colour: str, dash: str) -> list[dict[str, Any]]:
    name, values = plain(data.names[number]), data.coefficients[:, number]
    inside, apart = np.flatnonzero(~track.off), np.flatnonzero(track.off)
    lines = "lines" if len(inside) > 1 and not track.scale.choices else "markers"
    shared = {"type": "scatter", "name": name, "legendgroup": name, "hoverinfo": "text"}
    return [
        shared
        | {
            "mode": mode,
            "uid": f"{name} {mode} {number}",
            "showlegend": bool(len(inside)) == (turns is inside),
            "x": shown(track.places[turns]),
            "y": shown(values[turns]),
            "line": {"color": colour, "width": 1.8, "dash": dash},
            "marker": {"color": colour, "size": 6, "symbol": symbol},
            "customdata": [[track.numbers[turn]] for turn in turns],
            "hovertext": [f"{name} {values[turn]:.3g}<br>{track.settings[turn]}" for turn in turns],
        }
        for turns, mode, symbol in ((inside, lines, "circle"), (apart, "markers", "circle-dot"))
        if len(turns)
    ]


def _theirs(peer: Peer, track: Track, numbers: list[int], colours: Palette) -> dict[str, Any]:
    """scikit-learn's path of the coloured coefficients as one dotted trace, with a gap after each."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "uid": "scikit-learn",
        "name": f"scikit-learn {peer.name}",
        "x": [x for _ in numbers for x in (*_with_off(peer, track, peer.places, track.scale.off), None)],
        "y": [y for number in numbers for y in (*_values(peer, number), None)],
        "line": {"color": colours.text, "width": 1.2, "dash": "2px,4px"},
        "marker": {
            "size": _sizes(peer, len(numbers)),
            "symbol": "line-ew",
            "line": {"width": 1.4, "color": colours.text},
        },
        "hoverinfo": "skip",
    }


def _with_off(peer: Peer, track: Track, places: Array, off: float | None) -> list[float | None]:
    return shown(places) if peer.at_off is None or off is None else [*shown([off]), None, *shown(places)]


def _values(peer: Peer, number: int) -> list[float | None]:
    path = shown(peer.values[:, number])
    return path if peer.at_off is None else [*shown(peer.at_off[[number]]), None, *path]


def _sizes(peer: Peer, lines: int) -> list[int]:
    """Only "off" is a mark of its own; on the way the dots are enough."""
    each = [0] * (len(peer.places) + 1) if peer.at_off is None else [9, 0, *[0] * (len(peer.places) + 1)]
    return each * lines


def _grey(data: PathData, track: Track, numbers: list[int], colours: Palette) -> dict[str, Any]:
    """The smaller coefficients as one trace."""
    inside = np.flatnonzero(~track.off)
    steps = shown(track.places[inside])
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": "smaller",
        "name": f"{len(data.names) - MOST_COLOURED} smaller",
        "x": [x for _ in numbers for x in (*steps, None)],
        "y": [y for number in numbers for y in (*shown(data.coefficients[inside, number]), None)],
        "line": {"color": rgba(colours.quiet, 0.35), "width": 1},
        "hoverinfo": "skip",
    }
