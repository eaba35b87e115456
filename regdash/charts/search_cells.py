"""Cells along one searched setting: a value each where they are few, else equally wide bins of its range."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from regdash.charts.screen import plain, short
from regdash.charts.search_axes import LONGEST, OFF, Scale, edges_of, scale_of
from regdash.search import Choice, Plan

BINS = 8
MOST_OWN = 12  # values of a whole-numbered range that have a cell each
MOST_TICKS = 9


@dataclass(frozen=True)
class Cells:
    """The cells from left to right: `values` have one each; otherwise `off` comes first, and bins between `edges`."""

    scale: Scale
    values: tuple[Any, ...] = ()
    edges: tuple[float, ...] = ()

    def __len__(self) -> int:
        return len(self.values) or len(self.edges) - 1 + self._before

    @property
    def _before(self) -> int:
        return int(self.scale.off is not None)

    def of(self, value: Any) -> int:
        """The number of the cell of a value, from 0."""
        if self.values:
            return self.values.index(value)
        if self._before and value == self.scale.off_value:
            return 0
        turn = bisect_right(self.edges, self.scale.at(value) + 1e-12) - 1
        return min(max(turn, 0), len(self.edges) - 2) + self._before

    @property
    def words(self) -> tuple[str, ...]:
        """What each cell holds, for people."""
        if self.values:
            return tuple(self.scale.word(value) for value in self.values)
        ends = [self._written(edge) for edge in self.edges]
        between = tuple(f"{low} to {high}" for low, high in pairwise(ends))
        return (*((OFF,) if self._before else ()), *between)

    def axis(self) -> dict[str, Any]:
        """The axis in Plotly's words: cell k reaches from k - 1/2 to k + 1/2; bins are written at their edges."""
        if self.values:
            ticks = [(float(turn), _brief(word)) for turn, word in enumerate(self.words)]
        else:
            ticks = [(turn + self._before - 0.5, self._written(edge)) for turn, edge in enumerate(self.edges)]
        every = -(-len(ticks) // MOST_TICKS) if self.values else 2
        ticks = ticks[::every]
        if self._before and not self.values:
            ticks = [(0.0, OFF), *ticks[1:]]  # the lowest edge would stand on "off"
        return {
            "title": {"text": self.scale.label},
            "range": [-0.5, len(self) - 0.5],
            "autorange": False,
            "tickvals": [at for at, _ in ticks],
            "ticktext": [plain(word) for _, word in ticks],
            "showgrid": False,
            "showline": False,
            "ticks": "",
        }

    def _written(self, edge: float) -> str:
        value = 10.0**edge if self.scale.log else edge
        return f"{value:.2g}" if abs(value) < 10 else f"{value:,.0f}"


def _brief(word: str) -> str:
    """A word that fits beside a cell: three digits of a number, the beginning of a name."""
    try:
        return f"{float(word):.3g}" if len(word) > 6 else word
    except ValueError:
        return short(word, LONGEST)


def cells_of(plan: Plan, path: str, tried: Sequence[Any], bins: int = BINS) -> Cells:
    """The cells for the tried values of one setting.

    A grid's values, choices and few whole numbers have a cell each.
    """
    turn = next(turn for turn, each in enumerate(plan.space.dimensions) if each.path == path)
    dimension, param, scale = plan.space.dimensions[turn], plan.space.params[turn], scale_of(plan.space, path)
    if isinstance(dimension, Choice):
        return Cells(scale, scale.choices)
    axis = plan.space.axes[turn]
    if plan.strategy == "grid" and set(tried) <= set(axis):
        return Cells(scale, axis)
    if param.kind == "integer" and dimension.high - dimension.low < MOST_OWN:
        whole = range(int(dimension.low), int(dimension.high) + 1)
        return Cells(scale, (*((scale.off_value,) if dimension.off else ()), *whole))
    return Cells(scale, (), tuple(edges_of(scale, bins)))
