"""A small figure that needs no training, with its settings as controls."""

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from regdash.charts.figures import Figure, settings_from
from regdash.errors import InvalidExperiment, RegdashError
from regdash.params import params_of, shown
from regdash.ui.figure_controls import figure_controls
from regdash.ui.picture import Picture, show_picture


@st.fragment
def figure_card(figure: Figure, options: Mapping[str, str], key: str) -> None:
    """Draw a figure, beginning with the settings in `options`; moving a control redraws nothing else on the page."""
    try:
        first = settings_from(figure, options)
        settings = settings_from(figure, {**_values(first), **figure_controls(figure, first, key)})
        show_picture(f"{key}-chart", (figure.name, settings), lambda: picture_of(figure, settings))
    except InvalidExperiment as error:
        _say("; ".join(error.errors.values()))
    except RegdashError as error:
        _say(str(error))


def picture_of(figure: Figure, settings: Any) -> Picture:
    """A figure with these settings as a picture."""
    data = figure.read(settings)
    words = ", ".join(f"{each.label} {shown(getattr(settings, each.name))}" for each in params_of(figure.settings))
    return Picture(figure.name.replace("_", "-"), partial(figure.draw, data), figure.alt(data), figure.height, words)


def _values(settings: Any) -> dict[str, Any]:
    return {each.name: getattr(settings, each.name) for each in params_of(type(settings))}


def _say(sentence: str) -> None:
    st.html(f'<p class="rd-fault" role="alert">{escape(sentence)}</p>')
