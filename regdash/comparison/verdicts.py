"""Which of two settings is better by a measure, and whether that is more than seed noise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from regdash.comparison.measures import MEASURES, Measure, figures
from regdash.comparison.series import Series
from regdash.comparison.verdict_words import Told, sentence_of
from regdash.comparison.welch import Estimate, holm, paired, unpaired
from regdash.intervals import MOST_SEEDS, Change, seeds_to_decide

__all__ = ["MEASURES", "Measure", "Verdict", "against", "all_verdicts", "incomparable", "verdict"]

LEVEL = 0.05


@dataclass(frozen=True)
class Verdict:
    """What the runs of two settings say together; differences are first - second.

    `within_noise` is None where fewer than two runs, or settings that do not compare, leave nothing to judge by.
    `better` is the name of the better setting, empty where that cannot be told. `seeds_needed` is how many seeds of
    each would put 0 outside the interval, were mean and spread to stay; None for more than `intervals.MOST_SEEDS`.
    `p` is the two-sided p-value; `remains` whether the difference remains after Holm's correction over all pairs that
    were looked at together, None where there was a single one.
    """

    first: str
    second: str
    measure: Measure
    change: Change
    paired: bool
    within_noise: bool | None
    better: str
    seeds_needed: int | None
    sentence: str
    p: float = math.nan
    remains: bool | None = None
    incomparable: str = ""


def verdict(first: Series, second: Series, measure: Measure) -> Verdict:
    """Compare two settings: paired by seed and fold where at least two runs share them, else unpaired (Welch)."""
    problem = incomparable(first, second)
    if problem:
        nothing = Change(math.nan, math.nan, math.nan, 0)
        return Verdict(first.name, second.name, measure, nothing, False, None, "", None, problem, incomparable=problem)
    ours, theirs = figures(first, measure), figures(second, measure)
    places = sorted(ours.keys() & theirs.keys()) if _same_rows(first, second) else []
    by_pairs = len(places) >= 2 or (len(places) == 1 and min(len(ours), len(theirs)) == 1)
    if by_pairs:
        differences = [ours[place] - theirs[place] for place in places]
        found = paired(differences, seeds_to_decide(differences))
    else:
        found = unpaired(list(ours.values()), list(theirs.values()))
    needed = _seeds(found, first, second)
    told = Told(first, second, measure, found.change, by_pairs, len(ours), len(theirs), needed)
    within, better = found.change.within_noise, _better(first, second, measure, found.change)
    return Verdict(
        first.name, second.name, measure, found.change, by_pairs, within, better, needed, sentence_of(told), found.p
    )


def all_verdicts(series: Sequence[Series], measure: Measure) -> tuple[Verdict, ...]:
    """Every pair: each setting against those before it, with Holm's correction over all pairs."""
    pairs = [(later, series[at]) for place, later in enumerate(series) for at in range(place)]
    return corrected([verdict(later, earlier, measure) for later, earlier in pairs])


def against(series: Sequence[Series], measure: Measure, reference: int = 0) -> tuple[Verdict, ...]:
    """Every setting against the one at `reference`, with Holm's correction over these pairs."""
    others = [each for at, each in enumerate(series) if at != reference]
    return corrected([verdict(each, series[reference], measure) for each in others])


def corrected(found: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """The same verdicts, each told whether it remains after Holm's correction; a single one is left as it is."""
    if sum(math.isfinite(each.p) for each in found) < 2:
        return tuple(found)
    adjusted = holm([each.p for each in found])
    return tuple(
        replace(each, remains=p < LEVEL) if math.isfinite(p) else each for each, p in zip(found, adjusted, strict=True)
    )


def incomparable(first: Series, second: Series) -> str:
    """Why the two cannot be compared, as a sentence; nothing where they can or where an import hides it."""
    if first.experiment is None or second.experiment is None:
        return ""
    one, two = first.experiment.data, second.experiment.data
    tables = getattr(one, "table", ""), getattr(two, "table", "")
    if type(one) is type(two) and tables[0] == tables[1]:
        return ""
    names = (one.label, two.label) if type(one) is not type(two) else ("one table", "another table")
    return (
        f"{first.name} and {second.name} do not compare: they were trained on different data "
        f"({names[0]} and {names[1]}), and a loss on one says nothing about a loss on the other."
    )


def _same_rows(first: Series, second: Series) -> bool:
    """Whether equal places of the two are the same rows: the same points, split in the same way."""
    if first.experiment is None or second.experiment is None:
        return False
    one, two = (replace(each.experiment.split, fold=0) for each in (first, second) if each.experiment is not None)
    return first.experiment.data == second.experiment.data and one == two


def _better(first: Series, second: Series, measure: Measure, change: Change) -> str:
    if change.within_noise is not False or not measure.better:
        return ""
    return first.name if change.mean * measure.better > 0 else second.name


def _seeds(found: Estimate, first: Series, second: Series) -> int | None:
    """Runs that would decide, as seeds: with folds each seed brings several runs."""
    folds = min(max(1, each.experiment.split.folds) if each.experiment is not None else 1 for each in (first, second))
    needed = found.needed
    seeds = -(-needed // folds) if needed is not None else None
    return seeds if seeds is not None and seeds <= MOST_SEEDS else None
