"""One declared hyper-parameter becomes one widget; the draft stays the only truth and the widget follows it."""

import math
import re
from collections.abc import Callable
from html import escape
from typing import Any

import streamlit as st

from regdash.errors import InvalidExperiment
from regdash.experiment import Experiment
from regdash.params import Param, shown
from regdash.ui import edit, locks, session
from regdash.ui.keys import chosen, key_for, moved

APART = "per layer"
BATCH, ALL_ROWS = "training.batch_size", "all rows"
CHOICE_WORDS = {"val_loss": "validation loss", "val_accuracy": "validation accuracy", "loss": "training loss"}
LOCKED = "Locked by the lesson."
MOST_SLIDER_STOPS = 250  # a range with more whole numbers is typed rather than slid


def control(declared: Param, path: str, value: Any) -> None:
    """Draw the widget of a hyper-parameter; a change goes into the draft, a fault is said below it."""
    if locks.hidden(path):
        return
    shows = _shows(path, value)
    facts = _facts(path, path, label(declared), declared.help, shows, lambda: _changed(declared, path))
    _WIDGETS[BATCH if path == BATCH else _sort(declared)](declared, shows, facts)
    fault(path)


def kind_control(place: str, label: str, kinds: tuple[type[Any], ...], part: Any) -> None:
    """Draw the menu for a place that may hold several kinds of part, such as the data set."""
    if locks.hidden(place):
        return
    names = {kind.name: kind.label for kind in kinds}
    st.selectbox(
        options=tuple(names),
        index=tuple(names).index(part.name),
        format_func=lambda name: names.get(name, name),
        **_facts(place, place, label, part.help, part.name, lambda: _kind_changed(place)),
    )
    fault(place)
    for sentence in session.said(place):
        st.html(f'<p class="rd-said" role="status">{escape(sentence)}</p>')


def apart_control(declared: Param, rates: tuple[float, ...]) -> None:
    """Draw the toggle between one dropout rate for all hidden layers and one for each."""

    def changed() -> None:
        if moved(APART, bool(session.draft().experiment.values["dropout.rates"])):
            edited("dropout.rates", lambda e: edit.per_layer(e, chosen(APART)))

    if not locks.hidden("dropout.rates"):
        value = bool(rates)
        st.toggle(value=value, **_facts("dropout.rates", APART, "One rate per layer", declared.help, value, changed))


def rate_control(declared: Param, layer: int, rates: tuple[float, ...]) -> None:
    """Draw the dropout slider of one hidden layer."""
    path = f"dropout.rates.{layer}"

    def changed() -> None:
        now = session.draft().experiment.values["dropout.rates"]
        if layer < len(now) and moved(path, now[layer]):
            new = (*now[:layer], chosen(path), *now[layer + 1 :])
            edited("dropout.rates", lambda e: e.with_values({"dropout.rates": new}))

    if not locks.hidden("dropout.rates"):
        facts = _facts("dropout.rates", path, f"Layer {layer + 1}", declared.help, rates[layer], changed)
        st.slider(min_value=declared.low, max_value=declared.high, value=rates[layer], step=0.05, **facts)


def plain(declared: Param, value: Any, facts: dict[str, Any]) -> None:
    """Draw the widget of a hyper-parameter that is no part of the draft; `facts` has its label, help and key."""
    _WIDGETS[_sort(declared)](declared, value, facts)


def fault(path: str) -> None:
    """Say what is wrong with a field, beside it."""
    found = session.fault(path)
    if found:
        st.html(f'<p class="rd-fault" role="alert">{escape(found[1])}</p>')


def edited(path: str, change: Callable[[Experiment], Experiment], typed: Any = None) -> None:
    """Change the draft; a change that is refused is said beside the field, with what was typed there."""
    try:
        session.edit(change(session.draft().experiment))
    except InvalidExperiment as error:
        session.refuse(path, typed, error)
    else:
        session.accept(path)


def label(declared: Param) -> str:
    """The label with its unit, unless the unit is in the label already."""
    unit = declared.unit
    return declared.label if not unit or unit in declared.label.lower() else f"{declared.label} ({unit})"


def locked_label(path: str, words: str) -> str:
    """A label, with a small lock behind it when the lesson fixes the setting."""
    return f"{words} :material/lock:" if locks.locked(path) else words


def locked_help(path: str, help: str) -> str:
    """The help of a control, after the reason why it cannot be moved."""
    return f"{LOCKED} {help}" if locks.locked(path) else help


def _facts(path: str, widget: str, label: str, help: str, shows: Any, on_change: Callable[[], None]) -> dict[str, Any]:
    """What all widgets have in common; one whose setting the lesson fixes cannot be moved."""
    named = {"label": locked_label(path, label), "help": locked_help(path, help), "disabled": locks.locked(path)}
    return named | {"key": key_for(widget, shows), "on_change": on_change}


