"""A lock file beside the store, so that one coordinator serves it; the system frees it when its holder dies."""

import sys
from pathlib import Path
from typing import IO

from regdash.store.database import store_file

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock_file(url: str, data_dir: Path) -> Path:
    """Where the lock of a store lies: beside its file, or in the data folder for a store on a server."""
    file = store_file(url)
    return file.with_name(file.name + ".lock") if file is not None else data_dir / "coordinator.lock"


def take_lock(path: Path) -> IO[bytes] | None:
    """The lock, held until the file is closed or the process ends; None when another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("ab")
    try:
        _lock(file)
    except OSError:
        file.close()
        return None
    return file


def lock_is_taken(path: Path) -> bool:
    """Whether a process holds the lock."""
    if not path.exists():
        return False
    lock = take_lock(path)
    if lock is None:
        return True
    lock.close()
    return False
