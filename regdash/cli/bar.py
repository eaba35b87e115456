"""How far a search is: one line that is drawn again and again in a terminal, else a line now and then."""

import time
from collections.abc import Callable
from typing import TextIO

WIDTH = 24
PAUSE = 5.0  # seconds between two lines where nothing can be drawn over


class Bar:
    """A progress line on a stream, usually standard error."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._drawn = stream.isatty()
        self._shown, self._next = "", 0.0

    def show(self, done: int, total: int, words: str) -> None:
        """Say how far it is: `words` follow the count; nothing happens where that was the last thing said."""
        line = f"{_drawing(done, total)} {done}/{total} {words}" if self._drawn else f"{done}/{total} {words}"
        if line == self._shown or (not self._drawn and self._clock() < self._next and done < total):
            return
        if self._drawn:
            self._stream.write("\r" + line.ljust(len(self._shown)))
        else:
            self._stream.write(line + "\n")
        self._shown, self._next = line, self._clock() + PAUSE
        self._stream.flush()

    def say(self, sentence: str) -> None:
        """A sentence on a line of its own."""
        self.end()
        self._stream.write(sentence + "\n")
        self._stream.flush()

    def end(self) -> None:
        """Leave the line as it is and go on below it."""
        if self._drawn and self._shown:
            self._stream.write("\n")
        self._shown = ""


def _drawing(done: int, total: int) -> str:
    full = WIDTH * done // max(total, 1)
    return "[" + "#" * full + "." * (WIDTH - full) + "]"


def duration(seconds: float) -> str:
    """A length of time for people: 8 s, 2 min 5 s, 1 h 4 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
