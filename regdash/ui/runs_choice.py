"""Which rows of the Runs page are shown and in what order: pure functions of rows and a choice."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regdash.experiment import Experiment, declaration
from regdash.params import params_of
from regdash.ui.kept import kept
from regdash.ui.runs_figures import Figures, figures
from regdash.ui.runs_rows import STATES, Row

PAGE = 25  # rows on one page
ORIGINS = ("Train page", "Searches")


@dataclass(frozen=True)
class Choice:
    """What the visitor has chosen; empty means everything."""

    text: str = ""
    data: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    regularizers: tuple[str, ...] = ()
    optimizers: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    pinned: bool = False
    path: str = ""  # of the number that is to lie between low and high
    low: float | None = None
    high: float | None = None
    sort: str = "when"
    down: bool = True
    page: int = 0

    @property
    def filters(self) -> int:
        """How many filters are set, the search not counted."""
        several = (self.data, self.networks, self.regularizers, self.optimizers, self.states, self.tags, self.origins)
        ranged = bool(self.path) and (self.low is not None or self.high is not None)
        return sum(map(bool, several)) + self.pinned + ranged


def _figure(name: str) -> Callable[[Row], Any]:
    def value(row: Row) -> float:
        found: Figures | None = figures(row)
        return float(getattr(found, name).mean) if found is not None else math.nan

    return value


SORTS: Mapping[str, tuple[str, Callable[[Row], Any]]] = {
    "when": ("Time", lambda row: row.when),
    "name": ("Name", lambda row: (row.name or row.words).casefold()),
    "state": ("State", lambda row: STATES.index(row.state)),
    "data": ("Data set", lambda row: row.plain.data.label.casefold()),
    "network": ("Network", lambda row: row.plain.network.label.casefold()),
    "loss_best": ("Best validation loss", _figure("loss_best")),
    "loss_last": ("Last validation loss", _figure("loss_last")),
    "score_best": ("Accuracy or R² at the best epoch", _figure("score_best")),
    "score_last": ("Accuracy or R² at the last epoch", _figure("score_last")),
    "epoch": ("Best epoch", lambda row: found.epoch if (found := figures(row)) else math.nan),
    "runs": ("Number of runs", lambda row: row.number),
    "size": ("Size", lambda row: row.size),
}
"""What rows can be put in order by: its words, and the value of a row."""


def chosen(rows: Sequence[Row], choice: Choice) -> list[Row]:
    """The rows that are wanted, in the order that is wanted; what has no figure comes last either way."""
    wanted = [row for row in rows if _wanted(row, choice)]
    value = SORTS.get(choice.sort, SORTS["when"])[1]
    keyed = [(value(row), row) for row in sorted(wanted, key=lambda row: (-row.when, row.key))]
    there = [each for each in keyed if each[0] == each[0]]
    there.sort(key=lambda each: each[0], reverse=choice.down)
    return [row for _, row in there] + [row for found, row in keyed if found != found]


def pages(rows: Sequence[Row], choice: Choice) -> tuple[list[Row], int, int]:
    """The rows of the page that is shown, its number from 0, and how many pages there are."""
    number = max(1, math.ceil(len(rows) / PAGE))
    page = min(max(choice.page, 0), number - 1)
    return list(rows[PAGE * page : PAGE * (page + 1)]), page, number


def numbers(rows: Sequence[Row]) -> dict[str, str]:
    """The settings that are single numbers and vary among the rows, by path, with their labels."""
    keys = tuple(sorted(row.key for row in rows))
    return kept(("runs numbers", keys), lambda: _numbers([row.plain for row in rows]))


def _numbers(experiments: Sequence[Experiment]) -> dict[str, str]:
    seen: dict[str, set[Any]] = {}
    labels: dict[str, str] = {}
    for each in experiments:
        for path, value in each.values.items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                seen.setdefault(path, set()).add(value)
                if path not in labels:
                    labels[path] = _label(each, path)
    return {path: labels[path] for path, values in seen.items() if len(values) > 1}


def _label(experiment: Experiment, path: str) -> str:
    part = experiment.parts[path.partition(".")[0]]
    label = declaration(experiment, path).label
    return label if len(params_of(type(part))) == 1 or label.startswith(part.label) else f"{part.label}: {label}"


def _wanted(row: Row, choice: Choice) -> bool:
    plain = row.plain
    return (
        _any((plain.data.label,), choice.data)
        and _any((plain.network.label,), choice.networks)
        and _any((plain.optimizer.label,), choice.optimizers)
        and _any([each.label for each in plain.regularizers] or ["None"], choice.regularizers)
        and _any(row.states, choice.states)
        and _any(row.tags, choice.tags)
        and _any((ORIGINS[row.searched],), choice.origins)
        and (row.pinned or not choice.pinned)
        and _within(plain, choice)
        and _says(row, choice.text)
    )


def _any(has: Sequence[str], wanted: Sequence[str]) -> bool:
    return not wanted or any(each in wanted for each in has)


def _within(plain: Experiment, choice: Choice) -> bool:
    if not choice.path or (choice.low is None and choice.high is None):
        return True
    value = plain.values.get(choice.path)
    if value is None:
        return False
    low, high = (-math.inf if choice.low is None else choice.low), (math.inf if choice.high is None else choice.high)
    return bool(low <= value <= high)


def _says(row: Row, text: str) -> bool:
    """Whether every word that is looked for stands somewhere in what is said about the row."""
    words = text.casefold().split()
    if not words:
        return True
    note = row.kept.note if row.kept else ""
    said = " ".join((row.name, note, *row.tags, row.words, *row.nicknames, row.state)).casefold()
    return all(word in said for word in words)
