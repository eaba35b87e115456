"""Bringing settings and curves from files: choose or paste, look at what was recognised, name it, compare it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import streamlit as st

from regdash.comparison.imported import LONGEST_NAME, Imported, clean_name
from regdash.errors import RegdashError
from regdash.imports import BrokenImport, Found, Planned, grouped, groups, read_import, sure
from regdash.imports.reading import MB, MOST_BYTES
from regdash.jobs.queue import Queue
from regdash.links import MOST_RUNS, Entry
from regdash.links.comparison import LONGEST_NAME as LONGEST_LINKED
from regdash.ui import compare_state, imports_kept, session
from regdash.ui.imports_look import facts, listed, table
from regdash.ui.labels import literal
from regdash.ui.setting_words import short_words

MOST_NAMED = 20  # curves that have fields of their own; a comparison holds no more
MOST_PASTED = 1_000_000  # letters
COMPARE = "pages/compare.py"
HELP = (
    "Keras' history as JSON or as CSVLogger's CSV; a TensorBoard event file, or a log directory as a zip; experiments "
    f"as JSON. Several files may be seeds of one setting. At most {MOST_BYTES // MB} MB each."
)
EMPTY = (
    "Curves that were trained elsewhere, and settings from a file, can stand beside your own. Their losses are only "
    "like yours where no penalty is in them; what differs is said here."
)


@dataclass(frozen=True)
class _Chosen:
    """What the visitor takes of what was read."""

    imported: tuple[Imported, ...]
    planned: tuple[Planned, ...]


def panel(queue: Queue, key: str = "runs") -> None:
    """Draw the panel; `key` tells the pages apart on which it stands."""
    with st.container(key=f"imports-{key}", gap="small"):
        round_ = st.session_state.get(f"imports round {key}", 0)
        found, faults = _read_all(key, round_)
        for sentence in faults:
            st.html(f'<p class="rd-fault" role="alert">{escape(sentence)}</p>')
        if found.imported or found.planned:
            chosen = _preview(found, f"{key} {round_}")
            _actions(queue, chosen, key)
        elif not faults:
            st.html(f'<p class="rd-caption">{EMPTY}</p>')
        _said(key)
        imports_kept.draw(queue, key)


def _read_all(key: str, round_: int) -> tuple[Found, list[str]]:
    """What the chosen files and the pasted text hold together, and the sentences about those that cannot be read."""
    files = st.file_uploader(
        "Files with curves or settings",
        accept_multiple_files=True,
        key=f"imports files {key} {round_}",
        max_upload_size=MOST_BYTES // MB,
        help=HELP,
    )
    pasted = st.text_area(
        "Or paste JSON or CSV",
        key=f"imports text {key} {round_}",
        height=80,
        max_chars=MOST_PASTED,
        placeholder='{"loss": [0.7, 0.5], "val_loss": [0.7, 0.6]}',
    )
    read = [_read_file(file.file_id, file.name, file) for file in files]
    read += [_read_text(pasted)] if pasted.strip() else []
    whole = [each for each in read if isinstance(each, Found)]
    imported = tuple(each for found in whole for each in found.imported)
    planned = tuple(each for found in whole for each in found.planned)
    return Found(imported, planned), [each for each in read if isinstance(each, str)]


@st.cache_resource(max_entries=16, ttl=3600, show_spinner="Reading the file")
def _read_file(file: str, name: str, _upload: Any) -> Found | str:
    """An uploaded file, read once; `file` is the server's own name for this upload."""
    return _read(name, _upload.getvalue())


@st.cache_resource(max_entries=8, ttl=3600, show_spinner="Reading the text")
def _read_text(text: str) -> Found | str:
    return _read("Pasted", text.encode("utf-8", "replace"))


def _read(name: str, data: bytes) -> Found | str:
    try:
        return read_import(name, data)
    except BrokenImport as error:
        return str(error)


def _preview(found: Found, key: str) -> _Chosen:
    """One line for each setting that was recognised, with its name and whether it is taken."""
    imported = _together(found.imported, key)
    for caution in dict.fromkeys(caution for each in imported for caution in each.cautions):
        whose = [each.name for each in imported if caution in each.cautions]
        words = f"{listed(whose)}: {caution}" if len(whose) < len(imported) else caution
        st.html(f'<p class="rd-notice" role="status">{escape(words)}</p>')
    taken = [
        named for place, each in enumerate(imported) if (named := _curves(each, f"{key} {place} {each.name}", place))
    ]
    planned = [each for place, each in enumerate(found.planned) if _setting(each, f"{key} plan {place}", place)]
    hidden = max(0, len(imported) - MOST_NAMED) + max(0, len(found.planned) - MOST_NAMED)
    if hidden:
        words = f"{hidden} more are taken with the names they have. A comparison holds 20 settings at most."
        st.html(f'<p class="rd-caption">{words}</p>')
    return _Chosen(tuple(taken), tuple(planned))


