"""The verdicts on the page: a sentence for two settings; for more a list against the reference, and a matrix."""

import math
from collections.abc import Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from regdash.comparison import BY_NAME, Measure, Verdict, against, all_verdicts, offered
from regdash.links import MOST_RUNS
from regdash.ui import compare_bar, compare_state
from regdash.ui.compare_runs import Lanes
from regdash.ui.kept import kept

NOTHING = "A verdict on each pair stands here as soon as runs of both settings have ended."
STEP = 4  # seeds that are trained at once when nothing says how many would decide
MOST_AT_ONCE = 20
HOLM = (
    "{count} pairs: with so many some differ by chance alone, so “remains” marks those whose difference is still there "
    "after Holm's correction at 5 %."
)


def draw(lanes: Lanes) -> None:
    """The verdicts by the measure that the visitor chooses; nothing for a single setting."""
    if len(lanes.lanes) < 2:
        return
    measure, reference = _measure(lanes), lanes.comparison.reference
    stamp = (measure.name, reference, lanes.stamp)
    found = kept(("verdicts", stamp), lambda: against(lanes.series, measure, reference))
    with st.container(key="compare-verdicts", gap="small"):
        _choose(lanes, measure)
        if not any(map(_tells, found)):
            st.html(f'<p class="rd-pair" data-testid="rd-pair" data-verdict="open">{NOTHING}</p>')
            return
        others = [at for at in range(len(lanes.lanes)) if at != reference]
        told = [(at, each) for at, each in zip(others, found, strict=True) if _tells(each)]
        for at, each in told:
            _row(lanes, at, each, big=len(found) == 1)
        if len(told) < len(found):
            _untold([each for each in found if not _tells(each)])
        if len(found) > 1:
            if _judged(found) > 1:
                st.html(f'<p class="rd-caption">{escape(HOLM.format(count=_judged(found)))}</p>')
            _matrix(lanes, measure, stamp)


def _tells(each: Verdict) -> bool:
    """Whether there is a difference to speak of, or a reason why there never will be one."""
    return math.isfinite(each.change.mean) or bool(each.incomparable)


def _untold(found: Sequence[Verdict]) -> None:
    """Settings that cannot be judged yet, in one line."""
    names = ", ".join(escape(each.first) for each in found)
    st.html(f'<p class="rd-caption">Not judged, for want of finished runs with such a curve: {names}.</p>')


def _measure(lanes: Lanes) -> Measure:
    """The measure of the address, where a setting has it; else the first."""
    there = offered(lanes.series)
    wanted = BY_NAME.get(lanes.comparison.measure)
    return wanted if wanted in there and wanted is not None else there[0]


def _choose(lanes: Lanes, measure: Measure) -> None:
    key = "compare measure"
    st.session_state[key] = measure.name

    def changed() -> None:
        compare_state.show(replace(compare_state.held(), measure=st.session_state[key]))

    st.selectbox(
        "Judged by",
        [each.name for each in offered(lanes.series)],
        key=key,
        format_func=lambda name: BY_NAME[name].head,
        width=260,
        help="Differences are told by this figure, at the best or the last epoch of each run.",
        on_change=changed,
    )


