"""The values that a browser sends for widgets, as Streamlit's messages."""

from collections.abc import Callable
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState

VALUES: dict[str, Callable[[Any], Any]] = {
    "slider": lambda widget: list(widget.default),
    "selectbox": lambda widget: widget.options[widget.default] if widget.HasField("default") else None,
    "checkbox": lambda widget: widget.default,
    "button_group": lambda widget: [widget.options[place].content for place in widget.default],
    "number_input": lambda widget: widget.default,
    "text_input": lambda widget: widget.default if widget.HasField("default") else None,
}
SET: dict[str, Callable[[Any], Any]] = {  # what a script has given a widget, which it says by `set_value`
    "slider": lambda widget: list(widget.value),
    "selectbox": lambda widget: widget.raw_value if widget.HasField("raw_value") else None,
    "checkbox": lambda widget: widget.value,
    "button_group": lambda widget: list(widget.raw_values),
    "number_input": lambda widget: widget.value if widget.HasField("value") else None,
    "text_input": lambda widget: widget.value if widget.HasField("value") else None,
}
FIELDS = {
    "slider": "double_array_value",
    "selectbox": "string_value",
    "checkbox": "bool_value",
    "button_group": "string_array_value",
    "number_input": "double_value",
    "text_input": "string_value",
}


def default(kind: str, widget: Any) -> WidgetState:
    """What a widget sends before anybody has moved it."""
    if getattr(widget, "set_value", False):
        return given(kind, widget, list(widget.raw_values) if _named(kind, widget) else SET[kind](widget))
    if _named(kind, widget):
        return given(kind, widget, [widget.options[int(place)] for place in widget.default])
    return given(kind, widget, VALUES[kind](widget))


def given(kind: str, widget: Any, value: Any) -> WidgetState:
    """What a widget sends when it has this value."""
    return _state(widget.id, "string_array_value" if _named(kind, widget) else FIELDS[kind], value)


def _named(kind: str, widget: Any) -> bool:
    """Whether it is a slider over named stops, which sends their names."""
    return kind == "slider" and bool(widget.options)


def _state(id_: str, field: str, value: Any) -> WidgetState:
    state = WidgetState(id=id_)
    if field.endswith("array_value"):
        getattr(state, field).data.extend(value if isinstance(value, (list, tuple)) else [value])
    elif value is not None:
        setattr(state, field, value)
    return state
