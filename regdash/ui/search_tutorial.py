"""scikit-learn's own examples of a search: run live as they are printed, and what is wrong with them."""

import math
from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from regdash.search.tutorials import TUTORIALS, Searched, Tutorial, corresponding_plan
from regdash.ui import search_state
from regdash.ui.search_views import choose
from regdash.ui.search_words import counted

TITLE = "As scikit-learn's tutorials search, and what goes wrong there"


def draw() -> None:
    """A panel that runs nothing before it is opened."""
    panel = st.expander(TITLE, key="search-tutorial", on_change="rerun")
    if panel.open:
        with panel:
            st.fragment(_examples)()


def _examples() -> None:
    names = {each.name: each.label for each in TUTORIALS}
    chosen = choose("tutorial", "Example", names)
    found = next(each for each in TUTORIALS if each.name == chosen)
    left, right = st.columns(2, gap="medium")
    with left:
        st.code(found.code, language="python", wrap_lines=True)
    with right:
        with st.spinner("scikit-learn searches"):
            searched = found.run()
        st.html(result(found, searched))
        help = "A linear network on iris with L1 and L2 in the form beside this page; Start trains all of it together."
        if st.button("Search this here", key="search tutorial", help=help):
            search_state.load(corresponding_plan(), "The tutorials' grid as a search of networks. Press Start.")
            st.rerun()


def result(tutorial: Tutorial, found: Searched) -> str:
    """What the search reports, what it keeps to itself, and why."""
    failed = (
        f"{found.failed} of {counted(found.fits, 'fit')} failed" if found.failed else f"{counted(found.fits, 'fit')}"
    )
    test = f" On rows kept apart it is right in {found.test:.1%}." if math.isfinite(found.test) else ""
    said = f"It reports {_settings(found.best)} with {found.score:.1%}; {failed}.{test}"
    rows = "".join(
        f"<tr><th scope='row'>{escape(_settings(each.settings))}</th><td>{_score(each.score)}</td></tr>"
        for each in found.candidates
    )
    warned = "".join(f"<li>{escape(text)}{f' ({many} times)' if many > 1 else ''}</li>" for text, many in _first(found))
    return (
        f'<div class="rd-tutorial" data-testid="rd-tutorial"><p><strong>{escape(said)}</strong></p>'
        f"<p>{escape(tutorial.remark)}</p>"
        '<div class="rd-scores"><table><thead><tr><th scope="col">Tried</th><th scope="col">Accuracy</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
        f"{f'<p>What scikit-learn writes meanwhile:</p><ul>{warned}</ul>' if warned else ''}</div>"
    )


def _settings(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name.rpartition('__')[2]} {value}" for name, value in settings.items())


def _score(score: float) -> str:
    return f"{score:.1%}" if math.isfinite(score) else "nan: the fits failed"


def _first(found: Searched) -> list[tuple[str, int]]:
    """The first few warnings."""
    return list(found.warnings.items())[:3]