def strength(value: float) -> str:
    """A stop of a logarithmic slider: 0 (off), 1e-6, 0.001."""
    return "0 (off)" if value == 0 else re.sub(r"e([+-])0+", r"e\1", f"{value:g}")


def _sort(declared: Param) -> str:
    if declared.kind == "number":
        return "log" if declared.log else "slider"
    if declared.kind == "integer":
        return "slider" if declared.high - declared.low <= MOST_SLIDER_STOPS else "typed"
    return declared.kind


def _shown(path: str, value: Any) -> Any:
    if path == BATCH:
        return str(value) if value else ALL_ROWS
    return shown(value) if isinstance(value, tuple) else value


def _shows(path: str, value: Any) -> Any:
    """What the widget of a hyper-parameter shows: its value, or what was typed and refused."""
    typed = session.fault(path)
    return typed[0] if typed else _shown(path, value)


def _kind_changed(place: str) -> None:
    before = session.draft().experiment
    if moved(place, getattr(before, place).name):
        edited(place, lambda experiment: edit.with_kind(experiment, place, chosen(place)))
        session.say(place, edit.taken_back(before, session.draft().experiment))


def _changed(declared: Param, path: str) -> None:
    values = session.draft().experiment.values
    if path not in values or not moved(path, _shows(path, values[path])):
        return
    typed = chosen(path)
    value = _parsed(typed) if declared.kind in ("integers", "numbers") else _rows(typed) if path == BATCH else typed
    edited(path, lambda experiment: edit.with_setting(experiment, path, value), typed)


def _parsed(text: str) -> Any:
    """'64-64', '64, 64' or '64 64' as numbers; what is no number stays text, and its Param says so."""
    words = re.split(r"[-,;\s]+", text.strip(" -,;[]()"))
    if words in ([""], ["none"]):
        return ()
    return tuple(int(word) if word.isascii() and word.isdigit() and len(word) < 10 else word[:40] for word in words)


def _rows(text: str) -> Any:
    """'32' or 'all rows' as a number; what is no number stays text, and its Param says so."""
    word = text.strip()
    if word.lower() in (ALL_ROWS, "all"):
        return 0
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else word[:40]


def _log(declared: Param, value: Any, facts: dict[str, Any]) -> None:
    st.select_slider(options=declared.stops(value), value=value, format_func=strength, **facts)


def _slider(declared: Param, value: Any, facts: dict[str, Any]) -> None:
    number = int if declared.kind == "integer" else float
    low, high = number(_low(declared)), number(declared.high)
    step = number(declared.step or 1)
    st.slider(min_value=low, max_value=high, value=value, step=step, format=_digits(declared), **facts)


def _typed(declared: Param, value: Any, facts: dict[str, Any]) -> None:
    low, high = int(_low(declared)), int(declared.high)
    st.number_input(min_value=low, max_value=high, value=value, step=_round_step(declared), **facts)


def _switch(declared: Param, value: Any, facts: dict[str, Any]) -> None:
    st.toggle(value=value, **facts)


def _choice(declared: Param, value: Any, facts: dict[str, Any]) -> None:
    names = declared.choices
    st.selectbox(options=names, index=names.index(value), format_func=_choice_words, **facts)


def _choice_words(word: str) -> str:
    return CHOICE_WORDS.get(word, str(word).replace("_", " "))


def _batch(declared: Param, value: str, facts: dict[str, Any]) -> None:
    """Powers of two to choose from, any other number to type, and all rows at once."""
    powers = [str(2**power) for power in range(12) if declared.low <= 2**power <= declared.high]
    if value not in (*powers, ALL_ROWS):
        powers.append(value)
    powers.sort(key=lambda text: int(text) if text.isdigit() else 0)
    options = (*powers, ALL_ROWS)
    st.selectbox(options=options, index=options.index(value), accept_new_options=True, **facts)


def _text(declared: Param, value: Any, facts: dict[str, Any]) -> None:
    st.text_input(value=value, max_chars=80, **facts)


def _low(declared: Param) -> float:
    return declared.low if declared.off is None else min(declared.low, declared.off)


def _digits(declared: Param) -> str | None:
    """The printf format of a slider, with as many digits as its step has."""
    if declared.kind == "integer" or not declared.step:
        return None
    return f"%.{max(0, -math.floor(math.log10(declared.step) + 1e-9))}f"


def _round_step(declared: Param) -> int:
    """A step of about a tenth of the default: 10 for 150 epochs, 1 for a batch of 32."""
    return int(declared.step or 10 ** max(0, math.floor(math.log10(max(declared.default, 1))) - 1))


_WIDGETS: dict[str, Callable[[Param, Any, dict[str, Any]], None]] = {
    "log": _log,
    "slider": _slider,
    "typed": _typed,
    "switch": _switch,
    "choice": _choice,
    "integers": _text,
    "numbers": _text,
    BATCH: _batch,
}
