"""How large the weights of each layer are in every setting of a comparison."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regdash.charts.compare_columns import Column, Strand, read_strand
from regdash.charts.compare_marks import LEGEND_ROW, legend_height
from regdash.charts.compare_panels import Panels
from regdash.charts.compare_strands import MANY, Way, axis_words, log_epochs, missing, nothing, range_said, traces_of
from regdash.charts.drawing import Drawing
from regdash.charts.layers import layer_name
from regdash.charts.lines import epoch_axis
from regdash.charts.theme import Theme, empty, figure
from regdash.comparison import Series

NAME, TITLE = "compare-norms", "L2 norm of weights by layer"
EMPTY = "Add settings to compare; the norms of their weights appear here as soon as they are trained."
MOST_LAYERS = 7  # with the whole network


@dataclass(frozen=True)
class CompareNormsData:
    """The curves of every setting by layer, "all" (the whole network) first; `left_out` layers are not drawn."""

    layers: tuple[tuple[str, tuple[Strand, ...]], ...]
    strands: tuple[Strand, ...]  # of the whole network: who has any
    smoothing: float
    members: bool
    left_out: int = 0

    @property
    def title(self) -> str:
        """What stands above the chart."""
        return TITLE

    @property
    def panels(self) -> Panels:
        """One panel for each layer; norms of layers differ in size, so each has its own value axis."""
        count = max(1, len(self.layers))
        return Panels(count, min(2, count), 210 if count > 2 else 280, 0.14, own_y=True, lines=1)

    @property
    def height(self) -> int:
        """Pixels that leave room for the legend on a narrow screen."""
        return self.panels.height + LEGEND_ROW + 20 + legend_height([strand.name for strand in self.strands])


def read_compare_norms(series: Sequence[Series], *, smoothing: float = 0.0, members: bool = False) -> CompareNormsData:
    """sqrt(sum of w²) of each layer that any setting has, averaged over its runs."""
    histories = [history for each in series for history in each.histories.values()]
    named = dict.fromkeys(layer for history in histories for layer in history.layers)
    with_all = [history for history in histories if "l2_norm/all" in history]
    alone = len(named) == 1 and all(history.layers for history in with_all)  # then the layer is the whole network
    whole = ["all"] if with_all and not alone else []
    every = [*whole, *named]
    layers = tuple((layer, _strands(series, layer, smoothing)) for layer in every[:MOST_LAYERS])
    drawn = tuple((layer, strands) for layer, strands in layers if any(strand.parts for strand in strands))
    strands = tuple(_together(place, each, [s for _, s in drawn]) for place, each in enumerate(series))
    return CompareNormsData(drawn, strands, smoothing, members, max(0, len(every) - MOST_LAYERS))


def draw_compare_norms(data: CompareNormsData, theme: Theme, *, log_x: bool = False, epochs: int = 0) -> Drawing:
    """Draw a panel for each layer with the epoch axis in common."""
    if not data.layers:
        return empty(theme, NAME, TITLE, nothing(data.strands, EMPTY))
    panels, traces, named = data.panels, list[dict[str, Any]](), set[str]()
    for panel, (_, strands) in enumerate(data.layers):
        for strand in strands:
            shown = strand.name not in named
            way = Way(
                data.members, legend=shown, settings=len(strands), panels=len(data.layers), axes=panels.axes(panel)
            )
            traces += traces_of([strand], theme, way)
            named |= {strand.name} if strand.parts else set()
    x = log_epochs(epochs) if log_x else epoch_axis(epochs)
    y = {"title": {"text": axis_words("√ sum of w²", data.smoothing)}, "rangemode": "tozero", "nticks": 5}
    titles = [_panel_title(data, panel) for panel in range(len(data.layers))]
    traces += missing(data.strands, theme)
    return figure(theme, NAME, TITLE, traces, **panels.layout(x, y, titles, theme), hovermode="closest")


def alt_compare_norms(data: CompareNormsData) -> str:
    """What the chart shows, for people who do not see it."""
    if not data.layers:
        return f"{TITLE}: {nothing(data.strands, EMPTY)}"
    return " ".join(_said(layer, [s for s in strands if s.parts]) for layer, strands in data.layers)


def _strands(series: Sequence[Series], layer: str, smoothing: float) -> tuple[Strand, ...]:
    column = Column(layer, TITLE, "√ sum of w²", "norms", {"": f"l2_norm/{layer}"})
    return tuple(read_strand(each, place, column, smoothing) for place, each in enumerate(series))


def _together(place: int, one: Series, layers: Sequence[Sequence[Strand]]) -> Strand:
    """Whether a setting is drawn anywhere, and why not."""
    own = [strands[place] for strands in layers]
    reason = own[0].missing if own else "has no norms" if one.histories else "not trained yet"
    return Strand(one.name, place, (), "" if any(strand.parts for strand in own) else reason)


def _panel_title(data: CompareNormsData, panel: int) -> str:
    name = layer_name(data.layers[panel][0])
    last = panel == len(data.layers) - 1
    return f"{name} ({data.left_out} more not drawn)" if last and data.left_out else name


def _said(layer: str, strands: Sequence[Strand]) -> str:
    title = f"L2 norm of {layer_name(layer)}"
    if len(strands) > MANY:
        return range_said(title, strands, "")
    return f"{title} at the end: " + ", ".join(f"{s.name} {s.parts[-1].mean.last:.3g}" for s in strands) + "."
