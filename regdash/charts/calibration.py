"""Whether answers that a network is 80 % sure of are right in 80 % of the cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.screen import shown
from regdash.charts.theme import PALETTES, STROKES, Palette, Role, Theme, empty, figure, rgba
from regdash.datasets import samples
from regdash.intervals import Array
from regdash.record import RunRecord
from regdash.scores import Calibration, Task, calibration

NAME, TITLE = "calibration", "Calibration"
WAITING = "Shown as soon as a run has ended."
REGRESSION = "Calibration asks how sure a network is of a class; this data set asks for a number."
DIVERGED = "The run diverged before it gave a finite answer. Try a smaller learning rate."
LARGEST, SMALLEST = 16.0, 5.0  # pixels of the marker with all rows, and of one with hardly any


@dataclass(frozen=True)
class CalibrationGroup:
    """The filled bins of one setting: mean probability, share right and share of the rows, [M] each."""

    role: Role
    confidence: Array
    accuracy: Array
    share: Array
    ece: float  # the mean over the seeds of each seed's own
    rows: int
    runs: int

    @property
    def excess(self) -> float:
        """Mean probability - share right over all rows; above 0 the network is surer than it may be."""
        return float((self.share * (self.confidence - self.accuracy)).sum())


@dataclass(frozen=True)
class CalibrationData:
    """The reliability diagrams of the current runs and of the baseline, where there are any."""

    groups: tuple[CalibrationGroup, ...]
    chance: float  # 1 / C, the least probability that the likeliest class can have
    problem: str = ""


def read_calibration(records: Sequence[RunRecord], baseline: Sequence[RunRecord] = ()) -> CalibrationData:
    """Validation rows by the probability of their likeliest class; the rows of several seeds are put together."""
    if not records:
        return CalibrationData((), 0.0, WAITING)
    experiment = records[0].experiment
    if not experiment.data.classes:
        return CalibrationData((), 0.0, REGRESSION)
    compared = [record for record in baseline if record.experiment.data.classes == experiment.data.classes]
    found = (_read("baseline", compared), _read("current", records))
    groups = tuple(group for group in found if group is not None)
    return CalibrationData(groups, 1 / experiment.data.classes, "" if groups else DIVERGED)


def draw_calibration(data: CalibrationData, theme: Theme) -> Drawing:
    """Draw a marker per bin, the larger the more rows it has; on the line probabilities are what they say."""
    if data.problem:
        return empty(theme, NAME, TITLE, data.problem)
    colours = PALETTES[theme]
    ends = [100 * data.chance, 100.0]
    ideal = {
        "type": "scatter",
        "mode": "lines",
        "uid": "ideal",
        "name": "as sure as right",
        "x": shown(ends),
        "y": shown(ends),
        "line": {"color": colours.quiet, "width": 1.2, "dash": "6px,4px"},
        "hoverinfo": "skip",
    }
    traces = [ideal, *(_trace(group, colours) for group in data.groups)]
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"title": {"text": "how sure (%)"}, "range": [ends[0] - 2, 102], "nticks": 6},
        yaxis={"title": {"text": "right answers (%)"}, "range": [-4, 104], "nticks": 5},
        hovermode="closest",
    )


def alt_calibration(data: CalibrationData) -> str:
    """What the chart shows, for people who do not see it."""
    if data.problem:
        return f"Calibration: {data.problem}"
    return " ".join(_said(group) for group in reversed(data.groups))


def _read(role: Role, records: Sequence[RunRecord]) -> CalibrationGroup | None:
    each = [found for record in records if (found := _binned(record)).count.sum()]
    if not each:
        return None
    counts = np.array([one.count for one in each], float)
    rows = counts.sum(axis=0)
    filled = rows > 0
    sums = (np.nansum(counts * [getattr(one, name) for one in each], axis=0) for name in ("confidence", "accuracy"))
    confidence, accuracy = (total[filled] / rows[filled] for total in sums)
    ece = float(np.mean([one.ece for one in each]))
    total = int(rows.sum())
    return CalibrationGroup(role, confidence, accuracy, rows[filled] / total, ece, total // len(each), len(each))


def _binned(record: RunRecord) -> Calibration:
    rows = samples(record.experiment.data, record.experiment.split)
    task: Task = "binary" if rows.outputs == 1 else "multiclass"
    return calibration(task, record.val_outputs, rows.validation.y)


def _trace(group: CalibrationGroup, colours: Palette) -> dict[str, Any]:
    colour, stroke = colours.runs[group.role], STROKES[group.role, "validation"]
    baseline = group.role == "baseline"
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "uid": group.role,
        "name": f"{group.role}, ECE {100 * group.ece:.1f} %",
        "x": shown(100 * group.confidence),
        "y": shown(100 * group.accuracy),
        "customdata": shown(100 * group.share),
        "line": {"color": rgba(colour, 0.45), "width": stroke.width - 1, "dash": stroke.dash},
        "marker": {
            "color": rgba(colour, 0.0 if baseline else 0.65),
            "line": {"color": colour, "width": 1.3},
            "symbol": "diamond" if baseline else "circle",
            "size": shown(SMALLEST + (LARGEST - SMALLEST) * np.sqrt(group.share)),
        },
        "hovertemplate": "sure %{x:.3~g} %, right %{y:.3~g} %<br>%{customdata:.2~g} % of the rows"
        f"<extra>{group.role}</extra>",
    }


def _said(group: CalibrationGroup) -> str:
    seeds = f" (mean of {group.runs} runs)" if group.runs > 1 else ""
    way = "surer" if group.excess > 0 else "less sure"
    return (
        f"Calibration of the {group.role} on {group.rows} validation rows{seeds}: expected calibration error "
        f"{100 * group.ece:.1f} %; on average {100 * abs(group.excess):.1f} points {way} than right."
    )
