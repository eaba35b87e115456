"""What the server answers to programs: whether it lives, whether it can work, and its figures as JSON and text."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from regdash.errors import StoreUnavailable
from regdash.jobs.metrics import CONTENT_TYPE, as_prometheus
from regdash.jobs.observer import Observer
from regdash.jobs.overview import Overview, as_json
from regdash.jobs.queue import Queue
from regdash.settings import settings
from regdash.ui import frame
from regdash.ui.protection import connections

EVERY = 5.0  # seconds between two looks while nobody asks, so that the chart of the status page has no gaps
FRESH = {"Cache-Control": "no-store"}
OFF = "These figures are turned off on this server (REGDASH_METRICS)."


@st.cache_resource(show_spinner=False)
def observer() -> Observer:
    """One for the status page and all programs that ask."""
    return Observer(_read)


def routes(connect: Callable[[], Queue], watch: Callable[[], Observer], figures: bool) -> list[Route]:
    """The addresses for programs; without `figures` only whether the server lives and can work."""

    def alive(_: Request) -> Response:
        return PlainTextResponse("ok", headers=FRESH)

    def ready(_: Request) -> Response:
        trouble = trouble_of(connect())
        return PlainTextResponse(trouble or "ready", 503 if trouble else 200, FRESH)

    def status(_: Request) -> Response:
        return _figures(figures, lambda: JSONResponse(as_json(watch().look()), headers=FRESH))

    def metrics(_: Request) -> Response:
        return _figures(
            figures, lambda: Response(as_prometheus(watch().look()), headers=FRESH, media_type=CONTENT_TYPE)
        )

    answers = {"/healthz": alive, "/readyz": ready, "/status.json": status, "/metrics": metrics}
    return [Route(path, answer) for path, answer in answers.items()]


def offered() -> bool:
    """Whether the server of the page that asks answers with figures; `streamlit run` alone has no such addresses."""
    return settings().metrics and connections() > 0


def trouble_of(queue: Queue) -> str:
    """Why the server cannot work as it should, in a sentence; empty when it can."""
    engine = queue.engine()
    return queue.warning or (engine.sentence if engine.state == "down" else "")


@contextlib.asynccontextmanager
async def watching(_: object) -> AsyncIterator[None]:
    """Look now and then for as long as the server runs."""
    task = asyncio.create_task(_watch())
    try:
        yield
    finally:
        task.cancel()


async def _watch() -> None:
    while True:
        with contextlib.suppress(StoreUnavailable):
            await asyncio.to_thread(observer().look)
        await asyncio.sleep(EVERY)


def _read() -> Overview:
    found = frame.connect().overview()
    return replace(found, process=replace(found.process, sessions=connections()))


def _figures(shown: bool, answer: Callable[[], Response]) -> Response:
    if not shown:
        return PlainTextResponse(OFF, 404, FRESH)
    try:
        return answer()
    except StoreUnavailable as error:
        return PlainTextResponse(str(error), 503, FRESH)
