"""A question with choices: for each of them in how many seeds it is what the runs say, and the reader's pick."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.charts.drawing import Drawing
from regdash.charts.predict_marks import (
    GUESS,
    LETTERS,
    RUNS,
    above,
    bars,
    behind,
    guess_key,
    middles,
    pixel_axis,
    rows,
    seeds,
    words,
    wrapped,
)
from regdash.charts.theme import PALETTES, Theme, empty, figure

NAME = "predict-choice"
EMPTY = "Nothing to choose from: the question has no answers."
AROUND = 90  # px of legend and axis

Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Chosen:
    """A question with its answers, and for each seed [S] whether an answer holds; None: it holds when no other does."""

    texts: tuple[str, ...]
    holds: tuple[Truths | None, ...]
    picked: int | None = None


@dataclass(frozen=True)
class ChoiceData:
    """In how many `of` the seeds each answer holds; `of` is 1 where nothing depends on runs."""

    texts: tuple[str, ...]
    counts: tuple[int, ...]
    of: int
    picked: int | None

    @property
    def right(self) -> int | None:
        """The answer that holds most often; None when none holds in any seed."""
        most = max(self.counts, default=0)
        return self.counts.index(most) if most else None

    @property
    def height(self) -> int:
        """Pixels with legend and axis."""
        return int(AROUND + sum(rows(self.texts))) if self.texts else 200


def read_predict_choice(given: Chosen | Sequence[Any]) -> ChoiceData:
    """Count the seeds for each answer; the one that holds otherwise holds in those seeds where no other does."""
    if not isinstance(given, Chosen) or not given.texts:
        return ChoiceData((), (), 1, None)
    known = np.broadcast_arrays(np.zeros(1, bool), *(each for each in given.holds if each is not None))
    of = len(known[0])
    otherwise = ~np.logical_or.reduce(known)
    counts = tuple(int(np.broadcast_to(otherwise if each is None else each, of).sum()) for each in given.holds)
    return ChoiceData(given.texts, counts, of, given.picked)


def draw_predict_choice(data: ChoiceData, theme: Theme) -> Drawing:
    """Draw a bar for each answer below its words; a diamond stands at the one that was picked."""
    if not data.texts:
        return empty(theme, NAME, RUNS, EMPTY)
    notes = [_words(data, place, theme) for place in range(len(data.texts))]
    notes += [_count(data, place, theme) for place in range(len(data.texts))]
    hover = [[words(text), seeds(count, data.of)] for text, count in zip(data.texts, data.counts, strict=True)]
    holding = bars(
        data.counts,
        data.texts,
        theme,
        uid="seeds",
        name="seeds in which it holds" if data.of > 1 else "what holds",
        showlegend=True,
        customdata=hover,
        hovertemplate="%{customdata[0]}: %{customdata[1]}<extra></extra>",
    )
    traces = [holding]
    if data.picked is not None:
        traces += [_pick(middles(data.texts)[data.picked], theme), guess_key(theme)]
    ticks = {"tickvals": list(range(data.of + 1))} if data.of <= 10 else {"nticks": 6}
    xaxis = {"title": {"text": "seeds"}, "range": [-0.03 * data.of, 1.35 * data.of], **ticks}
    return figure(
        theme,
        NAME,
        RUNS if data.picked is not None else _title(data.of),
        traces,
        xaxis=xaxis if data.of > 1 else xaxis | {"visible": False},
        yaxis=pixel_axis(data.texts),
        annotations=notes,
        hovermode="closest",
        bargap=0,
    )


def alt_predict_choice(data: ChoiceData) -> str:
    """What the chart shows, for people who do not see it."""
    if not data.texts:
        return EMPTY
    each = [f"“{text}” {seeds(n, data.of)}" for text, n in zip(data.texts, data.counts, strict=True)]
    pick = f" Your prediction was “{data.texts[data.picked]}”." if data.picked is not None else ""
    return f"{_title(data.of)}: {'; '.join(each)}.{pick}"


def _title(of: int) -> str:
    return "What the runs say" if of > 1 else "What is so"


def _words(data: ChoiceData, place: int, theme: Theme) -> dict[str, Any]:
    text = wrapped(data.texts[place], LETTERS)
    return above(f"<b>{text}</b>" if place == data.right else text, data.texts, place, theme)


def _count(data: ChoiceData, place: int, theme: Theme) -> dict[str, Any]:
    note = behind(seeds(data.counts[place], data.of), data.counts[place], data.texts, place, theme)
    return note | {"xshift": 12} if place == data.picked and not data.counts[place] else note


def _pick(bar: float, theme: Theme) -> dict[str, Any]:
    marker = {"symbol": "diamond", "size": 11, "color": PALETTES[theme].runs["baseline"]}
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": "prediction",
        "name": GUESS,
        "showlegend": False,
        "x": [0],
        "y": [bar],
        "marker": marker,
        "cliponaxis": False,
        "hovertemplate": f"{GUESS}<extra></extra>",
    }
