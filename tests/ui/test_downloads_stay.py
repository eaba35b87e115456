"""A download outlives the reruns of others until the browser has fetched it."""

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from regdash.ui import downloads_stay

PATCHED = (
    (MemoryMediaFileStorage, "delete_file"),
    (MemoryMediaFileStorage, "load_and_get_id"),
    (MediaFileManager, "_remove_orphaned_deferred_callables"),
)


@pytest.fixture
def clock(monkeypatch):
    """Patience for the length of a test, and a clock that stands until it is moved."""
    now = [0.0]
    for kind, name in PATCHED:
        monkeypatch.setattr(kind, name, getattr(kind, name))
    monkeypatch.setattr(downloads_stay.time, "monotonic", lambda: now[0])
    downloads_stay.keep_a_minute()
    return now


def made(manager, text):
    """What a download button makes: the name in the address of the file."""
    session = "somebody"
    manager._deferred_callables[text] = {
        "callable": lambda: text.encode(), "mimetype": "text/plain", "filename": "a.txt",
        "session_id": session, "coordinates": "", "element_id": "",
    }  # fmt: skip
    return manager.execute_deferred(text).rpartition("/")[2]


def test_a_file_can_be_fetched_though_others_have_rerun_their_pages(clock):
    storage = MemoryMediaFileStorage("/media")
    manager = MediaFileManager(storage)
    name = made(manager, "report")
    for _ in range(5):
        manager.remove_orphaned_files()
    assert storage.get_file(name).content == b"report"
    clock[0] = downloads_stay.STAY + 1
    made(manager, "another")
    for _ in range(3):
        manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        storage.get_file(name)


def test_a_file_that_is_made_again_is_not_deleted_for_the_first_time_it_was_made(clock):
    storage = MemoryMediaFileStorage("/media")
    manager = MediaFileManager(storage)
    made(manager, "report")
    for _ in range(2):
        manager.remove_orphaned_files()
    clock[0] = downloads_stay.STAY - 1
    name = made(manager, "report")
    made(manager, "another")
    clock[0] = downloads_stay.STAY + 1
    for _ in range(2):
        manager.remove_orphaned_files()
    assert storage.get_file(name).content == b"report"


def test_a_click_on_a_button_whose_page_is_being_drawn_anew_still_makes_the_file(clock):
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    button = manager.add_deferred(lambda: b"report", "text/plain", "0.1", "a.txt")
    manager.clear_session_refs()  # its own page begins anew
    manager.remove_orphaned_files()  # and another's ends
    assert manager.execute_deferred(button)
    clock[0] = downloads_stay.CLICKED / 2
    manager.remove_orphaned_files()
    assert manager.execute_deferred(button)
    clock[0] = downloads_stay.CLICKED
    manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError, match="not found"):
        manager.execute_deferred(button)


def test_a_button_on_a_page_is_never_forgotten(clock):
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    button = manager.add_deferred(lambda: b"report", "text/plain", "0.1", "a.txt")
    for _ in range(5):
        manager.remove_orphaned_files()
        clock[0] += downloads_stay.CLICKED
    assert manager.execute_deferred(button)


def test_a_button_that_is_switched_off_makes_nothing_more(clock):
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    button = manager.add_deferred(lambda: b"report", "text/plain", "0.1", "a.txt")
    manager.remove_deferred("0.1")
    with pytest.raises(MediaFileStorageError, match="not found"):
        manager.execute_deferred(button)


def test_without_patience_a_click_on_that_button_would_be_lost():
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    button = manager.add_deferred(lambda: b"report", "text/plain", "0.1", "a.txt")
    manager.clear_session_refs()
    manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError, match="not found"):
        manager.execute_deferred(button)


def test_without_patience_the_file_would_be_gone():
    storage = MemoryMediaFileStorage("/media")
    manager = MediaFileManager(storage)
    name = made(manager, "report")
    for _ in range(2):
        manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        storage.get_file(name)
