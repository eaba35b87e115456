"""One number of every run of a comparison: each seed a dot, and the mean of a setting with its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regdash.charts.compare_marks import colour_of, entry, uid_of
from regdash.charts.compare_panels import titled
from regdash.charts.compare_strands import run_name
from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain, short, shown
from regdash.charts.theme import PALETTES, Palette, Theme, empty, figure, rgba
from regdash.comparison import MEASURES, Measure, Place, Series, figures
from regdash.intervals import Summary, summary

NAME = "compare-final"
EMPTY = "Add settings to compare; a dot for every run appears here as soon as it has ended."
FEW = 6  # up to so many settings equal seeds are joined
ROW = 34  # px


@dataclass(frozen=True)
class FinalRow:
    """The numbers of one setting by seed and fold, and their mean with its 95 % interval."""

    name: str
    place: int
    values: Mapping[Place, float]
    over: Summary
    rows: Any = None  # the data and split behind the runs: equal seeds are paired where these are equal


@dataclass(frozen=True)
class FinalData:
    """All settings by one measure."""

    rows: tuple[FinalRow, ...]
    measure: Measure

    @property
    def title(self) -> str:
        """What stands above the chart."""
        return self.measure.head

    @property
    def drawn(self) -> tuple[FinalRow, ...]:
        """The settings with a number."""
        return tuple(row for row in self.rows if row.over.n)

    @property
    def height(self) -> int:
        """Pixels with the name of the axis and the legend."""
        return max(200, 90 + ROW * len(self.rows)) if self.drawn else 240

    @property
    def factor(self) -> float:
        """What 1.0 is drawn as: shares are in per cent."""
        return 100.0 if self.measure.share else 1.0


def read_compare_final(series: Sequence[Series], measure: Measure = MEASURES[0]) -> FinalData:
    """The measure of every run that has ended."""
    rows = []
    for place, each in enumerate(series):
        found = figures(each, measure)
        own = each.experiment and (each.experiment.data, each.experiment.split)
        rows.append(FinalRow(each.name, place, found, summary(list(found.values())), own))
    return FinalData(tuple(rows), measure)


def draw_compare_final(data: FinalData, theme: Theme) -> Drawing:
    """Draw a row for each setting, the first on top; with few settings a line joins the runs of equal seeds."""
    if not data.drawn:
        return empty(theme, f"{NAME}-{data.measure.name}", data.title, EMPTY)
    colours, folded = PALETTES[theme], any(fold for row in data.rows for _, fold in row.values)
    traces = [
        *(_joined(data, colours, folded) if len(data.drawn) <= FEW else ()),
        *(_dots(data, row, theme, folded) for row in data.drawn),
        *(_mean(data, row, theme) for row in data.drawn),
        _key("each run", "circle", 6, colours),
        _key("mean and 95 % interval", "diamond", 10, colours),
    ]
    unit = " (%)" if data.measure.share else ""
    yaxis = {
        "tickvals": [row.place for row in data.rows],
        "ticktext": [titled(row.name if row.over.n else f"{row.name} (no result)") for row in data.rows],
        "range": [len(data.rows) - 0.4, -0.6],
        "showgrid": True,
        "tickfont": {"color": colours.text, "size": 12},
    }
    return figure(
        theme,
        f"{NAME}-{data.measure.name}",
        data.title,
        traces,
        xaxis={"title": {"text": f"{data.measure.label}{unit}"}, "showgrid": True, "nticks": 6},
        yaxis=yaxis,
        hovermode="closest",
    )


def alt_compare_final(data: FinalData) -> str:
    """What the chart shows, for people who do not see it."""
    if not data.drawn:
        return f"{data.title}: {EMPTY}"
    return f"{data.title} of each run: " + "; ".join(_said(data, row) for row in data.rows) + "."


def _joined(data: FinalData, colours: Palette, folded: bool) -> list[dict[str, Any]]:
    first = next((row.rows for row in data.drawn if row.rows), None)
    rows = [row for row in data.drawn if row.rows and row.rows == first]
    places = sorted({place for row in rows for place in row.values})
    shared = [place for place in places if sum(place in row.values for row in rows) > 1]
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "uid": f"joined-{place[0]}-{place[1]}",
            "name": "equal seeds" if number == 0 else run_name(place, folded),
            "legendgroup": "equal seeds",
            "showlegend": number == 0,
            "x": shown([data.factor * row.values[place] for row in rows if place in row.values]),
            "y": [row.place for row in rows if place in row.values],
            "line": {"color": rgba(colours.quiet, 0.35), "width": 1},
            "hoverinfo": "skip",
        }
        for number, place in enumerate(shared)
    ]


def _dots(data: FinalData, row: FinalRow, theme: Theme, folded: bool) -> dict[str, Any]:
    colour, places = colour_of(row.place, theme), sorted(row.values)
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": uid_of("runs", row.name),
        "name": f"{plain(short(row.name))}, runs",
        "legendgroup": uid_of("setting", row.name),
        "showlegend": False,
        "x": shown([data.factor * row.values[place] for place in places]),
        "y": [row.place] * len(places),
        "text": [run_name(place, folded) for place in places],
        "marker": {"size": 6, "color": rgba(colour, 0.45), "line": {"color": colour, "width": 1}},
        "hovertemplate": f"%{{x:.3~g}}{_unit(data)} (%{{text}})<extra>{plain(short(row.name))}</extra>",
    }


def _mean(data: FinalData, row: FinalRow, theme: Theme) -> dict[str, Any]:
    colour, over = colour_of(row.place, theme), row.over
    half = data.factor * (over.high - over.mean) if over.n > 1 else 0.0
    between = f"<br>95 % interval {data.factor * over.low:.3g} to {data.factor * over.high:.3g}" if over.n > 1 else ""
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": uid_of("mean", row.name),
        "name": f"{plain(short(row.name))}, mean",
        "showlegend": False,
        "x": shown([data.factor * over.mean]),
        "y": [row.place],
        "error_x": {"type": "data", "array": shown([half]), "thickness": 2, "width": 5, "color": colour}
        | {"visible": half > 0},
        "marker": {
            "symbol": "diamond",
            "size": 10,
            "color": colour,
            "line": {"color": PALETTES[theme].paper, "width": 1},
        },
        "hovertemplate": f"mean of {over.n}: %{{x:.3~g}}{_unit(data)}{between}<extra>{plain(short(row.name))}</extra>",
    }


def _key(name: str, symbol: str, size: int, colours: Palette) -> dict[str, Any]:
    marker = {"symbol": symbol, "size": size, "color": colours.quiet}
    return entry(name, {}, uid=f"key-{symbol}", mode="markers", marker=marker)


def _unit(data: FinalData) -> str:
    return " %" if data.measure.share else ""


def _said(data: FinalData, row: FinalRow) -> str:
    if not row.over.n:
        return f"{row.name} has no result"
    mean, low, high = (data.factor * value for value in (row.over.mean, row.over.low, row.over.high))
    unit = _unit(data)
    return f"{row.name} {mean:.3g}{unit}" + (
        f" (95 % interval {low:.3g} to {high:.3g}{unit}, {row.over.n} runs)" if row.over.n > 1 else ""
    )
