"""A file that was made for a visitor stays until the browser has fetched it, however many others use the server."""

import time
from typing import Any

from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

STAY = 60.0  # seconds
CLICKED = 5.0  # seconds in which a browser may still click a button that its page no longer holds
SWEEP = 1.0  # seconds between two looks for buttons to forget


def keep_a_minute() -> None:
    """Let Streamlit forget a button's file later than it would, once in a process.

    It deletes a download at the second end of a script run after the file was made, and what a button would make at
    the first end after the button's page began to be drawn anew, whoever's run that is: in a class that is sooner
    than the browser can ask for it.
    """
    if getattr(MemoryMediaFileStorage.delete_file, "patient", False):
        return
    _files_stay()
    _buttons_stay()


def _files_stay() -> None:
    delete, load = MemoryMediaFileStorage.delete_file, MemoryMediaFileStorage.load_and_get_id
    due: dict[str, float] = {}

    def delete_later(storage: MemoryMediaFileStorage, file_id: str) -> None:
        now = time.monotonic()
        due[file_id] = now + STAY
        for each in [each for each, when in due.copy().items() if when <= now]:
            due.pop(each, None)
            delete(storage, each)

    def load_again(storage: MemoryMediaFileStorage, *given: Any, **named: Any) -> str:
        file_id = load(storage, *given, **named)
        due.pop(file_id, None)
        return file_id

    delete_later.patient = True  # type: ignore[attr-defined]
    MemoryMediaFileStorage.delete_file = delete_later  # type: ignore[method-assign, assignment]
    MemoryMediaFileStorage.load_and_get_id = load_again  # type: ignore[method-assign, assignment]


def _buttons_stay() -> None:
    unused: dict[str, float] = {}  # since when no page holds the button
    swept = -SWEEP

    def forget_later(manager: MediaFileManager) -> None:
        nonlocal swept, unused
        now = time.monotonic()
        if now - swept < SWEEP:
            return
        swept = now
        held = {each for places in manager._files_by_session_and_coord.values() for each in places.values()}
        unused = {each: unused.get(each, now) for each in manager._deferred_callables if each not in held}
        for each in [each for each, since in unused.items() if now - since >= CLICKED]:
            manager._drop_deferred_id(each)

    MediaFileManager._remove_orphaned_deferred_callables = forget_later  # type: ignore[method-assign, assignment]
