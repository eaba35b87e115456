"""Whether lessons show what they say: their runs over five seeds, trained together, and every claim about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.lessons.claims import SEEDS, Checked, check_claims, needed
from regdash.lessons.expressions import Evidence, Expression, Facts
from regdash.lessons.facts import facts
from regdash.lessons.lesson import Lesson, Prediction, Text
from regdash.record import RunRecord
from regdash.repeats import Setting, setting_key

Trainer = Callable[[list[Experiment]], Sequence[RunRecord]]


@dataclass(frozen=True)
class Finding:
    """Something that a lesson says, whether it holds, and a sentence with the numbers."""

    line: int
    holds: bool
    sentence: str


@dataclass(frozen=True)
class Report:
    """A lesson after its runs: its claims, its predictions, and the numbers in its text that are none."""

    lesson: Lesson
    claims: tuple[Checked, ...]
    predictions: tuple[Finding, ...]
    values: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was checked, claims first."""
        claims = (Finding(each.claim.line, each.holds, each.sentence) for each in self.claims)
        return (*claims, *self.predictions, *self.values)

    @property
    def holds(self) -> bool:
        return all(each.holds for each in self.findings)


def runs_of(lessons: Sequence[Lesson]) -> list[Experiment]:
    """Every run that the check of these lessons needs, each once."""
    settings = dict.fromkeys(each for lesson in lessons for each in needed(lesson))
    return list(dict.fromkeys(member for each in settings for member in Setting(each, SEEDS).members))


def check_lessons(lessons: Sequence[Lesson], train: Trainer) -> tuple[Report, ...]:
    """A report for each lesson; `train` gets the runs of all of them at once."""
    runs = runs_of(lessons)
    evidence = evidence_of(train(runs) if runs else ())
    return tuple(check_lesson(lesson, evidence) for lesson in lessons)


def evidence_of(records: Sequence[RunRecord]) -> Evidence:
    """The runs of each setting among these, in their order."""
    found: dict[str, list[RunRecord]] = {}
    for record in records:
        found.setdefault(setting_key(record.experiment), []).append(record)

    def evidence(experiment: Experiment) -> Sequence[RunRecord]:
        return found[setting_key(experiment)]

    return evidence


def check_lesson(lesson: Lesson, evidence: Evidence, asked: Facts = facts) -> Report:
    """Everything that a lesson says, held against finished runs over all seeds."""
    predictions = [_prediction(lesson, each, evidence, asked) for each in lesson.predictions.values()]
    return Report(lesson, check_claims(lesson, evidence, asked), tuple(predictions), _values(lesson, evidence, asked))


def _prediction(lesson: Lesson, prediction: Prediction, evidence: Evidence, asked: Facts) -> Finding:
    """Whether a question has an answer, and one that can be given."""
    try:
        if prediction.kind == "choice":
            holds, said = _choice(prediction, evidence, asked)
        elif prediction.number is not None:
            holds, said = _number(prediction, prediction.number, evidence, asked)
        else:
            holds, said = _sketch(prediction, evidence(lesson.experiments[prediction.of]))
    except RegdashError as error:
        holds, said = False, str(error)
    return Finding(lesson.lines[f"predictions.{prediction.name}"], holds, f"prediction {prediction.name}: {said}")


def _choice(prediction: Prediction, evidence: Evidence, asked: Facts) -> tuple[bool, str]:
    """Exactly one choice must be right on average."""
    right = [each.text for each in prediction.choices if each.when and each.when.holds_on_average(evidence, asked)]
    right = right or [each.text for each in prediction.choices if each.when is None]
    if len(right) == 1:
        return True, f"right is: {right[0]}"
    listed = "; ".join(right) or "none is"
    return (
        False,
        f"exactly one choice must be right on average, got {len(right)} ({listed}); change what stands at when",
    )


def _number(prediction: Prediction, number: Expression, evidence: Evidence, asked: Facts) -> tuple[bool, str]:
    """The answer must lie where it can be given."""
    answer = float(np.mean(number.value(evidence, asked)))
    return _within(prediction, answer, answer, f"the answer is {answer:.4g} {prediction.unit}".rstrip())


def _sketch(prediction: Prediction, records: Sequence[RunRecord]) -> tuple[bool, str]:
    """The curve, mean over the runs that have come so far at each epoch, must lie where it can be drawn."""
    curves = [record.history[prediction.curve] for record in records if prediction.curve in record.history]
    longest = max(map(len, curves), default=0)
    if not longest:
        return False, f"these runs have no curve {prediction.curve}"
    padded = [np.pad(curve.astype(float), (0, longest - len(curve)), constant_values=np.nan) for curve in curves]
    present = [curve[: len(own)] for curve, own in zip(padded, curves, strict=True)]
    if not all(np.isfinite(each).all() for each in present):
        return False, f"{prediction.curve} must be finite in every run and epoch, and is not"
    mean = np.nanmean(np.stack(padded), axis=0)
    low, high = float(mean.min()), float(mean.max())
    return _within(prediction, low, high, f"the curve lies between {low:.4g} and {high:.4g}")


def _within(prediction: Prediction, low: float, high: float, said: str) -> tuple[bool, str]:
    if prediction.low <= low <= high <= prediction.high:
        return True, said
    return False, f"{said}, which must lie within low {prediction.low:g} and high {prediction.high:g}; change those"


def _values(lesson: Lesson, evidence: Evidence, asked: Facts) -> tuple[Finding, ...]:
    """The numbers in the text that are no numbers."""
    found = []
    for block in lesson.blocks:
        for number in block.values.values() if isinstance(block, Text) else ():
            try:
                value = float(np.mean(number.expression.value(evidence, asked)))
                problem = "" if np.isfinite(value) else f"must be a finite number, got {value}"
            except RegdashError as error:
                problem = str(error)
            if problem:
                found.append(Finding(block.line, False, f"value {number.expression.text}: {problem}"))
    return tuple(found)
