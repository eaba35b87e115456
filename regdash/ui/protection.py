"""What the server says and refuses around Streamlit's own answers, for the safety of visitors."""

import re
from base64 import b64encode
from collections.abc import Callable, Collection, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-f:]+\](:\d+)?", re.ASCII | re.IGNORECASE)


class SafeHeaders:
    """Adds headers that keep browsers from guessing types, leaking addresses and running or loading foreign content.

    Other sites may show a page in a frame: courses do.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete the headers of its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = content_policy(Headers(scope=scope).get("host", ""))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
                headers.setdefault("Content-Security-Policy", policy)
            await send(message)

        await self._app(scope, receive, with_headers)


def content_policy(host: str) -> str:
    """What a page may run and load: scripts of this server, none written into the page, nothing of other machines.

    Streamlit writes styles into the page and loads the scripts of its components from blobs. Older browsers do not
    take a websocket to the same host for "self", so it is named too.
    """
    here = f"'self' ws://{host} wss://{host}" if HOST.fullmatch(host) else "'self'"
    return (
        f"default-src 'self'; script-src 'self' blob: {_inline_scripts()}; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: blob:; font-src 'self' data:; connect-src {here}; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'"
    )


class OwnOrigin:
    """Counts the websockets, and refuses one that another site's page opens.

    Streamlit refuses it too, but first asks a machine elsewhere for its own address, and the server stands still
    meanwhile. `allowed` gives the origins of other sites whose pages may come.
    """

    def __init__(self, app: ASGIApp, allowed: Callable[[], Collection[str]] = tuple) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but websockets of strangers."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
        elif not is_own(Headers(scope=scope), self._allowed()):
            await send({"type": "websocket.close", "code": 1008})
        else:
            _open.add(key := object())
            try:
                await self._app(scope, receive, send)
            finally:
                _open.discard(key)


def is_own(headers: Mapping[str, str], allowed: Collection[str] = ()) -> bool:
    """Whether the page that opens a websocket came from this server; programs say no origin and may come."""
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host", "") or origin in allowed


_open: set[object] = set()


def connections() -> int:
    """How many browsers are connected to this process."""
    return len(_open)


@cache
def _inline_scripts() -> str:
    """The hashes of the scripts that stand in Streamlit's own page."""
    page = Path(get_static_dir(), "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in scripts)
