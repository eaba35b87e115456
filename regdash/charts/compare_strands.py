"""How the curves of a comparison become traces, and what is said of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from regdash.charts.compare_columns import Part, Strand
from regdash.charts.compare_marks import colour_of, dash_of, entry, said, uid_of
from regdash.charts.group import Curve
from regdash.charts.lines import BAND_OPACITY, bands, line
from regdash.charts.theme import PALETTES, Stroke, Theme, rgba
from regdash.comparison import Place

FEW = 4  # so many settings have a band about their training curve as well, and one label with all values
MANY = 8  # with more a sentence for each would be too long
ON_A_LINE, IN_A_BAND = 5_000, 1_200  # points of all settings together
TRAIN = "1px,3px"


@dataclass(frozen=True)
class Way:
    """How strands are drawn: every run with `members`, no band below `floor`, `keep` an index per place.

    `suffix` is the unit behind values, `settings` how many there are in all (0 for those drawn) in how many
    `panels`, `axes` those of this panel.
    """

    members: bool = False
    floor: float | None = None
    keep: Mapping[int, int] = field(default_factory=dict)
    suffix: str = ""
    legend: bool = True
    settings: int = 0
    panels: int = 1
    axes: Mapping[str, Any] = field(default_factory=dict)


def traces_of(strands: Sequence[Strand], theme: Theme, way: Way) -> list[dict[str, Any]]:
    """All bands (or runs) first, then the means above them."""
    drawn = [strand for strand in strands if strand.parts]
    count = way.settings or len(drawn)
    areas = [area for strand in drawn for area in _areas(strand, theme, way, count)]
    return areas + [mean for strand in drawn for mean in _means(strand, theme, way, count)]


def missing(strands: Sequence[Strand], theme: Theme) -> list[dict[str, Any]]:
    """Entries of the legend for settings without a curve, which say why."""
    return [
        entry(
            f"{said(strand.name)} ({strand.missing})",
            {"color": colour_of(strand.place, theme), "width": 2.2, "dash": dash_of(strand.place)},
            uid=uid_of("setting", strand.name),
            opacity=0.5,
        )
        for strand in strands
        if strand.missing
    ]


def key(strands: Sequence[Strand], theme: Theme) -> list[dict[str, Any]]:
    """What solid and dotted mean, once for all settings."""
    if not any(len(strand.parts) > 1 for strand in strands):
        return []
    quiet = PALETTES[theme].quiet
    return [
        entry("validation", {"color": quiet, "width": 2.2}, uid="key validation"),
        entry("train", {"color": quiet, "width": 1.4, "dash": TRAIN}, uid="key train"),
    ]


def log_epochs(epochs: int) -> dict[str, Any]:
    """An epoch axis in powers of ten that says so."""
    ticks = [float(f"{digit}e{power}") for power in range(5) for digit in (1, 2, 5)]
    axis = {"title": {"text": "epoch, log scale"}, "type": "log", "tickvals": ticks, "uirevision": "log"}
    axis |= {"ticktext": [f"{tick:g}" for tick in ticks], "unifiedhovertitle": {"text": "epoch %{x}"}}
    return axis | ({"range": [-0.02, float(np.log10(1.03 * epochs))]} if epochs > 1 else {})


def axis_words(axis: str, smoothing: float, log: bool = False) -> str:
    """The title of an axis with what was done to it."""
    return axis + (f", smoothed {smoothing:g}" if smoothing else "") + (", log scale" if log else "")


def nothing(strands: Sequence[Strand], otherwise: str) -> str:
    """Why a chart is empty."""
    if all(strand.missing == "not trained yet" for strand in strands):
        return otherwise
    return "; ".join(f"{said(strand.name)} {strand.missing}" for strand in strands[:3]) + "."


def range_said(title: str, strands: Sequence[Strand], unit: str) -> str:
    """The ends of many curves in one sentence."""
    ends = [(strand.parts[-1].mean.last, strand.name) for strand in strands]
    low, high = min(ends), max(ends)
    part = f" {strands[0].parts[-1].name}".rstrip()
    return (
        f"{title} of {len(strands)} settings: at the end{part} is lowest, {low[0]:.3g}{unit}, for {low[1]} and "
        f"highest, {high[0]:.3g}{unit}, for {high[1]}."
    )


def run_name(place: Place, folded: bool) -> str:
    """The name of a run: its seed, and its fold where there are some."""
    return f"seed {place[0]}, fold {place[1]}" if folded else f"seed {place[0]}"


def _stroke(strand: Strand, part: Part) -> Stroke:
    """Training is thin and dotted where there is validation beside it."""
    return Stroke(dash_of(strand.place), 2.2) if part is strand.parts[-1] else Stroke(TRAIN, 1.4)


def _titled(strand: Strand, part: Part) -> str:
    return f"{said(strand.name)}, {part.name}" if part.name else said(strand.name)


def _areas(strand: Strand, theme: Theme, way: Way, settings: int) -> list[dict[str, Any]]:
    """Bands, of the training curves too where there are few settings; or every run as a thin line."""
    if way.members:
        return [trace for part in strand.parts for trace in _runs(strand, part, theme, way, settings)]
    parts = strand.parts if settings <= FEW else strand.parts[-1:]
    most, opacity = min(120, max(40, IN_A_BAND // settings // way.panels)), BAND_OPACITY / (2 if settings > MANY else 1)
    colour, shared = colour_of(strand.place, theme), {"legendgroup": uid_of("setting", strand.name)} | dict(way.axes)
    return [
        band | {"uid": _uid(strand, part, way, "band"), "fillcolor": rgba(colour, opacity)} | shared
        for part in parts
        for band in bands(part.mean, _titled(strand, part), colour, floor=way.floor, most=most)
    ]


def _runs(strand: Strand, part: Part, theme: Theme, way: Way, settings: int) -> list[dict[str, Any]]:
    stroke, folded = _stroke(strand, part), len({fold for (_, fold), _ in part.runs}) > 1
    most = min(200, max(60, ON_A_LINE // settings // len(part.runs) // way.panels))
    shared: dict[str, Any] = {
        "legendgroup": uid_of("setting", strand.name),
        "opacity": 0.45,
        "showlegend": False,
        "mode": "lines",
    }
    return [
        line(
            Curve(run, run, run, 1),
            f"{_titled(strand, part)}, {run_name(place, folded)}",
            colour_of(strand.place, theme),
            Stroke(stroke.dash, 0.8),
            suffix=way.suffix,
            most=most,
            uid=_uid(strand, part, way, f"{place[0]}-{place[1]}"),
            **shared,
            **way.axes,
        )
        for place, run in part.runs
    ]


def _means(strand: Strand, theme: Theme, way: Way, settings: int) -> list[dict[str, Any]]:
    """The means, and the setting's entry in the legend, which shows and hides all of its marks."""
    main, most = strand.parts[-1], min(500, max(100, ON_A_LINE // settings // way.panels))
    group, colour = uid_of("setting", strand.name), colour_of(strand.place, theme)
    stroke = _stroke(strand, main)
    named = entry(said(strand.name), {"color": colour, "width": stroke.width, "dash": stroke.dash}, uid=group)
    means = [
        line(
            part.mean,
            _titled(strand, part),
            colour,
            _stroke(strand, part),
            interval=part is main and not way.members,
            keep=[way.keep.get(strand.place, 0)],
            most=most,
            suffix=way.suffix,
            uid=_uid(strand, part, way, "mean"),
            legendgroup=group,
            showlegend=False,
            **way.axes,
        )
        for part in strand.parts
    ]
    return [named, *means] if way.legend else means


def _uid(strand: Strand, part: Part, way: Way, kind: str) -> str:
    return f"{uid_of(part.name or 'whole', strand.name)}-{kind}-{way.axes.get('xaxis', '')}"
