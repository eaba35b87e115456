"""Ask an ASGI application without a server."""

import asyncio


def asked(app, path="/", kind="http", scheme="http", method="GET", **headers):
    """The messages that the application sends; underscores in the names of headers stand for hyphens."""
    sent = []
    fields = {"host": "127.0.0.1:8501"} | {name.replace("_", "-"): text for name, text in headers.items()}
    scope = {
        "type": kind, "path": path, "raw_path": path.encode(), "query_string": b"", "scheme": scheme, "method": method,
        "headers": [(name.encode(), text.encode()) for name, text in fields.items()], "root_path": "",
        "server": ("127.0.0.1", 8501), "client": ("127.0.0.1", 1), "http_version": "1.1",
    }  # fmt: skip

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


def headers_of(sent):
    """The headers of the answer, names in small letters; several of one name are a list."""
    found = {}
    for name, text in sent[0].get("headers", []):
        found.setdefault(name.decode().lower(), []).append(text.decode())
    return {name: texts[0] if len(texts) == 1 else texts for name, texts in found.items()}


def body_of(sent):
    """The text of the answer."""
    return b"".join(message.get("body", b"") for message in sent).decode()