def _together(imported: Sequence[Imported], key: str) -> list[Imported]:
    """The curves with those put together that the visitor says are seeds of one setting."""
    offered = groups(imported)
    accepted = {
        name: places
        for name, places in offered.items()
        if st.checkbox(
            f"{literal(name)}: these {len(places)} are seeds of one setting",
            value=sure(imported, places),
            key=f"imports group {key} {places[0]}",
            help=f"Their names differ in a number only: {', '.join(imported[k].name for k in places[:3])} ...",
        )
    }
    return grouped(imported, accepted)


def _curves(each: Imported, key: str, place: int) -> Imported | None:
    """The line of one setting's curves; None when it is not taken."""
    if place >= MOST_NAMED:
        return each
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"imports row {key}"):
        take = st.checkbox(f"Take {each.name}", True, key=f"imports take {key}", label_visibility="collapsed")
        name = st.text_input(
            f"Name of curves {place + 1}",
            each.name,
            max_chars=LONGEST_NAME,
            key=f"imports name {key}",
            label_visibility="collapsed",
        )
        with st.popover("Look", key=f"imports look {key}"):
            table(each)
    said = "".join(f" {note}" for note in each.notes)
    st.html(f'<p class="rd-caption" data-testid="rd-imported">{escape(facts(each) + said)}</p>')
    return replace(each, name=clean_name(name, each.name)) if take else None


def _setting(each: Planned, key: str, place: int) -> bool:
    """The line of a setting that can be trained here; whether it is taken."""
    if place >= MOST_NAMED:
        return True
    words = f"{each.name or short_words(each.setting.experiment)} ({each.setting.repeats or '1 run'}, to be trained)"
    return st.checkbox(literal(words), True, key=f"imports take {key}")


def _actions(queue: Queue, chosen: _Chosen, key: str) -> None:
    number = len(chosen.imported) + len(chosen.planned)
    with st.container(horizontal=True, gap="small", key=f"imports-actions-{key}"):
        st.button(
            f"Add to comparison ({number})",
            type="primary",
            key=f"imports add {key}",
            disabled=not number,
            on_click=_add,
            args=(queue, chosen, key),
        )
        st.button(
            "Keep for later",
            key=f"imports keep {key}",
            disabled=not chosen.imported,
            help="Keep the curves on this server without comparing them now.",
            on_click=_keep,
            args=(queue, chosen, key),
        )


def _add(queue: Queue, chosen: _Chosen, key: str) -> None:
    kept = _stored(queue, chosen, key)
    if kept is None:
        return
    entries = [Entry(imported=id_, name=_short(each.name)) for id_, each in zip(kept, chosen.imported, strict=True)]
    entries += [_entry(each) for each in chosen.planned]
    if compare_state.add(entries):
        _ended(key, f"{_many(len(entries))} now in the comparison.")
    else:
        _say(key, compare_state.said())


def _keep(queue: Queue, chosen: _Chosen, key: str) -> None:
    kept = _stored(queue, chosen, key)
    if kept is not None:
        _ended(key, f"{_many(len(kept))} kept.")


def _stored(queue: Queue, chosen: _Chosen, key: str) -> list[str] | None:
    """The ids of the curves in the store; None, and a sentence, when it would not take them."""
    try:
        return [queue.imported.put(session.owner(), each) for each in chosen.imported]
    except RegdashError as error:
        _say(key, str(error))
        return None


def _entry(each: Planned) -> Entry:
    experiment = each.setting.experiment
    return Entry(experiment, min(each.setting.seeds, max(1, MOST_RUNS // each.setting.folds)), name=_short(each.name))


def _short(name: str) -> str:
    """A name as a link carries it."""
    return name[:LONGEST_LINKED].strip()


def _many(number: int) -> str:
    return "1 setting is" if number == 1 else f"{number} settings are"


def _ended(key: str, sentence: str) -> None:
    """Begin with empty fields again, as all that was in them has been taken."""
    st.session_state[f"imports round {key}"] = st.session_state.get(f"imports round {key}", 0) + 1
    _say(key, sentence)


def _say(key: str, sentence: str) -> None:
    st.session_state[f"imports said {key}"] = sentence


def _said(key: str) -> None:
    sentence = st.session_state.pop(f"imports said {key}", "")
    if sentence:
        st.html(f'<p class="rd-notice" role="status">{escape(sentence)}</p>')
        if "comparison" in sentence and key != "compare":
            st.page_link(COMPARE, label="Compare", width="content")
