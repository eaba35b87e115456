"""Drawing: a chart as plain values, ready for the browser; Plotly's own figure only where somebody asks for it."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import plotly.graph_objects as go

CODES = {"uint8": "u1", "int8": "i1", "float32": "f4", "float64": "f8"}


@dataclass(frozen=True)
class Drawing:
    """Traces and layout in Plotly's words. Checking them takes Plotly longer than drawing, so pages go without."""

    traces: Sequence[Mapping[str, Any]]
    plain_layout: Mapping[str, Any]

    @cached_property
    def figure(self) -> go.Figure:
        """The same as a Plotly figure; Plotly raises ValueError for a word it does not know."""
        return go.Figure({"data": list(self.traces), "layout": dict(self.plain_layout)})

    @property
    def data(self) -> Any:
        """The traces of the figure."""
        return self.figure.data

    @property
    def layout(self) -> Any:
        """The layout of the figure."""
        return self.figure.layout

    def to_json(self) -> str:
        """What Plotly.js draws: the values as they are, arrays as bytes in base64."""
        tree = {"data": [_without_none(trace) for trace in self.traces], "layout": self.plain_layout}
        return json.dumps(tree, default=_array, separators=(",", ":"), allow_nan=False)


def _without_none(trace: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in trace.items() if value is not None}


def _array(value: Any) -> Any:
    """A number or a table of NumPy as Plotly.js reads it."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray) and value.dtype.name in CODES:
        shape = ", ".join(map(str, value.shape))
        data = b64encode(np.ascontiguousarray(value).tobytes()).decode()
        return {"dtype": CODES[value.dtype.name], "bdata": data} | ({"shape": shape} if value.ndim > 1 else {})
    raise TypeError(f"a chart holds plain values and arrays of numbers, got {type(value).__name__}")
