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
from regdash.ui import edit, session

MOST_SLIDER_STOPS = 250  # a range with more whole numbers is typed rather than slid


def control(declared: Param, path: str, value: Any) -> None:
    """Draw the widget of a hyper-parameter; a change goes into the draft, a fault is said below it."""
    draw = _WIDGETS[_sort(declared)]
    typed = session.fault(path)
    _keep_in_step(path, typed[0] if typed else _shown(declared, value))
    draw(declared, path, lambda: _changed(declared, path), value)
    fault(path)


def kind_control(place: str, label: str, kinds: tuple[type[Any], ...], chosen: Any) -> None:
    """Draw the menu for a place that may hold several kinds of part, such as the data set."""
    names = {kind.name: kind.label for kind in kinds}
    _keep_in_step(place, chosen.name)
    st.selectbox(
        label,
        tuple(names),
        format_func=lambda name: names.get(name, name),
        key=place,
        help=chosen.help,
        on_change=lambda: _edited(place, lambda e: edit.with_kind(e, place, st.session_state[place])),
    )
    fault(place)


def switch(label: str, key: str, value: bool, help: str, change: Callable[[Experiment, bool], Experiment]) -> None:
    """Draw a toggle that is no hyper-parameter of its own."""
    _keep_in_step(key, value)
    st.toggle(label, key=key, help=help, on_change=lambda: _edited(key, lambda e: change(e, st.session_state[key])))


def rate_control(declared: Param, layer: int, rates: tuple[float, ...]) -> None:
    """Draw the dropout slider of one hidden layer."""
    key = f"dropout.rates:{layer}"
    _keep_in_step(key, rates[layer])

    def changed() -> None:
        new = (*rates[:layer], st.session_state[key], *rates[layer + 1 :])
        _edited("dropout.rates", lambda e: e.with_values({"dropout.rates": new}))

    st.slider(
        f"Layer {layer + 1}", declared.low, declared.high, step=0.05, key=key, on_change=changed, help=declared.help
    )


def fault(path: str) -> None:
    """Say what is wrong with a field, beside it."""
    found = session.fault(path)
    if found:
        st.html(f'<p class="rd-fault" role="alert">{escape(found[1])}</p>')


def label(declared: Param) -> str:
    """The label with its unit, unless the unit is in the label already."""
    unit = declared.unit
    return declared.label if not unit or unit in declared.label.lower() else f"{declared.label} ({unit})"


def strength(value: float) -> str:
    """A stop of a logarithmic slider: 0 (off), 1e-6, 0.001."""
    return "0 (off)" if value == 0 else re.sub(r"e([+-])0+", r"e\1", f"{value:g}")


def _sort(declared: Param) -> str:
    if declared.kind == "number":
        return "log" if declared.log else "slider"
    if declared.kind == "integer":
        return "slider" if declared.high - declared.low <= MOST_SLIDER_STOPS else "typed"
    return declared.kind


def _shown(declared: Param, value: Any) -> Any:
    return shown(value) if isinstance(value, tuple) else value


def _keep_in_step(key: str, value: Any) -> None:
    """Let the widget show the draft: by a preset, a link or undo the draft changes without the widget."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _changed(declared: Param, path: str) -> None:
    typed = st.session_state[path]
    value = _parsed(typed) if declared.kind in ("integers", "numbers") else typed
    _edited(path, lambda experiment: edit.with_setting(experiment, path, value), typed)


def _edited(path: str, change: Callable[[Experiment], Experiment], typed: Any = None) -> None:
    try:
        session.edit(change(session.draft().experiment))
    except InvalidExperiment as error:
        session.refuse(path, typed, error)
    else:
        session.accept(path)


def _parsed(text: str) -> Any:
    """'64-64', '64, 64' or '64 64' as numbers; what is no number stays text, and its Param says so."""
    words = re.split(r"[-,;\s]+", text.strip(" -,;[]()"))
    if words in ([""], ["none"]):
        return ()
    return tuple(int(word) if word.isascii() and word.isdigit() and len(word) < 10 else word[:40] for word in words)


def _log(declared: Param, path: str, changed: Callable[[], None], value: Any) -> None:
    st.select_slider(
        label(declared), declared.stops(value), format_func=strength, key=path, help=declared.help, on_change=changed
    )


def _slider(declared: Param, path: str, changed: Callable[[], None], value: Any) -> None:
    low = declared.low if declared.off is None else min(declared.low, declared.off)
    whole = declared.kind == "integer"
    numbers: dict[str, Any] = {"min_value": float(low), "max_value": float(declared.high), "step": declared.step}
    if whole:
        numbers = {"min_value": int(low), "max_value": int(declared.high), "step": int(declared.step or 1)}
    st.slider(label(declared), **numbers, format=_digits(declared), key=path, help=declared.help, on_change=changed)


def _typed(declared: Param, path: str, changed: Callable[[], None], value: Any) -> None:
    low = declared.low if declared.off is None else min(declared.low, declared.off)
    st.number_input(
        label(declared), int(low), int(declared.high), step=_round_step(declared), key=path, help=declared.help,
        on_change=changed,
    )  # fmt: skip


def _switch(declared: Param, path: str, changed: Callable[[], None], value: Any) -> None:
    st.toggle(label(declared), key=path, help=declared.help, on_change=changed)


def _choice(declared: Param, path: str, changed: Callable[[], None], value: Any) -> None:
    st.selectbox(
        label(declared), declared.choices, format_func=lambda word: str(word).replace("_", " "), key=path,
        help=declared.help, on_change=changed,
    )  # fmt: skip


def _text(declared: Param, path: str, changed: Callable[[], None], value: Any) -> None:
    st.text_input(label(declared), key=path, max_chars=80, help=declared.help, on_change=changed)


def _digits(declared: Param) -> str | None:
    """The printf format of a slider, with as many digits as its step has."""
    if declared.kind == "integer" or not declared.step:
        return None
    return f"%.{max(0, -math.floor(math.log10(declared.step) + 1e-9))}f"


def _round_step(declared: Param) -> int:
    """A step of about a tenth of the default: 10 for 150 epochs, 1 for a batch of 32."""
    return int(declared.step or 10 ** max(0, math.floor(math.log10(max(declared.default, 1))) - 1))


_WIDGETS: dict[str, Callable[[Param, str, Callable[[], None], Any], None]] = {
    "log": _log,
    "slider": _slider,
    "typed": _typed,
    "switch": _switch,
    "choice": _choice,
    "integers": _text,
    "numbers": _text,
}
