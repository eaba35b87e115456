"""When a room ends, in words and on the visitor's clock."""

import time
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import streamlit as st

HOUR, DAY = 3_600, 86_400


def ends(expires: float) -> str:
    """'Open until Tue 24 Nov, 14:05, for another 2 hours.', or that it has ended."""
    left = expires - time.time()
    moment = datetime.fromtimestamp(expires, _zone())
    when = f"{moment:%a} {moment.day} {moment:%b}, {moment:%H:%M}"
    return f"Open until {when}, for another {span(left)}." if left > 0 else f"Ended on {when}."


def span(seconds: float) -> str:
    """A length of time in its largest unit: 2 days, 3 hours, 20 minutes."""
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (60, "minute")):
        if seconds >= unit:
            number = round(seconds / unit)
            return f"{number} {name}" if number == 1 else f"{number} {name}s"
    return "less than a minute"


def _zone() -> tzinfo:
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (KeyError, ValueError, OSError):
        return UTC
