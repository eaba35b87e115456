"""What a reader predicted: small values from a browser, checked against the question before they are used."""

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from regdash.lessons.lesson import Prediction

LONGEST = 400  # letters of an answer as JSON
POINTS = 3  # of a sketch


@dataclass(frozen=True)
class Answer:
    """A choice by its place from 0, a number, or a sketch: three points (share of the epochs, value) from the left."""

    choice: int | None = None
    number: float | None = None
    sketch: tuple[tuple[float, float], ...] = ()


def write_answer(answer: Answer) -> str:
    """An answer as JSON."""
    given = {"choice": answer.choice, "number": answer.number, "sketch": [list(point) for point in answer.sketch]}
    return json.dumps({name: value for name, value in given.items() if value not in (None, [])})


def read_answer(prediction: Prediction, text: str) -> Answer | None:
    """The answer in a JSON text; None for what is no answer to this question."""
    try:
        given = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict):
        return None
    if prediction.kind == "choice":
        at = given.get("choice")
        right = isinstance(at, int) and not isinstance(at, bool) and 0 <= at < len(prediction.choices)
        return Answer(choice=at) if right else None
    if prediction.kind == "number":
        number: Any = given.get("number")
        return Answer(number=float(number)) if _inside(number, prediction.low, prediction.high) else None
    points = given.get("sketch")
    if not isinstance(points, list) or len(points) != POINTS:
        return None
    if not all(isinstance(each, list) and len(each) == 2 for each in points):
        return None
    if not all(_inside(x, 0, 1) and _inside(y, prediction.low, prediction.high) for x, y in points):
        return None
    if any(left[0] >= right[0] for left, right in pairwise(points)):
        return None
    return Answer(sketch=tuple((float(x), float(y)) for x, y in points))


def _inside(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
