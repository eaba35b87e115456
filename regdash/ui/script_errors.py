"""What happens when a page fails: one line in the log, one sentence for the visitor, and a number that joins them."""

import logging
import secrets
import traceback
from pathlib import Path

import streamlit as st

from regdash.jobs.logs import log_event

log = logging.getLogger("regdash.pages")

PACKAGE = Path(__file__).resolve().parents[1]


def tell(error: Exception) -> bool:
    """Log the error without what a visitor typed, and show a sentence in its place; never a trace."""
    number = secrets.token_hex(3)
    log_event(log, "page failed", logging.ERROR, id=number, error=type(error).__name__, place=_place(error))
    st.html(f'<p class="rd-notice" role="alert" data-testid="rd-failed">{sentence(number)}</p>')
    return True


def sentence(number: str) -> str:
    """What a visitor reads."""
    return (
        "Something went wrong on this page. Reload it; if that does not help, tell whoever runs this server the "
        f"number {number}."
    )


def silence_traces() -> None:
    """Keep Streamlit from logging whole traces, which hold what visitors typed or sent, unless it logs at debug."""
    logging.getLogger("streamlit.error_util").addFilter(lambda record: _debugging())
    logging.getLogger("streamlit.web.server.starlette.starlette_websocket").addFilter(_without_trace)


def _debugging() -> bool:
    return logging.root.isEnabledFor(logging.DEBUG)


def _without_trace(record: logging.LogRecord) -> bool:
    record.exc_info = record.exc_info if _debugging() else None
    return True


def _place(error: Exception) -> str:
    """The last line of this package that the error came through: ui/live.py:42."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(PACKAGE)]
    if not frames:
        return "nowhere:0"
    frame = (own or frames)[-1]
    path = Path(frame.filename)
    return f"{path.relative_to(PACKAGE).as_posix() if own else path.name}:{frame.lineno}"
