"""Prediction and result in one chart, and a sentence about them."""

from collections.abc import Hashable, Mapping
from functools import partial
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from regdash.charts.predict_choice import Chosen, alt_predict_choice, draw_predict_choice, read_predict_choice
from regdash.charts.predict_number import Guessed, alt_predict_number, draw_predict_number, read_predict_number
from regdash.charts.predict_sketch import Sketched, alt_predict_sketch, draw_predict_sketch, read_predict_sketch
from regdash.comparison import Series
from regdash.errors import RegdashError
from regdash.lessons.answers import Answer
from regdash.lessons.expressions import Evidence, Facts
from regdash.lessons.lesson import Lesson, Prediction
from regdash.ui.picture import Picture, show_picture
from regdash.ui.predict_words import choice_said, number_said, sketch_said

Found = tuple[tuple[Hashable, ...], Picture, str]
"""What the picture depends on, the picture, and what is said about it."""


def result(
    lesson: Lesson,
    prediction: Prediction,
    answer: Answer | None,
    evidence: Evidence,
    facts: Facts,
    series_by_label: Mapping[str, Series],
    key: str,
) -> None:
    """Show what was predicted and what the runs say; without an answer only the latter."""
    try:
        stamp, picture, said = found(lesson, prediction, answer, evidence, facts, series_by_label)
    except RegdashError as error:
        st.html(f'<p class="rd-fault" role="alert">{escape(str(error))}</p>')
        return
    show_picture(key, stamp, lambda: picture)
    st.markdown(said)


def found(
    lesson: Lesson,
    prediction: Prediction,
    answer: Answer | None,
    evidence: Evidence,
    facts: Facts,
    series_by_label: Mapping[str, Series],
) -> Found:
    """The picture and the sentence; raises RegdashError when a run has no such measure."""
    given = answer or Answer()
    if prediction.kind == "choice":
        return _choice(prediction, given, evidence, facts)
    if prediction.kind == "number":
        return _number(prediction, given, evidence, facts)
    return _sketch(lesson, prediction, given, series_by_label)


def _choice(prediction: Prediction, answer: Answer, evidence: Evidence, facts: Facts) -> Found:
    holds = tuple(each.when.holds(evidence, facts) if each.when else None for each in prediction.choices)
    data = read_predict_choice(Chosen(tuple(each.text for each in prediction.choices), holds, answer.choice))
    stamp = (data.texts, data.counts, data.of, data.picked)
    picture = _picture(prediction, partial(draw_predict_choice, data), alt_predict_choice(data), data.height)
    return stamp, picture, choice_said(data)


def _number(prediction: Prediction, answer: Answer, evidence: Evidence, facts: Facts) -> Found:
    assert prediction.number is not None
    values = np.atleast_1d(prediction.number.value(evidence, facts)).tolist()
    scale = (prediction.low, prediction.high, prediction.unit, prediction.step)
    data = read_predict_number(Guessed(values, answer.number, *scale))
    stamp = (data.values, data.predicted, *scale)
    picture = _picture(prediction, partial(draw_predict_number, data), alt_predict_number(data), data.height)
    return stamp, picture, number_said(data)


def _sketch(lesson: Lesson, prediction: Prediction, answer: Answer, series: Mapping[str, Series]) -> Found:
    experiment, one = lesson.experiments[prediction.of], series.get(lesson.labels[prediction.of])
    histories = [history for _, history in sorted(one.histories.items())] if one else []
    curves = [history[prediction.curve] for history in histories if prediction.curve in history]
    epochs, scale = experiment.training.epochs, (prediction.low, prediction.high)
    data = read_predict_sketch(Sketched(prediction.curve, curves, answer.sketch, epochs, *scale))
    stamp = (data.axis, data.points, epochs, scale, data.curve.mean.tobytes(), data.curve.low.tobytes())
    picture = _picture(prediction, partial(draw_predict_sketch, data), alt_predict_sketch(data), data.height)
    return stamp, picture, sketch_said(data)


def _picture(prediction: Prediction, draw: Any, alt: str, height: int) -> Picture:
    return Picture(f"prediction-{prediction.name}", draw, alt, height, " ".join(prediction.ask.split()))
