"""The small chart of the Status page: epochs per second over the last ten minutes, one bar for every ten seconds."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean

from regdash.jobs.observer import Moment

SLOT = 10.0  # seconds of one bar
SLOTS = 60


def throughput(moments: Sequence[Moment], now: float) -> str:
    """The chart as HTML; bars that have not been measured stay away."""
    bars = slots(moments, now)
    highest = max((bar for bar in bars if bar is not None), default=None)
    if highest is None:
        return '<p class="rd-empty">Nothing has been measured yet.</p>'
    top = scale(highest)
    words = f"Epochs per second over the last 10 minutes: now {moments[-1].epochs_per_s:,.0f}, at most {highest:,.0f}."
    drawn = "".join(_bar(bar, top, SLOTS - place) for place, bar in enumerate(bars))
    return (
        f'<figure class="rd-pace" role="img" aria-label="{words}">'
        f'<span class="rd-top">{top:,g} epochs per second</span><div class="rd-bars" aria-hidden="true">{drawn}</div>'
        "<figcaption><span>10 minutes ago</span><span>now</span></figcaption></figure>"
    )


def slots(moments: Sequence[Moment], now: float) -> list[float | None]:
    """The mean of every slot, the oldest first; None where nothing was measured."""
    found: dict[int, list[float]] = defaultdict(list)
    for moment in moments:
        found[int(moment.at // SLOT)].append(moment.epochs_per_s)
    last = int(now // SLOT)
    return [fmean(found[slot]) if slot in found else None for slot in range(last - SLOTS + 1, last + 1)]


def scale(highest: float) -> float:
    """The end of the scale: the next of 1, 2, 5, 10, 20, 50, ... that is not below the highest value."""
    top = 1.0
    for step in (2.0, 2.5, 2.0) * 12:
        if highest <= top:
            break
        top *= step
    return top


def _bar(value: float | None, top: float, ago: int) -> str:
    if value is None:
        return "<i></i>"
    return f'<i style="height:{100 * value / top:.1f}%" title="{value:,.0f} epochs per second, {_ago(ago)}"></i>'


def _ago(slots: int) -> str:
    seconds = slots * SLOT
    return f"{seconds:.0f} s ago" if seconds < 120 else f"{seconds / 60:.0f} min ago"
