"""Which classes the network mixes up on the validation part."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain, short, shown
from regdash.charts.theme import PALETTES, Theme, empty, figure, rgba
from regdash.datasets import samples
from regdash.intervals import Array
from regdash.record import RunRecord

NAME, TITLE = "confusion", "Confusion matrix"
WAITING = "Shown as soon as a run has ended."
REGRESSION = "A confusion matrix needs classes; this data set asks for a number."
LONGEST = 16  # letters of a class name
FEW = 5  # up to here a cell has room for its share under its count


@dataclass(frozen=True)
class ConfusionData:
    """Counts [C, C] (rows: true class, columns: answer), the mean over `runs` seeds, and the share within each row."""

    counts: Array
    shares: Array
    class_names: tuple[str, ...]
    runs: int


def read_confusion(records: Sequence[RunRecord]) -> ConfusionData:
    """Count the answers on the validation rows; a binary network answers with the second class where logit > 0."""
    if not records:
        return ConfusionData(np.zeros((0, 0)), np.zeros((0, 0)), (), 0)
    names = samples(records[0].experiment.data, records[0].experiment.split).class_names
    if not names:
        return ConfusionData(np.zeros((0, 0)), np.zeros((0, 0)), (), len(records))
    counts = np.mean([_counts(record, len(names)) for record in records], axis=0)
    totals = counts.sum(axis=1, keepdims=True)
    return ConfusionData(counts, counts / np.where(totals > 0, totals, 1), names, len(records))


def draw_confusion(data: ConfusionData, theme: Theme) -> Drawing:
    """Draw the matrix: the darker a cell, the larger its share of the true class."""
    if not data.class_names:
        return empty(theme, NAME, TITLE, REGRESSION if data.runs else WAITING)
    colours = PALETTES[theme]
    accent, names = colours.runs["current"], [plain(name) for name in data.class_names]
    cells: dict[str, Any] = {
        "type": "heatmap",
        "z": [shown(row) for row in data.shares],
        "x": names,
        "y": names,
        "zmin": 0,
        "zmax": 1,
        "xgap": 2,
        "ygap": 2,
        "colorscale": [(0, rgba(colours.quiet, 0.07)), (0.001, rgba(accent, 0.12)), (1, rgba(accent, 0.75))],
        "showscale": False,
        "text": _texts(data),
        "texttemplate": "%{text}",
        "textfont": {"color": colours.text, "size": 13 if len(data.class_names) <= FEW else 10},
        "customdata": [shown(row) for row in data.counts],
        "meta": {"z": "share", "customdata": "rows"},
        "hovertemplate": "true %{y}, answered %{x}: %{customdata:.4~g} rows, %{z:.0%} of this class<extra></extra>",
    }
    last = len(data.class_names) - 1  # ranges are given: a reversed autorange is lost when an empty chart stood before
    shared = {
        "type": "category",
        "autorange": False,
        "showgrid": False,
        "showline": False,
        "ticks": "",
        "tickvals": names,
        "ticktext": [plain(short(name, LONGEST)) for name in data.class_names],
    }
    return figure(
        theme,
        NAME,
        TITLE,
        [cells],
        xaxis=shared | {"title": {"text": "answer of the network"}, "range": [-0.5, last + 0.5]},
        yaxis=shared | {"title": {"text": "true class"}, "range": [last + 0.5, -0.5]},
        hovermode="closest",
    )


def alt_confusion(data: ConfusionData) -> str:
    """What the chart shows, for people who do not see it."""
    if not data.class_names:
        return f"Confusion matrix: {REGRESSION if data.runs else WAITING}"
    right = float(np.trace(data.counts) / max(data.counts.sum(), 1))
    seeds = f" (mean of {data.runs} seeds)" if data.runs > 1 else ""
    said = f"Confusion matrix of {len(data.class_names)} classes on the validation part{seeds}: {right:.1%} right"
    wrong = data.counts * (1 - np.eye(len(data.class_names)))
    if not wrong.any():
        return f"{said}."
    true, answer = np.unravel_index(int(wrong.argmax()), wrong.shape)
    pair = data.class_names[int(true)], data.class_names[int(answer)]
    return f"{said}; most often mixed up: {pair[0]} taken for {pair[1]}, {wrong.max():.3g} rows."


def _counts(record: RunRecord, classes: int) -> Array:
    """Rows whose answer is not finite (a run that diverged at once) are not counted."""
    outputs = np.asarray(record.val_outputs, float)
    true = samples(record.experiment.data, record.experiment.split).validation.y.astype(int)
    answered = outputs[:, 0] > 0 if outputs.shape[1] == 1 else outputs.argmax(axis=1)
    finite = np.isfinite(outputs).all(axis=1)
    counts = np.zeros((classes, classes))
    np.add.at(counts, (true[finite], answered[finite].astype(int)), 1)
    return counts


def _texts(data: ConfusionData) -> list[list[str]]:
    small = len(data.class_names) > FEW
    return [
        [
            ("" if small and not count else f"{round(count, 1):g}" if small else f"{count:.4g}<br>{share:.0%}")
            for count, share in zip(counts, shares, strict=True)
        ]
        for counts, shares in zip(data.counts, data.shares, strict=True)
    ]
