"""A room as one file: everything the store has of it, the table that the page shows, and what was predicted."""

import io
import zipfile

import streamlit as st

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.lessons.answers import Answer, read_answer
from regdash.lessons.lesson import Lesson, Prediction
from regdash.links import Address
from regdash.store.learning import Predicted
from regdash.store.room_export import moment, predictions_table
from regdash.store.rooms import Room
from regdash.ui import lesson, room_area, room_results
from regdash.ui.learn_shelf import lesson_named

PASSED = "passed"  # instead of an answer


def button(queue: Queue, here: Room) -> None:
    """A button that downloads the room; the file is only made when it is pressed."""
    st.download_button(
        "Export",
        data=lambda: packed(queue, here),
        file_name=f"regdash-room-{here.code}.zip",
        mime="application/zip",
        on_click="ignore",
        key="room-export",
        help="A zip file: the tables of results and of predictions in lessons (CSV), and all runs as "
        "`regdash store import` reads them.",
    )


def packed(queue: Queue, here: Room) -> bytes:
    """What the store has of the room, with results.csv and predictions.csv beside it."""
    file = io.BytesIO(queue.rooms.export(here.id, here.owner))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("results.csv", results(queue, here))
        archive.writestr("predictions.csv", predictions(queue, here))
    return file.getvalue()


def results(queue: Queue, here: Room) -> str:
    """The table as CSV in full precision; no name can become a formula of a spreadsheet."""
    given = lesson.read(here.lesson) or Address()
    found = room_results.of(queue, here.id).found
    if not found:
        return "Pupil\n"
    return room_area.table(found, room_results.plain(given.experiment)).to_csv(index=False)


def predictions(queue: Queue, here: Room) -> str:
    """What the class has predicted, as CSV: questions and answers in words where the lesson is still there."""
    found = queue.learning.of_class(here.id)
    lessons = {name: _lesson(queue, name) for name in {each.lesson for each in found}}
    return predictions_table([_line(each, lessons[each.lesson]) for each in found])


def in_words(prediction: Prediction, answer: Answer | None) -> str:
    """An answer as one would say it: the text of a choice, a number with its unit, or the points of a sketch."""
    if answer is None:
        return PASSED
    if answer.choice is not None:
        return prediction.choices[answer.choice].text
    if answer.number is not None:
        return f"{answer.number:g} {prediction.unit}".strip()
    return ", ".join(f"{value:.3g} at {100 * share:.0f} % of the epochs" for share, value in answer.sketch)


def _lesson(queue: Queue, name: str) -> Lesson | None:
    try:
        return lesson_named(queue, "lesson", name)
    except RegdashError:
        return None


def _line(given: Predicted, of: Lesson | None) -> dict[str, str]:
    prediction = of.predictions.get(given.prediction) if of else None
    question = prediction.ask if prediction else given.prediction
    answer = in_words(prediction, read_answer(prediction, given.answer)) if prediction else given.answer
    said = {"nickname": given.nickname, "lesson": of.title if of else given.lesson, "question": question}
    return said | {"answer": answer, "time": moment(given.updated)}
