"""The slim line above a lesson: where in it the reader is."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from regdash.lessons.answers import Answer
from regdash.lessons.lesson import Lesson
from regdash.ui import learn_class
from regdash.ui.learn_runs import Found

STEPS = ("Predict", "Run", "See", "Explain", "Go on")


def draw(lesson: Lesson, answers: Mapping[str, Answer | None], found: Found) -> None:
    """Draw the line; nothing for cards and questions, in which nothing is predicted."""
    if not lesson.predictions:
        return
    at = step(lesson, answers, found)
    items = "".join(_item(place, name, at) for place, name in enumerate(STEPS))
    st.html(f'<ol class="rd-steps" data-testid="rd-steps" aria-label="Steps of the lesson">{items}</ol>')


def step(lesson: Lesson, answers: Mapping[str, Answer | None], found: Found) -> int:
    """The place in STEPS at which the reader is."""
    if not answers:
        return 0
    if not found.complete:
        return 1
    if len(answers) < len(lesson.predictions) or learn_class.held(lesson):
        return 2
    return 4


def _item(place: int, name: str, at: int) -> str:
    state = "done" if place < at else "now" if place == at else "next"
    current = ' aria-current="step"' if place == at else ""
    return f'<li data-state="{state}"{current}>{escape(name)}</li>'
