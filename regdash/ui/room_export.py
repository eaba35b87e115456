"""A room as one file: everything the store has of it, and the table that the page shows."""

import io
import zipfile

import streamlit as st

from regdash.jobs.queue import Queue
from regdash.links import Address
from regdash.store.rooms import Room
from regdash.ui import lesson, room_area, room_results


def button(queue: Queue, here: Room) -> None:
    """A button that downloads the room; the file is only made when it is pressed."""
    st.download_button(
        "Export",
        data=lambda: packed(queue, here),
        file_name=f"regdash-room-{here.code}.zip",
        mime="application/zip",
        on_click="ignore",
        key="room-export",
        help="A zip file: the table of results (CSV), and all runs as `regdash store import` reads them.",
    )


def packed(queue: Queue, here: Room) -> bytes:
    """What the store has of the room, with results.csv beside it."""
    file = io.BytesIO(queue.rooms.export(here.id, here.owner))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("results.csv", results(queue, here))
    return file.getvalue()


def results(queue: Queue, here: Room) -> str:
    """The table as CSV in full precision; no name can become a formula of a spreadsheet."""
    given = lesson.read(here.lesson) or Address()
    found = room_results.of(queue, here.id).found
    if not found:
        return "Pupil\n"
    return room_area.table(found, room_results.plain(given.experiment)).to_csv(index=False)
