"""How large the weights are, and how many are as good as zero, against one searched strength."""

from regdash.charts.drawing import Drawing
from regdash.charts.search_path import PathData, upright
from regdash.charts.search_track import along
from regdash.charts.theme import PALETTES, STROKES, Theme, empty, figure

NAME, TITLE = "search-path-weights", "Weights"


def draw_path_weights(data: PathData, theme: Theme) -> Drawing:
    """Draw sqrt(sum of w²) above and the share of weights near zero below it, on the same axis."""
    if data.track is None:
        return empty(theme, NAME, data.title(TITLE), data.problem)
    colours = PALETTES[theme]
    colour, stroke = colours.runs["current"], STROKES["current", "validation"]
    traces = along(data.track, data.figures["norm"], "weight norm", colour, stroke, showlegend=False)
    strip = {"yaxis": "y2", "showlegend": False}
    traces += along(data.track, data.figures["near_zero"], "near 0 (%)", colour, stroke, **strip)
    return figure(
        theme,
        NAME,
        data.title(TITLE),
        traces,
        xaxis=data.track.scale.axis() | {"anchor": "y2"},
        yaxis={"title": {"text": "√ sum of w²"}, "domain": [0.44, 1], "rangemode": "tozero", "nticks": 5},
        yaxis2={"title": {"text": "near 0 (%)"}, "domain": [0, 0.32], "range": [-4, 104], "tickvals": [0, 50, 100]},
        shapes=upright(data, data.track, colours),
        hovermode="closest",
    )


def alt_path_weights(data: PathData) -> str:
    """What the chart shows, for people who do not see it."""
    if data.track is None:
        return f"{data.title(TITLE)}: {data.problem}"
    norm, near = data.figures["norm"], data.figures["near_zero"]
    return (
        f"{data.title(TITLE)}: from the weakest to the strongest the norm goes from {norm.mean[0]:.3g} to "
        f"{norm.mean[-1]:.3g}, and the share of weights near zero from {near.mean[0]:.3g} % to {near.mean[-1]:.3g} %."
    )
