"""Times and sizes on the Runs page, as people say them."""

import time

MB = 1e6


def ago(moment: float, now: float | None = None) -> str:
    """How long ago: 'just now', '5 min ago', '3 h ago', '2 days ago'."""
    seconds = (time.time() if now is None else now) - moment
    if seconds < 60:
        return "just now"
    for limit, unit, name in ((5_400, 60, "min"), (172_800, 3_600, "h")):
        if seconds < limit:
            return f"{seconds / unit:.0f} {name} ago"
    return f"{seconds / 86_400:.0f} days ago"


def size(number: float) -> str:
    """Bytes: 12 kB, 1.3 MB."""
    return f"{number / 1e3:.0f} kB" if number < 0.1 * MB else f"{megabytes(number)} MB"


def megabytes(number: float) -> str:
    """Bytes as a number of megabytes: 0.04, 1.3, 2,000."""
    found = number / MB
    return f"{found:.2f}" if found < 0.1 else f"{found:.1f}" if found < 99.5 else f"{found:,.0f}"
