"""The comparison that a session is looking at: what its address carries, how it is changed, and the way back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from regdash.errors import BrokenLink
from regdash.links import MOST_ENTRIES, MOST_RUNS, Comparison, Entry, from_comparison, to_comparison
from regdash.links.comparison import LONGEST_NAME, MOST_MEMBERS
from regdash.repeats import setting_key
from regdash.settings import settings
from regdash.ui.compare_links import comparison_of, entries_of

PAGE = "Compare"  # the title of its page
COMPARISON = "comparison"  # Comparison: what is compared and how it is drawn
PAST = "comparison past"  # earlier ones, the newest last
SAID = "comparison said"  # a sentence about what was asked for last
MOST_UNDO = 30
WHEN_BROKEN = "This link could not be read, so it changed nothing."


def held() -> Comparison:
    """What is compared."""
    found: Comparison = st.session_state.get(COMPARISON, Comparison())
    return found


def untouched() -> bool:
    """Whether the session has neither read nor changed a comparison yet."""
    return COMPARISON not in st.session_state


def link() -> dict[str, str]:
    """The query parameters of the comparison."""
    return to_comparison(held())


def read(given: Mapping[str, str]) -> str:
    """Make what an address says the comparison; a sentence, and no change, where it cannot be read."""
    try:
        found = comparison_of(given) if set(given) - {"v"} else from_comparison(given)
    except BrokenLink as error:
        return f"{WHEN_BROKEN} {error}."
    st.session_state[COMPARISON], st.session_state[SAID] = found, ""
    return ""


def change(wanted: Comparison) -> bool:
    """Make this the comparison, if a link can carry it; what it was can be had back by `undo`."""
    problem = refusal(wanted)
    st.session_state[SAID] = problem
    if problem:
        return False
    if wanted != held():
        st.session_state[PAST] = (*st.session_state.get(PAST, ()), held())[-MOST_UNDO:]
    st.session_state[COMPARISON] = wanted
    return True


def show(wanted: Comparison) -> None:
    """Draw the same comparison in another way; that needs no way back."""
    st.session_state[COMPARISON] = wanted


def undo() -> None:
    """Take the last change back."""
    past = st.session_state.get(PAST, ())
    if past:
        st.session_state[PAST], st.session_state[COMPARISON] = past[:-1], past[-1]
    st.session_state[SAID] = ""


def undoable() -> bool:
    """Whether there is a change to take back."""
    return bool(st.session_state.get(PAST))


def said() -> str:
    """The sentence about what was asked for last."""
    return str(st.session_state.get(SAID, ""))


def say(sentence: str) -> None:
    """Say something beside the fields until the next change."""
    st.session_state[SAID] = sentence


def refusal(wanted: Comparison) -> str:
    """Why a comparison is too large, in a sentence; nothing when it is not."""
    if len(wanted.entries) > MOST_ENTRIES:
        return f"A comparison may hold at most {MOST_ENTRIES} settings, and this would make {len(wanted.entries)}."
    members = sum(len(entry.setting.places) for entry in wanted.entries if entry.setting)
    if members > MOST_MEMBERS:
        return f"A comparison may hold at most {MOST_MEMBERS} runs, and this would make {members}. Take fewer seeds."
    size, most = len(urlencode(to_comparison(wanted))), settings().max_link_bytes
    if size > most:
        return (
            f"The link of a comparison may hold at most {most} bytes, and this would make {size}. Take one out first."
        )
    return ""


def bring(entries: Sequence[Entry]) -> None:
    """Put settings into the comparison, at the press of a button."""
    add(entries)


def add(entries: Sequence[Entry]) -> bool:
    """Put settings into the comparison. One that is there already gets the larger number of seeds."""
    now = list(held().entries)
    for entry in entries:
        at = next((at for at, each in enumerate(now) if same(each, entry)), None)
        if at is None:
            now.append(entry)
        else:
            now[at] = replace(now[at], seeds=max(now[at].seeds, entry.seeds), name=now[at].name or entry.name)
    return change(replace(held(), entries=tuple(now)))


def add_link(text: str) -> bool:
    """Put what a pasted link holds into the comparison; a sentence, and no change, where it cannot be read."""
    try:
        return add(entries_of(text))
    except BrokenLink as error:
        say(f"{error}.")
        return False


def same(one: Entry, other: Entry) -> bool:
    """Whether two entries are about the same setting, whatever their seeds and names."""
    if one.experiment is None or other.experiment is None:
        return one.experiment is other.experiment and one.imported == other.imported
    return one.experiment == other.experiment or (
        setting_key(one.experiment) == setting_key(other.experiment)
        and one.experiment.training.seed == other.experiment.training.seed
    )


def remove(at: int) -> None:
    """Take a setting out; the reference stays the same one, or becomes the first."""
    now = held()
    kept = tuple(entry for place, entry in enumerate(now.entries) if place != at)
    reference = 0 if at == now.reference else now.reference - (at < now.reference)
    change(replace(now, entries=kept, reference=reference))


def move(at: int, step: int) -> None:
    """Exchange a setting with its neighbour, up (-1) or down (1)."""
    now, to = held(), at + step
    if not 0 <= to < len(now.entries):
        return
    order = list(range(len(now.entries)))
    order[at], order[to] = order[to], order[at]
    entries = tuple(now.entries[place] for place in order)
    change(replace(now, entries=entries, reference=order.index(now.reference)))


def rename(at: int, name: str) -> None:
    """Give a setting a name of the visitor's own; empty for the one that is found."""
    plain = "".join(letter for letter in name if letter.isprintable())[:LONGEST_NAME].strip()
    _edit(at, lambda entry: replace(entry, name=plain))


def reseed(at: int, seeds: int) -> None:
    """Repeat a setting with so many seeds."""
    _edit(at, lambda entry: replace(entry, seeds=max(1, min(seeds, most_seeds(entry)))))


def raise_seeds(places: Sequence[int], seeds: int) -> bool:
    """Repeat these settings with at least so many seeds; whether they may have that many."""
    now = held()
    own = [at for at in places if now.entries[at].experiment is not None]
    if any(seeds > most_seeds(now.entries[at]) for at in own):
        say(f"A setting may have at most {MOST_RUNS} runs, seeds times folds, so {seeds} seeds of each are too many.")
        return False
    raised = tuple(
        replace(entry, seeds=max(entry.seeds, seeds)) if at in own else entry for at, entry in enumerate(now.entries)
    )
    return change(replace(now, entries=raised))


def most_seeds(entry: Entry) -> int:
    """How many seeds the setting may have."""
    return max(1, MOST_RUNS // (entry.setting.folds if entry.setting else 1))


def refer(at: int) -> None:
    """Tell all verdicts against this setting."""
    change(replace(held(), reference=at))


def swap() -> None:
    """Turn the order of two settings around, so that the other one is the reference."""
    change(replace(held(), entries=held().entries[::-1]))


def clear() -> None:
    """Compare nothing."""
    change(replace(held(), entries=(), reference=0))


def _edit(at: int, changed: Callable[[Entry], Entry]) -> None:
    now = held()
    if at < len(now.entries):
        entries = tuple(changed(entry) if place == at else entry for place, entry in enumerate(now.entries))
        change(replace(now, entries=entries))
