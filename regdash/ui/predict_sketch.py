"""The box in which a curve is sketched by moving three points."""

import json
from typing import Any

import streamlit as st

from regdash.charts.predict_sketch import words_of
from regdash.lessons.answers import Answer, read_answer
from regdash.lessons.lesson import Prediction
from regdash.ui.chart_card import HERE

_pad = st.components.v2.component(
    "regdash_sketch",
    html=(HERE / "predict_sketch.html").read_text("utf-8"),
    css=(HERE / "predict_sketch.css").read_text("utf-8"),
    js="\n".join((HERE / name).read_text("utf-8") for name in ("predict_sketch_axes.js", "predict_sketch.js")),
    isolate_styles=False,
)


def sketch_pad(prediction: Prediction, key: str, given: Answer | None, locked: bool, epochs: int) -> Answer | None:
    """Show the box; the answer is what was given or drawn, None as long as no point has been moved."""
    drawn = None if locked else _drawn(prediction, getattr(st.session_state.get(key), "points", None))
    answer = drawn or given
    facts = {
        "label": words_of(prediction.curve),
        "epochs": epochs,
        "low": prediction.low,
        "high": prediction.high,
        "points": [list(point) for point in answer.sketch] if answer else None,
        "locked": locked,
    }
    _pad(data=facts, key=key, on_points_change=_nothing)
    return answer


def _drawn(prediction: Prediction, sent: Any) -> Answer | None:
    """What a browser says was drawn; None for what is no sketch from the first epoch to the last."""
    if not isinstance(sent, list) or len(sent) != 3:
        return None
    answer = read_answer(prediction, json.dumps({"sketch": sent}))
    return answer if answer and answer.sketch[0][0] == 0 and answer.sketch[-1][0] == 1 else None


def _nothing() -> None:
    """The value is read where the box is drawn."""
