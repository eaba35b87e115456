"""Whether the runs of a lesson show what it says that they show."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.lessons.expressions import Evidence, Facts
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
    """Every experiment that the claims, predictions and numbers of a lesson ask for, those of its charts first."""
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
        values = [side.value(evidence, facts) for side in claim.condition.sides]
    except RegdashError as error:
        return Checked(claim, False, 0, 0, f"{claim.text}: {error}")
    count, total = int(truths.sum()), len(truths)
    if claim.seeds is None:
        holds = claim.condition.holds_on_average(evidence, facts)
        said = "on average"
    else:
        holds, said = count >= claim.seeds, f"in {count} of {total} seeds"
    numbers = ", ".join(f"{side.text} = {_written(v)}" for side, v in zip(claim.condition.sides, values, strict=True))
    return Checked(
        claim, holds, count, total, f"{claim.text}: {'holds' if holds else 'does not hold'} {said} ({numbers})"
    )


def _written(values: Sequence[float]) -> str:
    """The mean, and the values behind it where there are several."""
    found = np.asarray(values, float)
    if len(found) == 1:
        return f"{found[0]:.4g}"
    return f"{found.mean():.4g} [{' '.join(f'{each:.3g}' for each in found)}]"
