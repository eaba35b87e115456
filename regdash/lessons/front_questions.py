"""The predictions and claims of a lesson's front matter."""

import re
from collections.abc import Mapping
from typing import Any

from regdash.errors import RegdashError
from regdash.lessons.claims import SEEDS
from regdash.lessons.expressions import parse_condition, parse_expression
from regdash.lessons.front_fields import LONGEST, Fields, number, only, words
from regdash.lessons.lesson import Choice, Claim, Prediction
from regdash.lessons.measures import CURVES, unfit
from regdash.lessons.names import Consequence, Names
from regdash.params import excerpt

MOST_CHOICES = 6
MOST_STEPS = 10_000  # of a number between low and high
CLAIM = re.compile(r"^(?P<condition>.+?)(?:\s+in\s+(?P<held>\d{1,3})\s+of\s+(?P<of>\d{1,3})\s+seeds)?$", re.S)
_CURVE = re.compile(r"\s*([a-z_0-9]+)\s*\(\s*([a-z_0-9]+)\s*\)\s*")


def read_predictions(fields: Fields, names: Names) -> dict[str, Prediction]:
    """Every prediction by name."""
    found = {}
    for name, given in fields.named("predictions").items():

        def read(name: str = name, given: Mapping[str, Any] = given) -> Prediction:
            return _prediction(name, given, names)

        prediction = fields.attempt(("predictions", name), read)
        if prediction is None:
            fields.broken.add(name)
        else:
            found[name] = prediction
    return found


def read_claims(fields: Fields, names: Names) -> tuple[Claim, ...]:
    """Every claim, in their order."""
    found = []
    for at, text in enumerate(fields.strings(("claims",), fields.front.values.get("claims"))):
        line = fields.front.line("claims", at)

        def read(text: str = text.strip(), line: int = line) -> Claim:
            return _claim(text, line, names)

        claim = fields.attempt(("claims", at), read)
        found += [claim] if claim is not None else []
    return tuple(found)


def _prediction(name: str, given: Mapping[str, Any], names: Names) -> Prediction:
    only(given, ("ask", "choices", "number", "sketch", "low", "high", "step", "unit"))
    ask, unit = words(given, "ask", LONGEST), words(given, "unit", 20)
    kinds = [kind for kind in ("choices", "number", "sketch") if kind in given]
    if not ask or len(kinds) != 1:
        raise RegdashError("a prediction has its question after ask, and either choices, a number or a sketch")
    if kinds == ["choices"]:
        return Prediction(name, ask, choices=_choices(given["choices"], names), unit=unit)
    low, high, step = _range(given)
    if kinds == ["number"]:
        asked = given["number"]
        if isinstance(asked, bool) or not isinstance(asked, str | int | float):
            raise RegdashError(f"number must be an expression such as zeros(lasso), got {excerpt(asked)}")
        expression = parse_expression(str(asked), names)
        return Prediction(name, ask, number=expression, low=low, high=high, step=step, unit=unit)
    curve, of = _sketch(given["sketch"], names)
    return Prediction(name, ask, curve=curve, of=of, low=low, high=high, step=step, unit=unit)


def _range(given: Mapping[str, Any]) -> tuple[float, float, float]:
    """Between which numbers, and in which steps, an answer can be given."""
    low, high = number(given, "low", 0.0), number(given, "high", 1.0)
    if low >= high:
        raise RegdashError(f"low must be below high, got {low:g} and {high:g}")
    step = number(given, "step", (high - low) / 100)
    if not (high - low) / MOST_STEPS <= step <= high - low:
        least, most = (high - low) / MOST_STEPS, high - low
        raise RegdashError(f"step must be between {least:g} and {most:g} where low is {low:g} and high {high:g}")
    return low, high, step


def _sketch(given: Any, names: Names) -> tuple[str, str]:
    """The curve of a sketch, and whose it is."""
    found = _CURVE.fullmatch(given) if isinstance(given, str) else None
    if found and found[2] in names.broken:
        raise Consequence
    if not found or found[1] not in CURVES or found[2] not in names.experiments:
        raise RegdashError(f"sketch must be a curve of an experiment, such as val_loss(plain), got {excerpt(given)}")
    if problem := unfit(found[1], names.experiments[found[2]]):
        raise RegdashError(problem)
    return found[1], found[2]


def _choices(given: Any, names: Names) -> tuple[Choice, ...]:
    if not isinstance(given, list) or not 2 <= len(given) <= MOST_CHOICES:
        raise RegdashError(f"choices must be a list of 2 to {MOST_CHOICES} answers, got {excerpt(given)}")
    found = []
    for each in given:
        if not isinstance(each, dict) or "text" not in each:
            raise RegdashError("every choice has a text, and when it is right: when: a condition, or when: otherwise")
        only(each, ("text", "when"))
        text, when = words(each, "text", LONGEST), words(each, "when", LONGEST, "otherwise")
        found.append(Choice(text, None if when == "otherwise" else parse_condition(when, names)))
    if sum(each.when is None for each in found) > 1:
        raise RegdashError("at most one choice is right otherwise; give each other one a condition after when")
    if len({each.text for each in found}) < len(found):
        raise RegdashError("every choice needs a text of its own, and two are the same")
    return tuple(found)


def _claim(text: str, line: int, names: Names) -> Claim:
    found = CLAIM.match(text)
    if found is None:
        raise RegdashError("a claim must compare two numbers, such as norm(ridge) < norm(plain) in 5 of 5 seeds")
    condition = parse_condition(found["condition"], names)
    if found["of"] is None:
        return Claim(text, line, condition)
    held, of = int(found["held"]), int(found["of"])
    if of != SEEDS or not 0 < held <= of:
        right = f"such as in {SEEDS - 1} of {SEEDS} seeds"
        raise RegdashError(f"claims are checked over {SEEDS} seeds, {right}, got {held} of {of}")
    if not condition.needs:
        raise RegdashError(f"this claim asks no run, so it holds or not; leave out: in {held} of {of} seeds")
    return Claim(text, line, condition, held)
