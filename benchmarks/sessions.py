"""Browser tabs without a browser: websocket sessions that speak Streamlit's own messages.

A visitor opens a page, keeps what it shows, moves widgets, and reruns fragments at the interval that the server asks
for, as the page's scripts do in a browser. Nothing is drawn; scripts, styles and fonts are not fetched, and messages
that a browser keeps are always sent again.
"""

import asyncio
import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from benchmarks.timers import Timers
from benchmarks.widget_values import FIELDS, default, given

STATE = re.compile(r'data-testid="rd-state" data-run="([^"]*)" data-state="(\w+)"[^>]*>([^<]*)')
NOTICE = re.compile(r'class="rd-notice" role="alert">([^<]*)<')


@dataclass(frozen=True)
class Rerun:
    """One rerun as its visitor saw it: from the message to the end of the script."""

    tick: bool  # a timer of the page asked for it, not the visitor
    began: float
    seconds: float


@dataclass
class _Shown:
    element: Any
    fragment: str
    run: int


class Visitor:
    """One tab on a page ("" is the first one). Use it with `async with`; `open` loads the page."""

    def __init__(self, address: str, query: str = "", cookie: str = "", page: str = "") -> None:
        self.reruns: list[Rerun] = []
        self.faults: list[str] = []
        self.received = 0  # bytes
        self._address, self._query, self._cookie, self._name = address, query, cookie, page
        self._shown: dict[tuple[int, ...], _Shown] = {}
        self._values: dict[str, WidgetState] = {}
        self._pending: list[tuple[bool, float]] = []
        self._timers = Timers(lambda fragment: self._send(fragment, tick=True))
        self._page, self._run, self._fragments, self._began = "", 0, (), 0.0
        self._news = asyncio.Event()

    async def __aenter__(self) -> "Visitor":
        headers = {"Cookie": self._cookie} if self._cookie else {}
        url = f"{self._address.replace('http', 'ws', 1)}/_stcore/stream"
        self._socket = await connect(
            url,
            subprotocols=[Subprotocol("streamlit")],
            additional_headers=headers,
            max_size=None,
            open_timeout=60,
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._timers.end_all()
        await self._socket.close()
        self._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader

    # What a visitor does

    async def open(self, seconds: float = 60.0) -> None:
        """Load the page."""
        await self.rerun(seconds=seconds)

    async def move(self, label: str, value: Any, seconds: float = 60.0) -> None:
        """Set the widget with this label, and wait for the end of the rerun."""
        sent = await self._send(self.set(label, value))
        await self.until(lambda: all(began > sent for _, began in self._pending), seconds)

    async def press(self, label: str) -> float:
        """Press the button with this label; returns the moment, and does not wait."""
        shown = self._find(label, ("button",))
        return await self._send(shown.fragment, pressed=shown.element.button.id)

    async def rerun(self, seconds: float = 60.0) -> None:
        """Ask for the whole page and wait until its script has ended."""
        sent = await self._send()
        await self.until(lambda: all(began > sent for _, began in self._pending), seconds)

    async def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait until something holds of what is shown; False when it does not in this time."""
        end = time.perf_counter() + seconds
        while not condition():
            if self._reader.done() or time.perf_counter() > end:
                return False
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), end - time.perf_counter())
        return True

    # What is shown

    def set(self, label: str, value: Any) -> str:
        """Give the widget with this label a value; returns the fragment that a browser would now rerun, or nothing."""
        shown = self._find(label)
        kind = shown.element.WhichOneof("type")
        widget = getattr(shown.element, kind)
        self._values[widget.id] = given(kind, widget, value)
        return shown.fragment

    async def set_and_ask(self, label: str, value: Any) -> float:
        """Set the widget with this label; returns the moment, and does not wait."""
        return await self._send(self.set(label, value))

    @property
    def ticking(self) -> bool:
        """Whether a part of the page reruns by itself."""
        return bool(self._timers)

    def state(self) -> tuple[str, str]:
        """The run that the page shows and how far it is, from the line that says so; nothing without one."""
        for kind, element in self._elements():
            found = STATE.search(element.html.body) if kind == "html" else None
            if found:
                return found[1], found[2]
        return "", ""

    def words(self) -> str:
        """What stands in that line, if nothing else is in it."""
        for kind, element in self._elements():
            found = STATE.search(element.html.body) if kind == "html" else None
            if found:
                return found[3]
        return ""

    def chart(self, key: str) -> dict[str, Any] | None:
        """What the chart with this key was given to draw."""
        for kind, element in self._elements():
            if kind == "bidi_component" and element.bidi_component.id.endswith(f"-{key}"):
                figure: dict[str, Any] = json.loads(element.bidi_component.bytes)["figure"]
                return figure
        return None

    def options(self, label: str) -> list[str]:
        """What can be chosen in the row of buttons with this label; nothing without one."""
        with contextlib.suppress(LookupError):
            return [each.content for each in self._find(label, ("button_group",)).element.button_group.options]
        return []

    def _find(self, label: str, kinds: tuple[str, ...] = tuple(FIELDS)) -> _Shown:
        """The widget with this label."""
        for shown in self._shown.values():
            kind = shown.element.WhichOneof("type")
            if kind in kinds and getattr(shown.element, kind).label == label:
                return shown
        raise LookupError(f"there is no {' or '.join(kinds)} named {label!r} on the page")

    def _elements(self) -> Iterator[tuple[str, Any]]:
        for shown in self._shown.values():
            yield shown.element.WhichOneof("type"), shown.element

    # Messages

    async def _send(self, fragment: str = "", pressed: str = "", tick: bool = False) -> float:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string, rerun.page_script_hash, rerun.fragment_id = self._query, self._page, fragment
        rerun.is_auto_rerun = tick
        rerun.page_name = "" if self._page else self._name
        rerun.context_info.url, rerun.context_info.timezone = f"{self._address}/{self._name}", "UTC"
        rerun.context_info.locale, rerun.context_info.color_scheme = "en", "light"
        rerun.widget_states.widgets.extend(self._values.values())
        if pressed:
            rerun.widget_states.widgets.add(id=pressed, trigger_value=True)
        sent = time.perf_counter()
        self._pending.append((tick, sent))
        await self._socket.send(message.SerializeToString())
        return sent

    async def _read(self) -> None:
        try:
            async for data in self._socket:
                self.received += len(data)
                self._take(ForwardMsg.FromString(data))  # type: ignore[arg-type]
        except ConnectionClosed as error:
            self.faults.append(f"the connection was lost ({error})")
        finally:
            self._news.set()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._start(message)
        elif kind == "delta":
            self._draw(message)
        elif kind == "script_finished":
            self._finish(message.script_finished)
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash  # `new_session` names the first page, whichever it is
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self._timers.start(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            self._timers.end(*message.stop_auto_rerun.fragment_ids)

    def _start(self, message: ForwardMsg) -> None:
        self._page = self._page or message.new_session.page_script_hash
        self._run, self._began = self._run + 1, time.perf_counter()
        self._fragments = tuple(message.metadata.run.fragment_ids)
        if not self._fragments:
            self._timers.end_all()

    def _draw(self, message: ForwardMsg) -> None:
        place, delta = tuple(message.metadata.delta_path), message.delta
        if delta.WhichOneof("type") != "new_element":
            self._shown.pop(place, None)
            return
        element = delta.new_element
        self._shown[place] = _Shown(element, delta.fragment_id, self._run)
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.faults.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "html":
            self.faults += NOTICE.findall(element.html.body)
            if STATE.search(element.html.body):
                self._news.set()
        elif kind in FIELDS:
            self._register(kind, getattr(element, kind))

    def _register(self, kind: str, widget: Any) -> None:
        """A browser keeps a value for every widget from the moment it is drawn."""
        if widget.id in self._values and not getattr(widget, "set_value", False):
            return
        self._values[widget.id] = default(kind, widget)

    def _finish(self, status: int) -> None:
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return  # what it did not come to draw stays on the page
        self._forget_stale()
        now = time.perf_counter()
        answered = [each for each in self._pending if each[1] <= self._began]
        self._pending = [each for each in self._pending if each[1] > self._began]
        self.reruns += [Rerun(tick, began, now - began) for tick, began in answered]
        self._news.set()

    def _forget_stale(self) -> None:
        """What this run would have drawn again and did not is no longer on the page, and neither are its widgets."""
        here = self._fragments
        self._shown = {
            place: shown
            for place, shown in self._shown.items()
            if shown.run == self._run or (here and shown.fragment not in here)
        }
        if not here:
            ids = {getattr(element, kind).id for kind, element in self._elements() if kind in FIELDS}
            self._values = {id_: value for id_, value in self._values.items() if id_ in ids}
