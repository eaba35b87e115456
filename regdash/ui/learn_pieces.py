"""One block of a lesson on the page: its text, a figure, a chart of runs, a formula or a demonstration."""

from collections.abc import Callable, Mapping
from html import escape

import streamlit as st

from regdash.charts.figures import FIGURES
from regdash.errors import RegdashError
from regdash.lessons.demos import DEMOS
from regdash.lessons.lesson import Block, Place, Text
from regdash.ui import formula, learn_charts
from regdash.ui.demo_card import demo_card
from regdash.ui.figure_card import figure_card
from regdash.ui.kept import kept
from regdash.ui.learn_runs import Found
from regdash.ui.learn_values import filled
from regdash.ui.picture import Picture, show_picture


def draw(block: Block, found: Found, key: str) -> None:
    """Draw a block; what cannot be drawn is a sentence in its place. Predictions are drawn elsewhere."""
    try:
        if isinstance(block, Text):
            _text(block, found)
        else:
            DRAWN[block.kind](block, found, key)
    except RegdashError as error:
        st.html(f'<p class="rd-notice" role="status">{escape(str(error))}</p>')


def chart(place: Place, found: Found, key: str) -> None:
    """Draw a chart of runs; raises RegdashError when it cannot be drawn from what is here."""
    DRAWN[place.kind](place, found, key)


def needs_runs(block: Block) -> bool:
    """Whether a block can only be drawn once the lesson's runs are here."""
    if isinstance(block, Text):
        return any(number.expression.needs for number in block.values.values())
    return block.kind == "compare" or (block.kind == "chart" and "of" in block.options)


def _text(block: Text, found: Found) -> None:
    stamp = ("lesson text", block.markdown, block.line, found.lesson.text, found.lanes.stamp)
    words = kept(stamp, lambda: filled(block, found)) if block.values else block.markdown
    with st.container(key=f"learn-text-{block.line}"):
        st.markdown(words)


def _chart(place: Place, found: Found, key: str) -> None:
    figure = next((each for each in FIGURES if each.name == place.words[0]), None)
    if figure is not None:
        figure_card(figure, place.options, key)
    else:
        _picture(place, found, key, lambda: learn_charts.of_run(place, found))


def _compare(place: Place, found: Found, key: str) -> None:
    _picture(place, found, key, lambda: learn_charts.compared(place, found))


def _objective(place: Place, found: Found, _key: str) -> None:
    st.markdown(f"$${formula.objective(found.lesson.experiments[place.words[0]])}$$")


def _demo(place: Place, _found: Found, key: str) -> None:
    demo_card(next(each for each in DEMOS if each.name == place.words[0]), key)


def _picture(place: Place, found: Found, key: str, make: Callable[[], Picture]) -> None:
    words = (place.kind, place.words, tuple(place.options.items()))
    show_picture(key, (words, found.lesson.name, found.lesson.text, found.lanes.stamp), make)


DRAWN: Mapping[str, Callable[[Place, Found, str], None]] = {
    "chart": _chart,
    "compare": _compare,
    "objective": _objective,
    "demo": _demo,
}
