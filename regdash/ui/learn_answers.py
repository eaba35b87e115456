"""What the reader of a lesson has predicted: kept in the store, and in the session where the store refuses."""

from collections.abc import Mapping

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.lessons.answers import Answer, read_answer, write_answer
from regdash.lessons.lesson import Lesson, Prediction
from regdash.store.learning import Progress
from regdash.ui import learn_class, learn_state, session

HERE = "learn answers"  # (lesson, prediction) -> text, of this session
FORGOTTEN = "learn forgotten"  # Forgotten: what was forgotten last, for the way back

Forgotten = dict[str, tuple[dict[str, str], bool]]
"""Lesson -> (its answers, whether it was done)."""


def given(queue: Queue, lesson: Lesson) -> dict[str, Answer | None]:
    """The predictions that are settled: name -> answer, None for one that was skipped.

    Raises RegdashError when the store cannot be read.
    """
    if not lesson.predictions:
        return {}
    waiting = learn_class.room_of(lesson) if learn_class.held(lesson) else ""  # for the class one predicts anew
    texts = queue.learning.answers(session.sessions(), lesson.name, waiting) | _here(lesson)
    return {name: read_answer(each, texts[name]) for name, each in lesson.predictions.items() if name in texts}


def keep(queue: Queue, lesson: Lesson, prediction: Prediction, answer: Answer | None) -> None:
    """Keep an answer, or that the question was skipped; a class in which this lesson is given gets it too."""
    text = write_answer(answer or Answer())
    try:
        room = learn_class.room_of(lesson)
        queue.learning.answer(session.owner(), lesson.name, prediction.name, text, room=room)
    except RegdashError as error:
        learn_state.say(f"{error} Your prediction counts for this visit only.")
        st.session_state[HERE] = st.session_state.get(HERE, {}) | {(lesson.name, prediction.name): text}


def forget(queue: Queue, progress: Mapping[str, Progress]) -> None:
    """Begin these lessons again, which `undo` takes back."""
    forgotten: Forgotten = {}
    try:
        for name, each in progress.items():
            forgotten[name] = (queue.learning.answers(session.sessions(), name), each.finished)
            queue.learning.begin_again(session.sessions(), name)
    except RegdashError as error:
        learn_state.say(str(error))
    here = st.session_state.get(HERE, {})
    st.session_state[HERE] = {key: text for key, text in here.items() if key[0] not in forgotten}
    st.session_state[FORGOTTEN] = forgotten


def undo(queue: Queue) -> None:
    """Bring back what was forgotten last."""
    owner, forgotten = session.owner(), forgotten_last()
    try:
        for name, (answers, finished) in forgotten.items():
            for prediction, text in answers.items():
                queue.learning.answer(owner, name, prediction, text)
            if finished:
                queue.learning.finish(owner, name)
    except RegdashError as error:
        learn_state.say(str(error))
    st.session_state[FORGOTTEN] = {}


def forgotten_last() -> Forgotten:
    """What was forgotten last and can still be brought back."""
    found: Forgotten = st.session_state.get(FORGOTTEN, {})
    return found


def _here(lesson: Lesson) -> dict[str, str]:
    return {name: text for (of, name), text in st.session_state.get(HERE, {}).items() if of == lesson.name}
