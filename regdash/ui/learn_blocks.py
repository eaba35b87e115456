"""A lesson, card or question as it is read: blocks up to a question, its answer, the runs, then what they show.

What stands before the first question is there at once. Where nothing is asked, everything is there up to the first
block that needs runs, and a button trains them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.lessons.answers import Answer
from regdash.lessons.facts import facts
from regdash.lessons.lesson import Block, Lesson, Place, Prediction
from regdash.ui import learn_answers, learn_bar, learn_class, learn_pieces, learn_state, learn_steps
from regdash.ui.fragments import this_fragment
from regdash.ui.learn_runs import Found, look
from regdash.ui.predict import ask
from regdash.ui.predict_result import result

Foot = Callable[[], None]


@dataclass(frozen=True)
class Stage:
    """A question, None before the first one, and the blocks that follow it, each with its place in the lesson."""

    prediction: Prediction | None
    blocks: tuple[tuple[int, Block], ...]


def stages(lesson: Lesson) -> tuple[Stage, ...]:
    """A lesson parted at its questions."""
    found: list[Stage] = []
    prediction: Prediction | None = None
    held: list[tuple[int, Block]] = []
    for place, block in enumerate(lesson.blocks):
        if isinstance(block, Place) and block.kind == "predict":
            found.append(Stage(prediction, tuple(held)))
            prediction, held = lesson.predictions[block.words[0]], []
        else:
            held.append((place, block))
    return (*found, Stage(prediction, tuple(held)))


def draw(queue: Queue, lesson: Lesson, foot: Foot | None = None) -> None:
    """Draw a lesson's blocks, and keep drawing while its runs move; `foot` stands below once everything is there."""
    learn_bar.take_orders(queue, lesson)
    with st.container(key="learn-area"):
        st.fragment(_area)(queue, lesson, foot)


def _area(queue: Queue, lesson: Lesson, foot: Foot | None) -> None:
    """All that depends on answers and runs."""
    if learn_bar.ordered(taken=False):
        st.rerun()  # the runs that were asked for begin with the whole page
    try:
        found, answers = look(queue, lesson), learn_answers.given(queue, lesson)
    except RegdashError as error:
        return _notice(str(error))
    if learn_state.said():
        _notice(learn_state.said())
    learn_steps.draw(lesson, answers, found)
    if _stages(queue, found, answers) and foot is not None:
        foot()
    return None


def _stages(queue: Queue, found: Found, answers: dict[str, Answer | None]) -> bool:
    """Draw stage after stage; whether all of them are there."""
    lesson, gate = found.lesson, learn_bar.Gate(queue, found, this_fragment())
    for stage in stages(lesson):
        if stage.prediction is not None:
            if stage.prediction.name not in answers:
                _ask(queue, found, stage.prediction)
                return False
            if learn_class.held(lesson):
                _wait(queue, found, answers)
                return False
            if not gate.passed([block for _, block in stage.blocks]):
                return False
            _result(found, stage.prediction, answers[stage.prediction.name])
        if not _blocks(found, stage.blocks, gate):
            return False
    return True


def _blocks(found: Found, blocks: Sequence[tuple[int, Block]], gate: learn_bar.Gate) -> bool:
    for at, (place, block) in enumerate(blocks):
        if learn_pieces.needs_runs(block) and not gate.passed([each for _, each in blocks[at:]]):
            return False
        learn_pieces.draw(block, found, f"learn-{found.lesson.kind}-{found.lesson.name}-{place}")
    return True


def _ask(queue: Queue, found: Found, prediction: Prediction) -> None:
    """The question with what its answer begins, and the way past it."""
    lesson, key = found.lesson, _key(found.lesson, prediction)
    with st.container(key="learn-ask", gap="small"):
        epochs = lesson.experiments[prediction.of].training.epochs if prediction.of else 0
        answer = ask(prediction, key, None, False, epochs)
        skipped = st.button(
            "Skip the question",
            key=f"{key}-skip",
            type="tertiary",
            help="See what happens without a prediction of your own.",
        )
        if words := learn_bar.promise(found):
            st.html(f'<p class="rd-caption" data-testid="rd-learn-promise">{escape(words)}</p>')
    if answer is not None or skipped:
        learn_answers.keep(queue, lesson, prediction, answer)
        if found.lanes.lacking:
            learn_bar.order()
        st.rerun()


def _wait(queue: Queue, found: Found, answers: dict[str, Answer | None]) -> None:
    """In a class whose results are held back: what is left to be predicted, then the wait."""
    for prediction in found.lesson.predictions.values():
        if prediction.name not in answers:
            return _ask(queue, found, prediction)
    return learn_class.wait(queue, found.lesson, any(answer is not None for answer in answers.values()))


def _result(found: Found, prediction: Prediction, answer: Answer | None) -> None:
    lesson = found.lesson
    series = {label: found.series(name) for name, label in lesson.labels.items()}
    with st.container(key=f"learn-result-{prediction.name}", gap="small"):
        st.html(f'<p class="rd-asked">{escape(prediction.ask)}</p>')
        try:
            result(lesson, prediction, answer, found.evidence, facts, series, _key(lesson, prediction))
        except RegdashError as error:
            _notice(str(error))


def _key(lesson: Lesson, prediction: Prediction) -> str:
    return f"learn-predict-{lesson.name}-{prediction.name}"


def _notice(sentence: str) -> None:
    st.html(f'<p class="rd-notice" role="alert">{escape(sentence)}</p>')
