"""Lessons that a visitor brings as a file: checked line by line, kept, and given to others by a link."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from regdash.errors import Fault, InvalidLesson, RegdashError
from regdash.jobs.queue import Queue
from regdash.lessons.front import MOST_BYTES
from regdash.lessons.lesson import Lesson
from regdash.lessons.reading import read_lesson
from regdash.settings import settings
from regdash.store.learning import OwnLesson
from regdash.ui import learn_shelf, learn_state, session, share
from regdash.ui.labels import literal

ROUND = "learn upload round"  # counts the files that were taken, so that each gets a fresh field
MOST_FAULTS = 30
KB = 1_024
HELP = (
    "One file lesson.md: front matter and text, as docs/lessons.md describes. It may be your own or one that was given "
    f"to you; at most {MOST_BYTES // KB} kB."
)


def draw(queue: Queue) -> None:
    """What the visitor has brought, and the field for a file."""
    with st.container(key="learn-own", gap="small"):
        st.html('<h2 id="your-lessons">Your lessons</h2>')
        try:
            held = queue.learning.own(session.sessions())
        except RegdashError as error:
            st.html(f'<p class="rd-notice" role="alert">{escape(str(error))}</p>')
            held = ()
        for each in held:
            _row(queue, each)
        _field(queue, bool(held))


def _row(queue: Queue, own: OwnLesson) -> None:
    name = f"{learn_shelf.OWN}{own.id}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"learn-own-{own.id}"):
        st.button(
            literal(own.title),
            key=f"learn-open-{own.id}",
            type="tertiary",
            on_click=learn_state.go,
            args=("lessons", name),
        )
        opened = st.popover("Link", key=f"learn-link-{own.id}", on_change="rerun", help="For others: a class, say.")
        if opened.open:
            with opened:
                st.html('<p class="rd-caption">Whoever opens this link has the lesson.</p>')
                address = learn_state.link(learn_state.Where("lessons", name))
                st.code(share.link(address, "learn"), language=None, wrap_lines=True)
        st.button(
            "Delete",
            key=f"learn-delete-{own.id}",
            type="tertiary",
            help="Takes it out of your list; with whoever else holds it, it stays.",
            on_click=_delete,
            args=(queue, own),
        )


def _field(queue: Queue, some: bool) -> None:
    round_ = st.session_state.get(ROUND, 0)
    if not some:
        st.html('<p class="rd-caption">A lesson is one text file, and yours runs here like all others.</p>')
    given = st.file_uploader(
        "A lesson of your own",
        type=["md"],
        key=f"learn upload {round_}",
        max_upload_size=1,
        help=HELP,
    )
    if given is None:
        return None
    if given.size > MOST_BYTES:
        return _faults([Fault(1, f"a lesson may have at most {MOST_BYTES} bytes, and this file has {given.size}")])
    try:
        text = given.getvalue().decode("utf-8")
        lesson = read_lesson(text, "own")
    except UnicodeDecodeError:
        return _faults([Fault(1, "a lesson must be a text in UTF-8; save the file as such")])
    except InvalidLesson as error:
        return _faults(error.faults)
    except RegdashError as error:
        return _faults([Fault(1, str(error))])
    return _keep(queue, lesson, text)


def _keep(queue: Queue, lesson: Lesson, text: str) -> None:
    """Keep a good file and open it; a refusal leaves the file in its field."""
    try:
        id_ = queue.learning.keep(session.owner(), lesson.title, text, settings())
    except RegdashError as error:
        st.html(f'<p class="rd-fault" role="alert">{escape(str(error))}</p>')
        return
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    learn_state.go("lessons", f"{learn_shelf.OWN}{id_}")
    st.rerun()


def _faults(faults: Sequence[Fault]) -> None:
    """Every fault with its line; the file is only looked at, so nothing is lost."""
    items = "".join(f"<li>{escape(str(fault))}</li>" for fault in faults[:MOST_FAULTS])
    more = len(faults) - MOST_FAULTS
    rest = f"<p>And {more} more.</p>" if more > 0 else ""
    count = f"{len(faults)} lines have" if len(faults) > 1 else "A line has"
    st.html(
        f'<div class="rd-notice" role="alert" data-testid="rd-lesson-faults"><p>{count} to be put right; then choose '
        f"the file again.</p><ul>{items}</ul>{rest}</div>"
    )


def _delete(queue: Queue, own: OwnLesson) -> None:
    try:
        queue.learning.delete(own.session, own.id)
    except RegdashError as error:
        learn_state.say(str(error))
