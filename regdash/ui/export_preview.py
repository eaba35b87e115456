"""The preview of an export: the figure as it will stand in the file, and the browser's own way to save it."""

import json
from typing import Any

import streamlit as st

from regdash.charts.drawing import Drawing
from regdash.ui.chart_card import HERE, source

_HTML = """
<figure class="regdash-preview">
  <div class="regdash-preview-frame"><div class="regdash-preview-sheet" role="img"></div></div>
  <p class="regdash-preview-problem" role="status"></p>
  <button type="button" class="regdash-preview-save" hidden></button>
</figure>
"""
_CSS = """
.regdash-preview { margin: 0; }
.regdash-preview-frame { overflow: hidden; }
.regdash-preview-sheet { transform-origin: 0 0; width: max-content; outline: 1px solid var(--st-border-color); }
.regdash-preview-problem { margin: 0; font-size: 0.875rem; }
.regdash-preview-save {
  margin-top: 0.75rem;
  padding: 0.4rem 0.9rem;
  border: 1px solid var(--st-border-color);
  border-radius: var(--st-base-radius);
  background: var(--st-background-color);
  color: var(--st-text-color);
  font: inherit;
  cursor: pointer;
}
.regdash-preview-save:hover { border-color: var(--st-primary-color); }
.regdash-preview-save:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.regdash-preview [hidden] { display: none; }
"""

_preview = st.components.v2.component(
    "regdash_preview",
    html=_HTML,
    css=_CSS,
    js="\n".join((HERE / script).read_text("utf-8") for script in ("chart_plotly.js", "export_preview.js")),
    isolate_styles=False,
)


def show(figure: Drawing, alt: str, save: dict[str, Any] | None, key: str) -> None:
    """Show a figure that has a width and a height; with `save` (label, format, scale, filename) a button saves it."""
    facts = {"alt": alt, "source": source(), "save": save}
    _preview(data=f'{{"figure":{figure.to_json()},{json.dumps(facts)[1:]}'.encode(), key=key)
