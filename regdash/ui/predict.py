"""A question asked before the run: its control, and the button that keeps the answer."""

import math

import streamlit as st

from regdash.lessons.answers import Answer, read_answer, write_answer
from regdash.lessons.lesson import Prediction
from regdash.ui.predict_sketch import sketch_pad
from regdash.ui.predict_words import inline

KEEP = "Keep my prediction"
HELP = "The runs are shown with it. It can be changed as long as they are not."
WIDEST = 480  # px of a slider
FIRST = {
    "choice": "Choose an answer first; it need not be the right one.",
    "number": "",
    "sketch": "Move at least one of the points first; it need not become the right curve.",
}


def ask(prediction: Prediction, key: str, given: Answer | None, locked: bool, epochs: int = 0) -> Answer | None:
    """Draw a question; the answer when one was committed just now, in the run that follows the button.

    `given` is what was answered before; when `locked` it is shown and cannot be changed. `epochs` are those of the
    experiment of which a curve is sketched.
    """
    kept = st.session_state.pop(_kept(key), None)
    with st.container(border=True, key=f"{key}-ask"):
        _asked(prediction, key, given, locked, epochs)
    return read_answer(prediction, kept) if isinstance(kept, str) else None


@st.fragment
def _asked(prediction: Prediction, key: str, given: Answer | None, locked: bool, epochs: int) -> None:
    st.markdown(f"**{inline(prediction.ask)}**")
    if locked:
        return _told(prediction, key, given, epochs)
    answer = _control(prediction, f"{key}:{prediction.kind}", given, epochs)
    help = FIRST[prediction.kind] if answer is None else HELP
    said = {"disabled": True} if answer is None else {"on_click": _keep, "args": (key, write_answer(answer))}
    st.button(KEEP, key=f"{key}:keep", type="primary", help=help, **said)
    if _kept(key) in st.session_state:
        st.rerun()  # the page is told of it; this was a run of the question alone
    return None


def _keep(key: str, answer: str) -> None:
    st.session_state[_kept(key)] = answer


def _told(prediction: Prediction, key: str, answer: Answer | None, epochs: int) -> None:
    """What was answered, without anything that could change it."""
    words = "This is what you predicted." if answer else "You went on without a prediction."
    if answer is not None and answer.choice is not None:
        st.markdown(f"You predicted: {inline(prediction.choices[answer.choice].text)}")
    elif answer is not None and answer.number is not None:
        st.markdown(f"You predicted: {answer.number:.6g} {inline(prediction.unit)}".rstrip())
    else:
        if answer is not None:
            sketch_pad(prediction, f"{key}:locked", answer, True, epochs)
        st.html(f'<p class="rd-caption">{words}</p>')


def _control(prediction: Prediction, key: str, given: Answer | None, epochs: int) -> Answer | None:
    if prediction.kind == "choice":
        return _choice(prediction, key, given)
    if prediction.kind == "number":
        return _number(prediction, key, given)
    return sketch_pad(prediction, key, given, False, epochs)


def _choice(prediction: Prediction, key: str, given: Answer | None) -> Answer | None:
    picked = st.radio(
        inline(prediction.ask),
        range(len(prediction.choices)),
        index=given.choice if given else None,
        format_func=lambda place: inline(prediction.choices[place].text),
        key=key,
        label_visibility="collapsed",
        width="stretch",
    )
    return None if picked is None else Answer(choice=picked)


def _number(prediction: Prediction, key: str, given: Answer | None) -> Answer | None:
    low, high, step = prediction.low, prediction.high, prediction.step
    start = given.number if given and given.number is not None else low + step * round((high - low) / 2 / step)
    whole = all(float(each).is_integer() for each in (low, high, step, start))
    kind = int if whole else float
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    found = st.slider(
        f"Your prediction ({inline(prediction.unit)})" if prediction.unit else "Your prediction",
        kind(low),
        kind(high),
        kind(min(max(start, low), high)),
        kind(step),
        "%d" if whole else f"%.{min(digits, 6)}f",
        key=key,
        width=WIDEST,
        help="Move it to where you expect the mean of the runs; it counts when you press the button.",
    )
    return Answer(number=float(found))


def _kept(key: str) -> str:
    return f"{key}:kept"
