"""What one session remembers about its searches: what is typed, which search is open, what is looked at in it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from regdash.charts.search_parallel import Brushes
from regdash.links import Address
from regdash.search import Plan
from regdash.ui import locks, session
from regdash.ui.search_sketch import Sketch, first_sketch, sketch_of

SKETCH = "search sketch"
REFUSED = "search refused"  # the sentence of a queue that would not take a search
PICKED = "search picked"  # (search, title, trials): what was clicked in a chart
LOOK = "search look"  # menu -> what the visitor has chosen to look at
TOLD = "search told"  # what has just been done, to be said once
RENEWED = "search renewed"  # True once the form has to follow what a fragment has changed
SAID = "search said"  # about the ready-made search in the form, until one is begun
BRUSHED = "search brushed"  # (search, brushes): what is kept in the parallel coordinates
RACERS = "search racers"  # the strategies that a ready-made race names


def sketch() -> Sketch:
    """What is typed; at first a small grid that can be started at once."""
    if SKETCH not in st.session_state:
        st.session_state[SKETCH] = first_sketch(session.draft().experiment, free)
    found: Sketch = st.session_state[SKETCH]
    return found


def put(sketch: Sketch) -> None:
    """Let the fields show this."""
    st.session_state[SKETCH] = sketch


def change(how: Callable[[Sketch], Sketch]) -> None:
    """Change what is typed."""
    put(how(sketch()))


def untouched() -> bool:
    """Whether nothing has been typed in this session yet."""
    return SKETCH not in st.session_state


def free(path: str) -> bool:
    """Whether the lesson, if there is one, lets this setting be searched."""
    return not (locks.locked(path) or locks.hidden(path))


def load(plan: Plan, words: str = "", racers: tuple[str, ...] = ()) -> None:
    """Make a plan that exists the draft and the fields, and say something about it.

    What the lesson fixes is left out, and that is said too.
    """
    before = session.draft()
    session.choose(Address(plan.space.base, before.seeds))
    wanted = sketch_of(plan)
    fixed = [path for path in wanted.searched if not free(path)]
    for path in fixed:
        wanted = wanted.without(path)
    left_out = f" The lesson fixes {', '.join(fixed)}, so that is not searched." if fixed else ""
    st.session_state[SAID], st.session_state[RACERS] = f"{words}{left_out}".strip(), racers
    refuse("")
    put(wanted)


def said() -> str:
    """What is to be said about the ready-made search in the form."""
    return str(st.session_state.get(SAID, ""))


def racers() -> tuple[str, ...]:
    """The strategies of a ready-made race; none where all of the page's take part."""
    found: tuple[str, ...] = st.session_state.get(RACERS, ())
    return found


def begun(search: str) -> None:
    """Show a search that has just begun; what was said about the form is done with."""
    st.session_state[SAID] = ""
    refuse("")
    open_search(search)


def opened() -> str:
    """The id of the search that the page shows; empty for none."""
    return str(st.session_state[session.OPENED])


def open_search(search: str) -> None:
    """Show this search from now on; none with an empty id."""
    st.session_state[session.OPENED] = search
    st.session_state.pop(PICKED, None)


def looked_at(menu: str, options: Any) -> Any:
    """What the visitor has chosen in a menu of views, or the first option while that is not there."""
    wanted, names = st.session_state.get(LOOK, {}).get(menu), tuple(options)
    return wanted if wanted in names else names[0]


def look_at(menu: str, option: Any) -> None:
    """Let a menu of views show this from now on."""
    st.session_state[LOOK] = {**st.session_state.get(LOOK, {}), menu: option}


def pick(search: str, title: str, trials: tuple[int, ...]) -> None:
    """List these trials below the charts."""
    st.session_state[PICKED] = (search, title, trials)


def picked(search: str) -> tuple[str, tuple[int, ...]]:
    """The title and the numbers of the trials that were clicked in this search."""
    found = st.session_state.get(PICKED)
    return found[1:] if found and found[0] == search else ("", ())


def brush(search: str, brushes: Brushes) -> None:
    """Keep only the trials of this search that lie inside; all of them without a brush."""
    st.session_state[BRUSHED] = (search, brushes)


def brushes(search: str) -> Brushes:
    """What is kept of this search."""
    of, found = st.session_state.get(BRUSHED, ("", {}))
    return found if of == search else {}


def refuse(sentence: str) -> None:
    """Say why something could not be done; nothing with an empty sentence."""
    st.session_state[REFUSED] = sentence


def refusal() -> str:
    """Why the last thing could not be done."""
    return str(st.session_state.get(REFUSED, ""))


def tell(sentence: str) -> None:
    """Say once what has just been done."""
    st.session_state[TOLD] = sentence


def told() -> str:
    """What has just been done; said once."""
    return str(st.session_state.pop(TOLD, ""))


def renew() -> None:
    """Let the whole page follow: the form lies outside of what is drawn anew by itself."""
    st.session_state[RENEWED] = True


def renewed() -> bool:
    """Whether the whole page has to follow; asked once."""
    return bool(st.session_state.pop(RENEWED, False))
