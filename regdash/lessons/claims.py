"""Whether the runs of a lesson show what it says that they show."""

import re
from dataclasses import dataclass

from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.lessons.expressions import Array, Evidence, Facts
from regdash.lessons.lesson import Claim, Lesson

SEEDS = 5  # over which claims are checked


@dataclass(frozen=True)
class Checked:
    """A claim after its runs: whether it holds, in how many seeds, and the numbers in a sentence."""

    claim: Claim
    holds: bool
    seeds: int
    of: int
    sentence: str


def needed(lesson: Lesson) -> tuple[Experiment, ...]:
    """Every experiment that a lesson asks for: those of its page first, which its predictions and numbers are of."""
    asked = [
        *lesson.experiments.values(),
        *(each for sweep in lesson.sweeps.values() for each in sweep.experiments),
        *(each for claim in lesson.claims for each in claim.condition.needs),
    ]
    return tuple(dict.fromkeys(asked))


def check_claims(lesson: Lesson, evidence: Evidence, facts: Facts) -> tuple[Checked, ...]:
    """Every claim of a lesson against the runs, in their order."""
    return tuple(_checked(claim, evidence, facts) for claim in lesson.claims)


def _checked(claim: Claim, evidence: Evidence, facts: Facts) -> Checked:
    try:
        truths = claim.condition.holds(evidence, facts)
        sides = [(side.text, side.value(evidence, facts)) for side in claim.condition.sides]
    except RegdashError as error:
        return Checked(claim, False, 0, 0, f"{claim.text}: does not hold ({error})")
    count, total = int(truths.sum()), len(truths)
    if claim.seeds is None:
        holds = claim.condition.holds_on_average(evidence, facts)
        said = "on average" if claim.condition.needs else ""
    else:
        holds, said = count >= claim.seeds, f"in {count} of {total} seeds"
    verdict = f"{'holds' if holds else 'does not hold'} {said}".rstrip()
    numbers = ", ".join(f"{text} = {_written(values)}" for text, values in sides if not _constant(text))
    return Checked(claim, holds, count, total, f"{claim.text}: {verdict}{f' ({numbers})' if numbers else ''}")


def _constant(text: str) -> bool:
    """Whether the text of an expression is a mere number, which need not be said again."""
    return re.fullmatch(r"-?[\d.]+(e-?\d+)?", text) is not None


def _written(values: Array) -> str:
    """The mean, and the values behind it where there are several."""
    if len(values) == 1:
        return f"{values[0]:.4g}"
    return f"{values.mean():.4g} [{' '.join(f'{each:.3g}' for each in values)}]"
