"""Every trial as a line through all searched settings to its score, and which of them a brush keeps.

Plotly's own parallel coordinates need WebGL and scripts made on the fly, which the pages forbid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain
from regdash.charts.search_axes import Scale, labels_of, scale_of, spaced_ticks
from regdash.charts.search_scores import FAILED, GOLDEN, NOTHING, ORDERED, Scores, scores_of
from regdash.charts.theme import PALETTES, Palette, Theme, empty, figure, rgba
from regdash.intervals import Array
from regdash.search import Plan, Trial

NAME, TITLE = "search-parallel", "Parallel coordinates"
SCORE = "score"  # the last axis among the paths
MOST_LINES = 1_000
SHARES = (1.0, 0.5, 0.25, 0.1, 0.04, 0.015)  # of all lines: the part that each colour begins with
MANY = 100  # lines, beyond which those of one choice stand beside each other
SPREAD = 0.25  # of the distance to the next choice
MOST_TICKS = 5
LONGEST = 11
NARROWEST = 0.01  # of an axis, that a brush covers
Brushes = Mapping[str, tuple[float, float]]
"""What is kept on brushed axes: path (or "score") -> lowest and highest place, as shares of the axis from 0 to 1."""


@dataclass(frozen=True)
class ParallelData:
    """Trials [T], the worst first, with their places [T, A] on all axes as shares; the last axis is the score."""

    paths: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    ticks: tuple[tuple[tuple[float, str], ...], ...] = ()
    numbers: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    shares: Array = field(default_factory=lambda: np.zeros((0, 0)))
    left_out: int = 0
    problem: str = NOTHING

    @property
    def title(self) -> str:
        """What stands above the chart."""
        return f"{TITLE} of the best {len(self.numbers):,} trials" if self.left_out else TITLE


def read_parallel(plan: Plan, trials: Sequence[Trial]) -> ParallelData:
    """The places of all trials that have a score on the axes of the searched settings and of the score, best on top."""
    scores = scores_of(plan, trials)
    if not len(scores.good):
        return ParallelData(problem=FAILED if len(scores.failed) else NOTHING)
    order = sorted(scores.good.tolist(), key=lambda turn: scores.better * scores.mean[turn])
    kept = order[-MOST_LINES:]
    scales = [scale_of(plan.space, each.path) for each in plan.space.dimensions]
    columns = [_places(scale, [scores.trials[turn].values[scale.path] for turn in kept]) for scale in scales]
    columns.append(_heights(scores, scores.mean[kept]).tolist())
    return ParallelData(
        (*(scale.path for scale in scales), SCORE),
        (*labels_of(plan.space).values(), scores.axis),
        (*(_shared(scale) for scale in scales), _score_ticks(scores)),
        tuple(scores.trials[turn].number for turn in kept),
        tuple(scores.word(turn) for turn in kept),
        np.array(columns).T.round(4),
        len(order) - len(kept),
        "",
    )


def kept(data: ParallelData, brushes: Brushes) -> tuple[int, ...]:
    """The numbers of the trials that lie inside all brushes, the best first."""
    return tuple(number for number, inside in zip(data.numbers, _inside(data, brushes), strict=True) if inside)[::-1]


def brushed(
    data: ParallelData, brushes: Brushes, x: Sequence[float], y: Sequence[float]
) -> dict[str, tuple[float, float]]:
    """The brushes after a box was drawn over the chart from x[0] to x[1] and y[0] to y[1]: on each axis inside it."""
    low, high = (min(max(float(end), 0.0), 1.0) for end in (min(y), max(y)))
    if high - low < NARROWEST:
        return dict(brushes)
    inside = [path for turn, path in enumerate(data.paths) if min(x) <= turn <= max(x)]
    return {**brushes, **dict.fromkeys(inside, (low, high))}


def best_part(data: ParallelData, share: float) -> dict[str, tuple[float, float]]:
    """The brush that keeps about this share of the trials, the best ones; equally good ones go together."""
    if not data.numbers:
        return {}
    first = len(data.numbers) - max(1, round(share * len(data.numbers)))
    return {SCORE: (float(data.shares[first, -1]), 1.0)}


def draw_parallel(data: ParallelData, theme: Theme, *, brushes: Brushes | None = None) -> Drawing:
    """Draw a line per trial, the better the stronger its colour; those outside a brush are grey.

    A box that is drawn over axes selects there; the page keeps what `brushed` makes of it.
    """
    if data.problem:
        return empty(theme, NAME, data.title, data.problem)
    colours, inside = PALETTES[theme], _inside(data, brushes or {})
    last = len(data.paths) - 1
    traces = [_lines(data, np.flatnonzero(~inside), "left out", rgba(colours.quiet, 0.13), 0.8)]
    for group, turns in enumerate(_groups(np.flatnonzero(inside))):
        colour = rgba(_shade(group / (len(SHARES) - 1), theme), _opacity(len(turns)))
        traces.append(_lines(data, turns, f"quality {group + 1}", colour, 0.9 + 0.15 * group))
    best = np.flatnonzero(inside)[-1:]
    traces.append(_lines(data, best, "best", colours.runs["baseline"], 2.6))
    labels = ["<br>".join(wrap(plain(label), LONGEST)) for label in data.labels]
    return figure(
        theme,
        NAME,
        data.title,
        [*(trace for trace in traces if trace["x"]), _written(data, colours)],
        xaxis={
            "side": "top",
            "range": [-0.15, last + 0.45],
            "tickvals": list(range(last + 1)),
            "ticktext": labels,
            "showline": False,
            "ticks": "",
            "fixedrange": True,
        },
        yaxis={"range": [-0.05, 1.05], "visible": False, "fixedrange": True},
        shapes=[*_uprights(data, colours), *_brushes(data, brushes or {}, colours)],
        showlegend=False,
        hovermode="closest",
        dragmode="select",
        selectdirection="any",
        newselection={"line": {"color": colours.runs["baseline"], "width": 1}},
        selections=[],
        selectionrevision=str(sorted((brushes or {}).items())),  # the box goes once its brush is drawn
    )


def alt_parallel(data: ParallelData, brushes: Brushes | None = None) -> str:
    """What the chart shows, for people who do not see it."""
    if data.problem:
        return f"{TITLE}: {data.problem}"
    left = f" {len(kept(data, brushes))} of them lie inside the brushes." if brushes else ""
    axes = ", ".join(data.labels)
    return f"{data.title}: {len(data.numbers)} trials as lines over {axes}; the best has {data.words[-1]}.{left}"


def _places(scale: Scale, values: Sequence[Any]) -> list[float]:
    """Shares of an axis; of many lines those of one choice a little beside each other."""
    found = np.array([scale.share(value) for value in values])
    if scale.choices and len(scale.choices) > 1 and len(values) > MANY:
        aside = (np.arange(len(values)) * GOLDEN) % 1 - 0.5
        found = np.clip(found + SPREAD * aside / (len(scale.choices) - 1), 0, 1)
    places: list[float] = found.tolist()
    return places


def _heights(scores: Scores, means: Array) -> Array:
    """Scores as shares of their axis: the best on top, those beyond the worse end of the window at the bottom."""
    worse, better = scores.window
    found: Array = np.clip((means - worse) / (better - worse), 0, 1)
    return found


def _score_ticks(scores: Scores) -> tuple[tuple[float, str], ...]:
    low, high = sorted(scores.window)
    heights = [float(_heights(scores, np.array([at]))[0]) for at, _ in spaced_ticks(low, high)]
    return tuple((height, word) for height, (_, word) in zip(heights, spaced_ticks(low, high), strict=True))


def _shared(scale: Scale) -> tuple[tuple[float, str], ...]:
    """The ticks of a setting as shares of its axis."""
    low, high = scale.ends
    ticks = scale.written(MOST_TICKS)
    return tuple(((at - low) / (high - low) if high > low else 0.5, word) for at, word in ticks)


def _inside(data: ParallelData, brushes: Brushes) -> Array:
    found = np.ones(len(data.numbers), bool)
    for turn, path in enumerate(data.paths):
        if path in brushes:
            low, high = brushes[path]
            found &= (data.shares[:, turn] >= low - 1e-9) & (data.shares[:, turn] <= high + 1e-9)
    return found


def _groups(turns: Array) -> list[Array]:
    """Lines, the worst first, in groups of rising quality; the better a group the smaller, so that it stands out."""
    starts = [len(turns) - round(share * len(turns)) for share in SHARES]
    return [turns[start:end] for start, end in zip(starts, [*starts[1:], len(turns)], strict=True)]


def _opacity(lines: int) -> float:
    return min(1.0, max(0.25, 60 / max(lines, 1)))


def _lines(data: ParallelData, turns: Array, name: str, colour: str, width: float) -> dict[str, Any]:
    """The lines of some trials as one trace, with a gap after each."""
    axes = [*range(len(data.paths)), None]
    hidden = name in ("left out", "best")
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": name,
        "name": name,
        "x": axes * len(turns),
        "y": [y for turn in turns for y in (*data.shares[turn].tolist(), None)],
        "line": {"color": colour, "width": width, "simplify": False},
        "customdata": None if hidden else [[data.numbers[turn]] for turn in turns for _ in axes],
        "hovertemplate": None if hidden else "trial %{customdata[0]}<extra></extra>",
        "hoverinfo": "skip" if hidden else None,
    }


def _shade(share: float, theme: Theme) -> str:
    """The colour of a quality between the ends of the scale."""
    low, high = ORDERED[theme][0][1], ORDERED[theme][-1][1]
    parts = [(int(low[k : k + 2], 16), int(high[k : k + 2], 16)) for k in (1, 3, 5)]
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in parts)


def _written(data: ParallelData, colours: Palette) -> dict[str, Any]:
    """What is written on the axes, as one trace."""
    places = [(turn, at, word) for turn, ticks in enumerate(data.ticks) for at, word in ticks]
    halo = f"0 0 3px {colours.paper}, 0 0 3px {colours.paper}, 0 0 2px {colours.paper}"
    return {
        "type": "scatter",
        "mode": "text",
        "uid": "written",
        "name": "axes",
        "x": [turn for turn, _, _ in places],
        "y": [round(at, 4) for _, at, _ in places],
        "text": [f" {plain(word)}" for _, _, word in places],
        "textposition": "middle right",
        "textfont": {"size": 10, "color": colours.text, "shadow": halo},
        "unselected": {"textfont": {"color": colours.text}},  # a box selects brushes, not words
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _uprights(data: ParallelData, colours: Palette) -> list[dict[str, Any]]:
    line = {"color": colours.quiet, "width": 1}
    ends = [{"x0": turn, "x1": turn} for turn in range(len(data.paths))]
    return [{"type": "line", "y0": 0, "y1": 1, "line": line} | each for each in ends]


def _brushes(data: ParallelData, brushes: Brushes, colours: Palette) -> list[dict[str, Any]]:
    """A broad bar on each brushed axis."""
    fill = {"fillcolor": rgba(colours.runs["baseline"], 0.35), "line": {"width": 0}}
    return [
        {"type": "rect", "x0": turn - 0.05, "x1": turn + 0.05, "y0": brushes[path][0], "y1": brushes[path][1]} | fill
        for turn, path in enumerate(data.paths)
        if path in brushes
    ]