def _row(lanes: Lanes, at: int, each: Verdict, big: bool) -> None:
    """A sentence, and the button that trains what would decide it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"compare-verdict-{at}"):
        st.html(_said(each, big), width="stretch")
        if each.within_noise is not False and not each.incomparable and not lanes.moving:
            _more(lanes, at, each)


def _said(each: Verdict, big: bool) -> str:
    """The sentence as HTML, with what it says as data for programs."""
    state = {True: "noise", False: "beyond", None: "open"}[each.within_noise]
    mark = {True: " <em>Remains.</em>", False: " <em>Does not remain.</em>", None: ""}[each.remains]
    size = " rd-big" if big else ""
    mark = mark if each.within_noise is False else ""
    facts = f'data-testid="rd-pair" data-verdict="{state}" data-paired="{str(each.paired).lower()}"'
    return f'<p class="rd-pair{size}" {facts}>{escape(each.sentence)}{mark}</p>'


def _more(lanes: Lanes, at: int, each: Verdict) -> None:
    """Raise the seeds of both to the number that would decide, or say that a setting takes no more."""
    pair = [place for place in (at, lanes.comparison.reference) if lanes.lanes[place].entry.experiment is not None]
    if not pair:
        return
    entries = [lanes.lanes[place].entry for place in pair]
    least, most = (min(entry.seeds for entry in entries), min(compare_state.most_seeds(entry) for entry in entries))
    wanted = min(_seeds(each, least, max(entry.seeds for entry in entries)), most)
    if wanted <= least:
        st.html(f'<p class="rd-caption">A setting takes at most {MOST_RUNS} runs.</p>', width="content")
        return
    more = wanted - least
    words = f"Train {more} more {'seed' if more == 1 else 'seeds'}"
    names = " and ".join(lanes.lanes[place].series.name for place in pair)
    help = f"So that there are at least {wanted} seeds of {names}."
    st.button(words, key=f"compare-more-{at}", help=help, on_click=_train_more, args=(pair, wanted))


def _seeds(each: Verdict, least: int, largest: int) -> int:
    """As many seeds as would decide, if that can be told and is not too far; else as many as the other has, or more."""
    needed = each.seeds_needed or 0
    if least < needed <= least + MOST_AT_ONCE:
        return needed
    return largest if largest > least else least + STEP


def _train_more(pair: Sequence[int], seeds: int) -> None:
    if compare_state.raise_seeds(pair, seeds):
        compare_bar.order()


def _judged(found: Sequence[Verdict]) -> int:
    return sum(math.isfinite(each.p) for each in found)


def _matrix(lanes: Lanes, measure: Measure, stamp: tuple[object, ...]) -> None:
    """Every pair at a glance, behind an expander; only worked out while it is open."""
    expander = st.expander("Every pair", key="compare-matrix", on_change="rerun")
    if not expander.open:
        return
    with expander:
        st.html(kept(("verdict matrix", *stamp), lambda: matrix(lanes, measure)))


def matrix(lanes: Lanes, measure: Measure) -> str:
    """The differences row - column as a table; bold beyond seed noise, with a star where it remains after Holm."""
    found = {(each.first, each.second): each for each in all_verdicts(lanes.series, measure)}
    names = [lane.series.name for lane in lanes.lanes]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{escape(one)}</th>{"".join(_cell(found, one, other, measure) for other in names)}</tr>'
        for one in names
    )
    note = HOLM.format(count=_judged(tuple(found.values()))).replace("“remains” marks", "a star marks")
    caption = f"{measure.head}{measure.unit and ','}{measure.unit}: row less column. Bold: beyond seed noise. {note}"
    return (
        '<section class="rd-scores rd-matrix" role="region" aria-label="Every pair" tabindex="0">'
        f'<table><caption class="rd-caption">{escape(caption)}</caption>'
        f'<thead><tr><th scope="col"></th>{head}</tr></thead><tbody>{rows}</tbody></table></section>'
    )


def _cell(found: dict[tuple[str, str], Verdict], one: str, other: str, measure: Measure) -> str:
    each, sign = found.get((one, other)), 1.0
    if each is None:
        each, sign = found.get((other, one)), -1.0
    if each is None or not math.isfinite(each.change.mean):
        return "<td>–</td>"
    value = measure.written_size(sign * each.change.mean)
    text = value if value.startswith("−") or value == "0" else f"+{value}"
    text += " *" if each.remains and each.within_noise is False else ""
    ends = sorted((sign * each.change.low, sign * each.change.high))
    title = f"95 % interval {measure.written_size(ends[0])} to {measure.written_size(ends[1])}"
    inner = f"<strong>{text}</strong>" if each.within_noise is False else text
    return f'<td title="{escape(title)}">{inner}</td>'
