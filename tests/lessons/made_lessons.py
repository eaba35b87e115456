"""Lessons as texts, put together from their parts, and made-up runs for them."""

from dataclasses import replace

import numpy as np
from fake_runs import history, record

from regdash.lessons.lesson import Kind, Lesson
from regdash.lessons.reading import read_lesson
from regdash.repeats import Setting

FRONT = """title: Weights
question: What shrinks?
level: beginner
minutes: 5
experiments:
  plain:
    data: {name: diabetes}
    network: {name: linear}
  ridge:
    from: plain
    regularizers: {l2: {l2: 0.1}}
predictions:
  guess: {ask: "How large?", number: norm(ridge), low: 0, high: 100}
claims:
  - norm(ridge) < 100"""

BODY = """{{predict: guess}}

{{compare: plain, ridge; chart=norms}}"""


def text(front: str = FRONT, body: str = BODY, **changes: str) -> str:
    """The text of a lesson file; a change replaces or adds the part of the front matter of that name."""
    parts: dict[str, str] = {}
    for row in front.split("\n"):
        name = row.split(":")[0] if row[:1].isalpha() else list(parts)[-1]
        parts[name] = f"{parts[name]}\n{row}" if name in parts else row
    parts |= {name: f"{name}: {value}" for name, value in changes.items()}
    return "\n".join(["---", *parts.values(), "---", body])


def lesson(body: str = BODY, kind: Kind = "lesson", **changes: str) -> Lesson:
    return read_lesson(text(body=body, **changes), "made", kind)


def runs(experiment, ends, column="val_loss", epochs=20):
    """A finished run for each seed, whose curve ends at the given value."""
    found = []
    for member, end in zip(Setting(experiment, len(ends)).members, ends, strict=True):
        regression = not experiment.data.classes
        curves = history(
            epochs, regression=regression, learning_rate=np.full(epochs, 0.01), **{column: np.linspace(1, end, epochs)}
        )
        found.append(replace(record(member), history=curves))
    return found
