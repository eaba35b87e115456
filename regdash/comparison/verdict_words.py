"""A verdict as one or two sentences in plain words."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from regdash.comparison.measures import Measure, ended
from regdash.comparison.series import Series
from regdash.intervals import MOST_SEEDS, Change


@dataclass(frozen=True)
class Told:
    """What a sentence is made of: the two settings, their difference first - second, and how it was found.

    `ours` and `theirs` count the runs with a figure; `needed` is how many seeds of each would decide, None for too
    many.
    """

    first: Series
    second: Series
    measure: Measure
    change: Change
    paired: bool
    ours: int
    theirs: int
    needed: int | None


def sentence_of(told: Told) -> str:
    """The verdict in words, what limits it behind it."""
    return " ".join((_finding(told), *_limits(told)))


def _finding(told: Told) -> str:
    first, second, label = told.first.name, told.second.name, told.measure.label
    if not math.isfinite(told.change.mean):
        empty = first if not told.ours else second
        return f"There is no {label} of {empty} yet: it has no finished run with such a curve."
    way = "lower" if told.change.mean < 0 else "higher"
    size = told.measure.written_size(abs(told.change.mean)) + told.measure.unit
    if told.change.within_noise is None:
        return f"{_single(told, way, size)} Train at least 2 seeds of each."
    if told.change.mean == 0 and told.change.low == told.change.high == 0:
        return f"{first} and {second} have the same {label} in all {_runs(told)}."
    if told.change.within_noise:
        given = _between(told, told.change.low, told.change.high)
        return (
            f"{first} and {second} cannot be told apart: on average the {label} of {first} is {size} {way}, "
            f"which is within seed noise ({given}). {_more(told)}"
        )
    ends = sorted((abs(told.change.low), abs(told.change.high)))
    return f"{first} has a {way} {label} than {second} by {size} ({_between(told, *ends)})."


def _single(told: Told, way: str, size: str) -> str:
    label, first, second = told.measure.label, told.first.name, told.second.name
    if told.change.mean == 0:
        return f"{first} and {second} have the same {label}, and a single run cannot tell a difference from seed noise."
    where = "in the one run that both have" if told.paired else "on average"
    return (
        f"The {label} of {first} is {size} {way} than that of {second} {where}; "
        "a single run cannot tell this from seed noise."
    )


def _between(told: Told, low: float, high: float) -> str:
    written = told.measure.written_size
    return f"95 % interval {written(low)} to {written(high)}, {_runs(told)}"


def _runs(told: Told) -> str:
    """5 paired seeds, or 5 and 3 unpaired runs."""
    if told.paired:
        return f"{told.change.count} paired {_word(told)}"
    return f"{told.ours} and {told.theirs} unpaired runs"


def _word(told: Told) -> str:
    """What the pairs differ in."""
    experiment = told.first.experiment
    if experiment is None or experiment.split.folds <= 1:
        return "seeds"
    return "folds" if told.first.seeds == 1 or told.second.seeds == 1 else "runs"


def _more(told: Told) -> str:
    """How many more seeds would decide it."""
    if told.needed is None:
        return f"It would take more than {MOST_SEEDS} seeds to decide: take the two as equal."
    more = max(1, told.needed - min(told.first.seeds, told.second.seeds))
    return f"About {more} more {'seed' if more == 1 else 'seeds'} of each would decide it."


def _limits(told: Told) -> Iterator[str]:
    """What has to be known beside it."""
    first, second = told.first.experiment, told.second.experiment
    if first is None or second is None:
        yield "Imported curves cannot be paired."
        if told.first.penalised or told.second.penalised:
            yield "Keras' own losses hold the penalties."
    elif first.data != second.data:
        yield "The two were trained on points drawn differently, so the difference is also one between the problems."
    elif replace(first.split, fold=0) != replace(second.split, fold=0):
        yield "Their rows are split differently, so their runs cannot be paired."
    if told.paired and first is not None and first.split.folds > 1:
        yield "Folds share training rows, so the interval is somewhat too narrow."
    for each in (told.first, told.second):
        yield from _cut_short(each)


def _cut_short(series: Series) -> Iterator[str]:
    """Runs that did not end by themselves; their figures count as far as they came."""
    for word, said in (("diverged", "diverged"), ("cancelled", "were cancelled")):
        count = sum(record.status.startswith(word) for record in series.records.values())
        if count:
            whole = len(ended(series))
            yield f"{count} of {whole} runs of {series.name} {said}; what they reached before counts."
