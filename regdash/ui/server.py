"""The dashboard's process: the pages' modules are loaded and the engine is started before the first visitor comes."""

import json
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.web.server.server_util import allowlisted_origins
from uvicorn.config import LOGGING_CONFIG

from regdash.datasets.table_limits import LIMITS
from regdash.errors import RegdashError
from regdash.jobs.logs import configure, log_event
from regdash.settings import Settings, settings
from regdash.ui import (
    compare_page,
    controls,
    downloads_stay,
    form,
    frame,
    guide,
    learn_page,
    live,
    operators,
    room_page,
    runs_page,
    script_errors,
    search_page,
    status_page,
)
from regdash.ui.cookies import VisitorCookie
from regdash.ui.protection import OwnOrigin, SafeHeaders
from regdash.ui.uploads import UploadShare

log = logging.getLogger("regdash.server")

USAGE = "python -m regdash.ui.server run APP.PY [--server.port 8501 and other options of streamlit run]"
PAGES = (
    compare_page,
    controls,
    form,
    guide,
    learn_page,
    live,
    room_page,
    runs_page,
    search_page,
    status_page,
)  # to be loaded
ALWAYS = {"logger.hideWelcomeMessage": True, "logger.enableRich": False}


def main() -> int:
    """Serve the dashboard until the process is told to end; options are those of `streamlit run`."""
    try:
        script, options = read_arguments(sys.argv[1:])
        here = settings()
        sys.argv = [str(script)]  # Streamlit looks for its settings beside what was started
        app = application(script, here)
    except RegdashError as error:
        print(error, file=sys.stderr)
        return 2
    configure(here)
    _keep_addresses_out()
    script_errors.silence_traces()
    downloads_stay.keep_a_minute()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: sys.exit(0))  # after the server has ended, so that what was opened is closed
    frame.connect()
    log_event(log, "server starts", address=address(options))
    app.run(config=ALWAYS | options)
    return 0


def application(script: Path, here: Settings) -> st.App:
    """Streamlit, with the addresses for programs, the visitor's cookie and safe headers around it."""
    return st.App(
        script,
        secrets=_secrets(here),
        lifespan=operators.watching,
        routes=operators.routes(frame.connect, operators.observer, here.metrics),
        middleware=[
            Middleware(OwnOrigin, allowed=allowlisted_origins),
            Middleware(SafeHeaders),
            Middleware(VisitorCookie, days=here.keep_days),
            Middleware(UploadShare, most=here.max_upload_mb * 2**20, each=LIMITS.upload_bytes),
        ],
        on_script_error=script_errors.tell,
    )


def read_arguments(given: Sequence[str]) -> tuple[Path, dict[str, Any]]:
    """The script and Streamlit's options: run app.py --server.port 8501 becomes app.py and {"server.port": 8501}."""
    words = [part for word in given for part in (word.split("=", 1) if word.startswith("--") else [word])]
    names, texts = words[2::2], words[3::2]
    if words[:1] != ["run"] or len(words) < 2 or len(names) != len(texts) or not all(n.startswith("--") for n in names):
        raise RegdashError(f"The server is started as {USAGE}, got {' '.join(given)[:200]!r}.")
    return Path(words[1]).resolve(), {name[2:]: _value(text) for name, text in zip(names, texts, strict=True)}


def address(options: Mapping[str, Any]) -> str:
    """Where the server will be found."""
    return f"http://{options.get('server.address', 'localhost')}:{options.get('server.port', 8501)}"


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text  # an address, for example


def _secrets(here: Settings) -> Mapping[str, Any] | None:
    if not here.sign_in:
        return None
    from regdash.ui.sign_in import secrets_from

    return secrets_from(os.environ)


def _keep_addresses_out() -> None:
    """The web server writes down the address of every websocket unless it only warns."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        LOGGING_CONFIG["loggers"][name]["level"] = "WARNING"


if __name__ == "__main__":
    sys.exit(main())
