"""The timers of a page: parts of it rerun by themselves, at the interval that the server asks for."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable

from websockets.exceptions import ConnectionClosed


class Timers:
    """One for each fragment; `tick` is called with its id."""

    def __init__(self, tick: Callable[[str], Awaitable[object]]) -> None:
        self._tick = tick
        self._running: dict[str, tuple[float, asyncio.Task[None]]] = {}

    def __bool__(self) -> bool:
        return bool(self._running)

    def start(self, fragment: str, interval: float) -> None:
        """Begin, or begin anew where the interval is another one."""
        known = self._running.get(fragment)
        if known is None or known[0] != interval:
            self.end(fragment)
            self._running[fragment] = (interval, asyncio.create_task(self._run(fragment, interval)))

    def end(self, *fragments: str) -> None:
        """End those of these fragments."""
        for fragment in fragments:
            known = self._running.pop(fragment, None)
            if known is not None:
                known[1].cancel()

    def end_all(self) -> None:
        """End every timer."""
        self.end(*self._running)

    async def _run(self, fragment: str, interval: float) -> None:
        due = time.perf_counter() + interval
        with contextlib.suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                await self._tick(fragment)
                due += interval
