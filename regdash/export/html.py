"""A chart as one HTML file that needs nothing else: it can be zoomed and read without a network."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from regdash.charts.drawing import Drawing
from regdash.charts.theme import PALETTES, Theme
from regdash.export.tables import Table

MOST_ROWS = 5_000  # of the table under a chart; CSV and Parquet have all
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
DRAW = """
for (const place of document.querySelectorAll(".chart")) {
  const figure = JSON.parse(document.getElementById(place.dataset.figure).textContent);
  const layout = { ...figure.layout, width: undefined, autosize: true };
  place.style.maxWidth = `${Math.max(figure.layout.width, 640)}px`;
  Plotly.newPlot(place, figure.data, layout, { responsive: true, displaylogo: false, showTips: false });
}
"""


def page(drawing: Drawing, theme: Theme, data: Table | None = None, alt: str = "", title: str = "") -> str:
    """One chart with the table of its data; `drawing` holds title and caption already."""
    meta = drawing.plain_layout.get("meta") or {}
    named = title or str(meta.get("title", "Chart"))
    return document(named, theme, [figure_of(drawing, "figure-1", alt), table_of(data, "Data") if data else ""])


def document(title: str, theme: Theme, parts: Iterable[str]) -> str:
    """A whole HTML file around parts that are HTML already; Plotly stands in it once."""
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{escape(title)}</title><style>{_style(theme)}</style>"
    )
    body = "\n".join(filter(None, parts))
    scripts = f"<script>{_plotly()}</script>\n<script>{DRAW}</script>"
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n<main>{body}</main>\n{scripts}</body></html>\n'
    )


def figure_of(drawing: Drawing, key: str, alt: str) -> str:
    """A place for one chart and its numbers; nothing in them can end the script."""
    return (
        f'<div class="chart" data-figure="{escape(key)}" role="img" aria-label="{escape(alt)}"></div>\n'
        f'<script type="application/json" id="{escape(key)}">{harmless(drawing.to_json())}</script>'
    )


def table_of(data: Table, title: str) -> str:
    """The numbers behind a chart, to be folded out."""
    return f"<details><summary>{escape(title)}</summary>{plain_table(data.columns, data.rows, title)}</details>"


def plain_table(columns: Iterable[Any], rows: Iterable[Iterable[Any]], title: str) -> str:
    """A table of texts and numbers."""
    listed = list(rows)
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in columns)
    body = "".join(f"<tr>{''.join(f'<td>{_cell(value)}</td>' for value in row)}</tr>" for row in listed[:MOST_ROWS])
    more = f"<p>The first {MOST_ROWS:,} of {len(listed):,} rows.</p>" if len(listed) > MOST_ROWS else ""
    shown = f"<caption>{escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="wide" tabindex="0"><table>{shown}</table></div>{more}'


def harmless(text: str) -> str:
    """JSON that can stand inside a script: no tag and no comment can begin in it."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def json_of(tree: Mapping[str, Any]) -> str:
    """Plain values as JSON that can stand inside a script."""
    return harmless(json.dumps(tree, allow_nan=False))


def _cell(value: Any) -> str:
    return "" if value is None else escape(repr(value) if isinstance(value, float) else str(value))


@cache
def _plotly() -> str:
    return (files("plotly") / "package_data" / "plotly.min.js").read_text("utf-8")


def _style(theme: Theme) -> str:
    colours = PALETTES[theme]
    return f"""
body {{ margin: 0; background: {colours.paper}; color: {colours.text}; font: 15px/1.5 Arial, Helvetica, sans-serif; }}
main {{ max-width: 60rem; margin: 0 auto; padding: 1rem; }}
.chart {{ width: 100%; margin: 0.5rem 0; }}
.wide {{ max-height: 30rem; overflow: auto; margin: 0.5rem 0; }}
table {{ border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }}
caption {{ text-align: left; font-weight: bold; }}
th, td {{ padding: 0.1rem 1rem 0.1rem 0; text-align: left; vertical-align: top; }}
th, td {{ border-bottom: 1px solid {colours.grid}; }}
summary {{ cursor: pointer; }}
pre {{ overflow: auto; padding: 0.75rem; border: 1px solid {colours.grid}; }}
a {{ color: inherit; overflow-wrap: anywhere; }}
:focus-visible {{ outline: 2px solid {colours.runs["current"]}; outline-offset: 2px; }}
"""
