"""Images of figures, drawn by a headless Chrome or Chromium where this machine has one."""

import asyncio
import atexit
import json
import shutil
import threading
import time
from collections.abc import Awaitable, Coroutine, Mapping
from concurrent.futures import TimeoutError as TooSlow
from functools import cache
from typing import Any, Protocol, TypeVar

from regdash.charts.drawing import Drawing
from regdash.errors import RegdashError
from regdash.settings import settings

FORMATS = ("png", "svg", "pdf")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
SECONDS = 20.0  # that one image may take
START_SECONDS = 40.0  # that the browser may take to start, image included
IDLE_SECONDS = 240.0  # after which the browser is closed
REST_SECONDS = 60.0  # for which a browser that failed is not offered
WAITING = 8  # exports that may wait for each other
NO_NETWORK = "127.0.0.1:9"  # a proxy that answers nobody: the browser loads nothing from elsewhere

HOW_TO = "Install Chromium, or name a Chrome or Chromium in REGDASH_CHROMIUM, and start the server again."
MISSING = f"This server has no Chrome or Chromium, which PDF needs. {HOW_TO}"
FULL = "Many pictures are being made on this server at once. Try again in a moment."
BROKEN = "The browser that draws pictures on this server gave none. Try again, or take what your own browser draws."

Result = TypeVar("Result")


class Renderer(Protocol):
    """What draws a figure: Kaleido, or a stand-in in tests."""

    def calc_fig(self, fig: Mapping[str, Any], opts: Mapping[str, Any]) -> Awaitable[bytes]:
        """The image of a figure."""

    def close(self) -> Awaitable[None]:
        """End."""


def chromium() -> str:
    """The path of a Chrome or Chromium; empty where there is none."""
    named = settings().chromium
    return (shutil.which(named) or "") if named else _found()


@cache
def _found() -> str:
    return next(filter(None, map(shutil.which, NAMES)), "")


class Printer:
    """One headless browser for all threads: it draws one figure after another and starts when it is first needed.

    Any failure ends the browser, so that the next image begins with a fresh one; it is also ended when nobody has
    wanted an image for some minutes.
    """

    def __init__(self, path: str, idle: float = IDLE_SECONDS, waiting: int = WAITING) -> None:
        self.path, self.idle = path, idle
        self._places = threading.BoundedSemaphore(waiting)
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turn = asyncio.Lock()
        self._renderer: Renderer | None = None
        self._used = 0
        self.failed = 0.0  # when it last failed, by the clock of this process

    def image(self, drawing: Drawing, format: str, width: int, height: int, scale: float = 1.0) -> bytes:
        """The figure as PNG, SVG or PDF, `width` x `height` px (of 1/96 inch); PNG has `scale` pixels for each.

        Raises RegdashError with a sentence when there is no browser, when it fails, or when many wait already.
        """
        if not self.path:
            raise RegdashError(MISSING)
        if not self._places.acquire(blocking=False):
            raise RegdashError(FULL)
        try:
            options = {"format": format, "width": width, "height": height, "scale": scale}
            return self._ask(self._draw(json.loads(drawing.to_json()), options), START_SECONDS * WAITING)
        finally:
            self._places.release()

    @property
    def ready(self) -> bool:
        """Whether there is a browser that has not failed lately."""
        return bool(self.path) and not (self.failed and time.monotonic() - self.failed < REST_SECONDS)

    def close(self) -> None:
        """End the browser; the next image starts another."""
        if self._loop is not None:
            self._ask(self._drop(), SECONDS)

    async def start(self) -> Renderer:
        """A fresh browser."""
        from kaleido import Kaleido  # takes half a second

        renderer: Any = Kaleido(n=1, mathjax=False, timeout=SECONDS, path=self.path, proxy_server=NO_NETWORK)
        await renderer.open()
        found: Renderer = renderer
        return found

    def _ask(self, work: Coroutine[Any, Any, Result], seconds: float) -> Result:
        """Have the loop's thread do it and wait."""
        asked = asyncio.run_coroutine_threadsafe(work, self._running())
        try:
            return asked.result(seconds)
        except TooSlow:
            asked.cancel()
            raise RegdashError(BROKEN) from None

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="regdash-images", daemon=True).start()
                atexit.register(self.close)
            return self._loop

    async def _draw(self, figure: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
        async with self._turn:
            try:
                return await asyncio.wait_for(self._drawn(figure, options), START_SECONDS)
            except Exception as error:
                self.failed = time.monotonic()
                await self._drop()
                raise RegdashError(BROKEN) from error
            finally:
                self._used += 1
                asyncio.get_running_loop().call_later(self.idle, self._rest, self._used)

    async def _drawn(self, figure: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
        if self._renderer is None:
            self._renderer = await self.start()
        return bytes(await self._renderer.calc_fig(figure, options))

    def _rest(self, used: int) -> None:
        if used == self._used and not self._turn.locked():
            self._closing = asyncio.get_running_loop().create_task(self._drop())

    async def _drop(self) -> None:
        renderer, self._renderer = self._renderer, None
        if renderer is not None:
            try:
                await asyncio.wait_for(renderer.close(), SECONDS / 4)
            except Exception:  # it is gone already, which is what was wanted
                return


@cache
def printer() -> Printer:
    """The printer of this process."""
    return Printer(chromium())
