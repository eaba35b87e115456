"""Fetching a data set from the network, by a process of its own.

Keras knows where the files are and how to read them, but the process that shows pages must never load it. So another
process (`fetch.py`) does both and leaves a plain file of arrays.
"""

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from regdash.datasets.sources import SOURCES, WAY_OUT, Source, fault_of, place_of
from regdash.errors import RegdashError

COMMAND = (sys.executable, "-m", "regdash.datasets.fetch")
NO_CONNECTION, REFUSED, BROKEN, NO_ROOM = 3, 4, 5, 6  # how the process ends when it fails for a reason it knows
REASONS = {
    NO_CONNECTION: "there is no connection to the place where it is kept. Connect and press Download again",
    REFUSED: "the place where it is kept does not give it out at the moment. Press Download again later",
    BROKEN: "what came is damaged. Press Download again",
    NO_ROOM: "there is no room for it on this machine. Make room and press Download again",
}
ENVIRONMENT = {"KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
POLL_SECONDS = 0.1
OLD_SECONDS = 24 * 3_600.0  # after which a folder that a killed process left behind is removed
DOWNLOADED = 0.95  # of the whole; the rest is reading the files and writing ours

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds: for the next byte, and for everything."""

    stall: float = 120.0
    total: float = 3 * 3_600.0


PATIENCE = Patience()


def fetch(
    name: str,
    on_progress: Callable[[float], None] = lambda share: None,
    cancelled: Callable[[], bool] = lambda: False,
    patience: Patience = PATIENCE,
    command: Sequence[str] = COMMAND,
) -> Path:
    """Download a data set unless a sound file of it is there; returns the place of the file.

    `on_progress` is told the share that is done, from 0 to 1 and never less than before; `cancelled` is asked several
    times a second. What Keras itself has on this machine is not downloaded again. Two processes that fetch the same
    do no harm: each works in a folder of its own and moves the finished file into its place. RegdashError says in a
    sentence why it could not be done.
    """
    if name not in SOURCES:
        raise RegdashError(f"a data set to download must be one of {', '.join(SOURCES)}, got {name[:60]!r}")
    place, source = place_of(name), SOURCES[name]
    if fault_of(place, source):
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            _remove_old(place.parent)
            with tempfile.TemporaryDirectory(".part", f"{name}-", place.parent, ignore_cleanup_errors=True) as folder:
                _Fetch(name, source, Path(folder), _rising(on_progress), cancelled, patience, command).into(place)
        except OSError as error:
            reason = f"{source.label} could not be kept in {place.parent} ({error.strerror or error})"
            raise RegdashError(f"{reason}. Make room there, or set REGDASH_DATA_DIR to another folder.") from error
    on_progress(1.0)
    return place


@dataclass(frozen=True)
class _Fetch:
    """One attempt to make the file of a data set in a folder of its own."""

    name: str
    source: Source
    folder: Path
    on_progress: Callable[[float], None]
    cancelled: Callable[[], bool]
    patience: Patience
    command: Sequence[str]

    def into(self, place: Path) -> None:
        """Make the file from what Keras has on this machine, or else from the network, and move it into its place."""
        status = self._run() if self._adopt() else BROKEN
        if status == BROKEN:  # Keras had nothing, or something damaged
            shutil.rmtree(self.folder / "datasets", ignore_errors=True)
            status = self._run()
        if not status and fault_of(self.folder / "made.npz", self.source):
            status = BROKEN
        if status:
            raise self._failed(REASONS.get(status) or self._unknown(status))
        (self.folder / "made.npz").replace(place)

    def _adopt(self) -> bool:
        """Copy what Keras has downloaded for somebody else; whether there was anything."""
        home = Path(os.environ.get("KERAS_HOME") or Path("~/.keras").expanduser())
        found = [file for file in self.source.files if (home / file).is_file()]
        for file in found:
            (self.folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(home / file, self.folder / file)
        return bool(found)

    def _run(self) -> int:
        """Run the process to its end and tell how far it is; returns its exit status."""
        with (self.folder / "said.txt").open("wb") as said:
            process = subprocess.Popen(
                [*self.command, self.name, str(self.folder / "made.npz")],
                stdin=subprocess.PIPE,  # its end tells the process that this one has ended
                stdout=subprocess.DEVNULL,
                stderr=said,
                env=os.environ | ENVIRONMENT | {"KERAS_HOME": str(self.folder)},
            )
        try:
            self._watch(process)
        finally:
            process.kill()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()
        return process.returncode

    def _watch(self, process: "subprocess.Popen[bytes]") -> None:
        begun = moved = time.monotonic()
        size = -1
        while process.poll() is None:
            now, total = time.monotonic(), _bytes_below(self.folder)
            if total != size:
                size, moved = total, now
            if self.cancelled():
                raise RegdashError(f"The download of {self.source.label} was cancelled; nothing of it was kept.")
            if now - moved > self.patience.stall:
                raise self._failed(f"nothing came for {now - moved:.0f} seconds. Press Download again")
            if now - begun > self.patience.total:
                raise self._failed(f"it was not complete after {now - begun:.0f} seconds. Press Download again")
            self.on_progress(DOWNLOADED * self._share())
            time.sleep(POLL_SECONDS)

    def _share(self) -> float:
        """How much of the files is there; one whose size is not the known one counts as whole when it is larger."""
        known = self.source.files
        return sum(min(_bytes_of(self.folder / file), size) for file, size in known.items()) / sum(known.values())

    def _failed(self, reason: str) -> RegdashError:
        return RegdashError(f"{self.source.label} could not be downloaded: {reason}, {WAY_OUT}")

    def _unknown(self, status: int) -> str:
        said = (self.folder / "said.txt").read_text(errors="replace")[-4_000:]
        log.error("The process that fetches %s ended with status %d and said:\n%s", self.source.label, status, said)
        return f"the process that fetches it ended with status {status}. What it said stands in the log; try again"


def _rising(on_progress: Callable[[float], None]) -> Callable[[float], None]:
    """The same, but never told less than before."""
    most = 0.0

    def tell(share: float) -> None:
        nonlocal most
        most = max(most, share)
        on_progress(most)

    return tell


def _bytes_of(file: Path) -> int:
    with suppress(OSError):  # it is not there yet, or not any more
        return file.stat().st_size
    return 0


def _bytes_below(folder: Path) -> int:
    return sum(_bytes_of(file) for file in folder.rglob("*"))


def _remove_old(folder: Path) -> None:
    for left in folder.glob("*.part"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > OLD_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
