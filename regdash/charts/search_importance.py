"""Which of the searched settings made the difference: a bar each, with its interval."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.screen import plain, short, shown
from regdash.charts.search_axes import labels_of
from regdash.charts.theme import PALETTES, Theme, empty, figure, rgba
from regdash.intervals import Array
from regdash.search import Plan
from regdash.search.importance import Importance

NAME, TITLE = "search-importance", "Importance"
METHODS: Mapping[str, str] = {"mdi": "random forest, mean decrease of impurity", "ped_anova": "PED-ANOVA"}
LONGEST = 18  # letters of a label


@dataclass(frozen=True)
class ImportanceData:
    """The labels of the settings and their shares [D] with intervals in per cent, the largest first."""

    labels: tuple[str, ...] = ()
    mean: Array = field(default_factory=lambda: np.zeros(0))
    low: Array = field(default_factory=lambda: np.zeros(0))
    high: Array = field(default_factory=lambda: np.zeros(0))
    method: str = ""
    sentence: str = ""

    @property
    def title(self) -> str:
        """What stands above the chart."""
        return f"{TITLE} ({METHODS.get(self.method, self.method)})"


def read_importance(plan: Plan, found: Importance) -> ImportanceData:
    """The shares of a search with the labels of its settings."""
    labels = labels_of(plan.space)
    ordered = sorted(found.shares.items(), key=lambda each: -each[1].mean)
    mean, low, high = (np.array([100 * getattr(s, name) for _, s in ordered]) for name in ("mean", "low", "high"))
    return ImportanceData(tuple(labels[path] for path, _ in ordered), mean, low, high, found.method, found.sentence)


def draw_importance(data: ImportanceData, theme: Theme) -> Drawing:
    """Draw the bars, the largest at the top; while there is nothing to draw the sentence says why."""
    if not data.labels:
        return empty(theme, NAME, data.title, f"{data.sentence.rstrip('.')}.")
    colours, places = PALETTES[theme], list(range(len(data.labels)))
    bars: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "uid": "shares",
        "name": "share",
        "x": shown(data.mean),
        "y": places,
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": shown(data.high - data.mean),
            "arrayminus": shown(data.mean - data.low),
            "color": colours.text,
            "thickness": 1.3,
            "width": 4,
        },
        "marker": {"color": rgba(colours.runs["current"], 0.75)},
        "hovertext": [
            f"{plain(label)}: {mean:.0f} % ({low:.0f} to {high:.0f} %)"
            for label, mean, low, high in zip(data.labels, data.mean, data.low, data.high, strict=True)
        ],
        "hoverinfo": "text",
    }
    names = {"tickvals": places, "ticktext": [plain(short(label, LONGEST)) for label in data.labels]}
    longest = float(np.nanmax([data.mean, data.high]))
    return figure(
        theme,
        NAME,
        data.title,
        [bars],
        xaxis={
            "title": {"text": "share of the differences (%)"},
            "range": [0, 1.04 * max(longest, 1)],
            "showgrid": True,
        },
        yaxis=names | {"range": [len(places) - 0.4, -0.6], "showgrid": False, "ticks": ""},
        hovermode="closest",
    )


def alt_importance(data: ImportanceData) -> str:
    """What the chart shows, for people who do not see it."""
    if not data.labels:
        return f"Importance of settings: {data.sentence.rstrip('.')}."
    shares = ", ".join(f"{label} {mean:.0f} %" for label, mean in zip(data.labels, data.mean, strict=True))
    return f"{data.title}: {shares}. {data.sentence}"
