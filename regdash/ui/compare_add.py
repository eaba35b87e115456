"""The ways by which settings come into a comparison: the tray, recent runs, a link, and files."""

from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from regdash.codec import from_json
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.jobs.queue import Queue
from regdash.links import MOST_RUNS, Entry
from regdash.ui import compare_state, imports_panel, session
from regdash.ui.search_page import in_words
from regdash.ui.tray import picked

SEEN = "comparison tray"  # what the tray held when this page looked last
MOST_RECENT = 60  # settings that the list of recent runs holds


def take_tray_over(queue: Queue) -> None:
    """Bring in what has come into the tray since this page saw it last; a link that is opened is shown as it is."""
    held = tray(queue)
    seen: tuple[Entry, ...] = st.session_state.get(SEEN, () if compare_state.untouched() else held)
    new = [each for each in held if not any(compare_state.same(each, other) for other in seen)]
    st.session_state[SEEN] = held
    if new and compare_state.add(new):
        session.write_address()


def tray(queue: Queue) -> tuple[Entry, ...]:
    """The settings in the visitor's tray, the oldest first; none where they cannot be read."""
    return tuple(_entry(each.experiment, each.seeds, each.name) for each in picked(queue))


def tray_button(queue: Queue, where: str) -> None:
    """Add what the tray holds; nothing when all of it is there."""
    held = compare_state.held().entries
    new = [each for each in tray(queue) if not any(compare_state.same(each, other) for other in held)]
    if new:
        words = f"Add from the tray ({len(new)})"
        st.button(words, key=f"compare-tray-{where}", on_click=compare_state.bring, args=(new,))


def draw(queue: Queue) -> None:
    """The ways to add: a link, the tray, and behind expanders what has to be looked up."""
    with st.container(key="compare-add", gap="small"):
        _link()
        tray_button(queue, "add")
        _recent(queue)
        _files(queue)


def _recent(queue: Queue) -> None:
    """A list of this visitor's settings that can be searched by typing."""
    expander = st.expander("From your recent runs", key="compare-recent", on_change="rerun")
    if expander.open:
        with expander:
            _choose(queue)


def _choose(queue: Queue) -> None:
    found = recent(queue)
    if not found:
        st.html('<p class="rd-said">Your recent runs will be listed here.</p>')
        return
    key = "compare recent"

    def chosen() -> None:
        entry = found.get(st.session_state[key] or "")
        if entry is not None:
            compare_state.add([entry])
        st.session_state[key] = None

    st.selectbox(
        "Recent runs",
        list(found),
        index=None,
        key=key,
        placeholder="Type to search, choose to add",
        on_change=chosen,
    )


def recent(queue: Queue) -> Mapping[str, Entry]:
    """The settings that this visitor has trained by hand lately, in words, the newest first."""
    try:
        runs = [each for each in queue.trained.by(session.sessions()) if not each.searched and each.setting]
        newest: dict[str, float] = {}
        for each in runs:
            newest[each.setting] = max(each.asked, newest.get(each.setting, 0.0))
        kept = sorted(newest, key=lambda setting: -newest[setting])[:MOST_RECENT]
        texts = queue.trained.experiments([each.run_id for each in runs if each.setting in set(kept)])
    except RegdashError:
        return {}
    settings: dict[str, list[Experiment]] = {setting: [] for setting in kept}
    for each in runs:
        experiment = _read(texts.get(each.run_id, ""))
        if each.setting in settings and experiment is not None:
            settings[each.setting].append(experiment)
    entries = (_together(members) for members in settings.values() if members)
    return {_words(entry): entry for entry in entries}


def _together(members: list[Experiment]) -> Entry:
    """The setting of these runs: from the lowest seed as many as follow one another."""
    seeds = {each.training.seed for each in members}
    first = min(seeds)
    most = MOST_RUNS // max(1, members[0].split.folds)
    count = next((n for n in range(1, most) if first + n not in seeds), most)
    experiment = next(each for each in members if each.training.seed == first)
    return _entry(experiment, count)


def _words(entry: Entry) -> str:
    assert entry.experiment is not None
    several = f" · {entry.setting.repeats}" if entry.setting and entry.setting.repeats else ""
    return f"{in_words(entry.experiment)}{several}"


def _link() -> None:
    key = "compare link"

    def pasted() -> None:
        if st.session_state[key].strip() and compare_state.add_link(st.session_state[key]):
            st.session_state[key] = ""

    st.text_input(
        "Add by a link",
        key=key,
        placeholder="of a Train page or a comparison",
        help="Every page of Regdash has its settings in its address: copy it there, or by the button Share.",
        on_change=pasted,
    )


def _files(queue: Queue) -> None:
    """Files with experiments or with curves of other programs, behind an expander of their own."""
    expander = st.expander("From files", key="compare-from-files", on_change="rerun")
    if expander.open:
        with expander:
            imports_panel.panel(queue, "compare")


def _entry(experiment: Experiment, seeds: int, name: str = "") -> Entry:
    return Entry(experiment.with_values({"split.fold": 0}), seeds, name=name)


@lru_cache(maxsize=1_024)
def _read(text: str) -> Experiment | None:
    try:
        return from_json(text) if text else None
    except RegdashError:
        return None
