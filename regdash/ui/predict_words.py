"""What is said about a prediction once the runs are there: calm, with the numbers."""

import re

from regdash.charts.predict_choice import ChoiceData
from regdash.charts.predict_number import NumberData, mean_said
from regdash.charts.predict_sketch import SketchData

CLOSE = 0.1  # of the scale that a number was chosen from
NEAR, NEARBY = 0.05, 0.15  # of the height of a sketch's box, on average over the epochs

_FIXED = re.compile(r"(`[^`]*`|\$[^$]*\$)")
_MARK = re.compile(r"([\\\[\]<>#|~:!])")


def inline(text: str) -> str:
    """A text of a lesson as one line of Markdown: emphasis, code and formulas only, no link, picture or HTML."""
    parts = _FIXED.split(" ".join(text.split()))
    return "".join(part if at % 2 else _MARK.sub(r"\\\1", part) for at, part in enumerate(parts))


def choice_said(data: ChoiceData) -> str:
    """Whether the pick is what the runs say, in Markdown."""
    if data.right is None:
        return "None of these answers holds in any of the runs."
    best = f"“{inline(data.texts[data.right])}”"
    holds = f"{best} holds in {data.counts[data.right]} of {data.of} seeds" if data.of > 1 else f"{best} is right"
    if data.picked is None:
        return f"{holds}."
    held = data.counts[data.picked]
    if held == data.counts[data.right]:
        return f"**As you predicted.** {holds}."
    if held:
        return f"**Partly.** {holds}, your answer in {held} of them."
    other = "The runs say something else" if data.of > 1 else "Not so"
    return f"**{other}.** {holds}; you expected “{inline(data.texts[data.picked])}”."


def number_said(data: NumberData) -> str:
    """How far the number is from the runs' mean, in Markdown."""
    if not data.over.n:
        return "No run gives this number, so there is nothing to compare with."
    found = f"The runs give {mean_said(data)}" if data.over.n > 1 else f"It is {mean_said(data)}"
    if data.predicted is None:
        return f"{found}."
    half = data.over.high - data.over.mean if data.over.n > 1 else 0.0
    near = max(half, data.step / 2, 1e-9 * abs(data.over.mean))
    verdict = "Right" if data.apart <= near else "Close" if data.apart <= CLOSE * (data.high - data.low) else ""
    unit = f" {inline(data.unit)}" if data.unit else ""
    guess = f"you predicted {data.predicted:.4g}{unit}, which is {data.apart:.2g} away"
    return f"**{verdict or 'Further off than expected'}.** {found}; {guess}."


def sketch_said(data: SketchData) -> str:
    """How far the sketch is from the mean curve, in Markdown."""
    if not data.curve.drawn:
        return "No run has a finite value here, so there is nothing to compare with."
    curve = data.curve
    if not data.points or not data.worst:
        return f"The {data.axis} ends at {curve.last:.3g} after {len(curve.mean)} epochs."
    share = data.apart / (data.high - data.low)
    verdict = "Very close" if share <= NEAR else "Close" if share <= NEARBY else "Another curve than expected"
    at = data.worst - 1
    return (
        f"**{verdict}.** On average over {len(curve.mean)} epochs your sketch lies {data.apart:.2g} from the curve, "
        f"most at epoch {data.worst}: you drew {data.guess[at]:.3g} and it is {curve.mean[at]:.3g}."
    )
