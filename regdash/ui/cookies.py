"""The cookie that makes an anonymous visitor recognisable; set by the server, so that no script in a page can read it.

The server sets it with the first page, before the page's websocket is opened, so a page finds it in
`st.context.cookies`. Under `streamlit run` no middleware runs and the page has to set it by itself.
"""

import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "regdash_visitor"
DAY = 86_400.0  # seconds


def new_secret() -> str:
    """A secret that nobody can guess: 128 bits."""
    return secrets.token_urlsafe(16)


def is_secret(text: str) -> bool:
    """Whether a text has the form of a visitor's secret."""
    return re.fullmatch(r"[\w-]{22}", text, re.ASCII) is not None


class VisitorCookie:
    """Gives every browser its secret with the page it opens, and keeps it for `days` since the last page."""

    def __init__(self, app: ASGIApp, days: float) -> None:
        self._app = app
        self._seconds = int(days * DAY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; the answer to one for a page carries the cookie."""
        if scope["type"] != "http" or not opens_page(scope):
            await self._app(scope, receive, send)
            return
        cookie = set_cookie(scope, self._seconds)

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("set-cookie", cookie)
                headers["cache-control"] = "private, no-cache"  # one visitor's cookie must not reach the next
            await send(message)

        await self._app(scope, receive, with_cookie)


def opens_page(scope: Scope) -> bool:
    """Whether a browser asks for a page to show, rather than for a file, a health check or data."""
    return scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")


def set_cookie(scope: Scope, seconds: int) -> str:
    """The Set-Cookie header: the browser's own secret once more, or a new one."""
    request = HTTPConnection(scope)
    known = request.cookies.get(COOKIE, "")
    parts = [f"{COOKIE}={known if is_secret(known) else new_secret()}", "Path=/", f"Max-Age={seconds}"]
    return "; ".join([*parts, "HttpOnly", "SameSite=Lax", *(["Secure"] if is_https(request) else [])])


def is_https(request: HTTPConnection) -> bool:
    """Whether the browser reached the server, or the proxy before it, by https."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", "").split(",")[0].strip())
