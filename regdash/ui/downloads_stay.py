"""A file that was made for a visitor stays until the browser has fetched it, however many others use the server."""

import time
from typing import Any

from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

STAY = 60.0  # seconds


def keep_a_minute() -> None:
    """Let Streamlit delete a file a minute later than it would.

    It deletes a download at the second end of a script run after the file was made, whoever's run that is: in a class
    that is sooner than the browser can ask for it.
    """
    if getattr(MemoryMediaFileStorage.delete_file, "patient", False):
        return
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
