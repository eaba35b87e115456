"""How much of what visitors upload the server holds: Streamlit limits each file, and here all of a session are."""

import re
from collections import Counter
from collections.abc import Callable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+/?$")
REFUSED = "This page has uploaded as much as one visitor may. Reload it to begin anew."


def held(session: str) -> int:
    """Bytes of all files that a page has uploaded and that are still in memory."""
    manager = get_instance().uploaded_file_mgr
    if not isinstance(manager, MemoryUploadedFileManager):
        return 0
    return sum(len(file.data) for file in list(manager.file_storage.get(session, {}).values()))


class UploadShare:
    """Refuses a file when those of its page would have more than `most` bytes together; each may have `each`."""

    def __init__(self, app: ASGIApp, most: float, each: int, held: Callable[[str], int] = held) -> None:
        self._app, self._held = app, held
        self._most, self._each = most, each
        self._under_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but a file too many."""
        found = UPLOAD.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        session = found[1]
        if self._held(session) + self._each * (self._under_way[session] + 1) > self._most:
            await PlainTextResponse(REFUSED, 413)(scope, receive, send)
            return
        self._under_way[session] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= Counter({session: 1})
