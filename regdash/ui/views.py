"""Which charts a card can show, and the menu in its title row; a choice is the session's and trains nothing."""

from collections.abc import Collection, Mapping
from typing import Literal

import streamlit as st

from regdash.charts.layers import LAYER_MEASURES
from regdash.charts.score import MEASURES
from regdash.experiment import Experiment
from regdash.ui.keys import chosen, key_for, moved
from regdash.ui.snapshots import kept

Card = Literal["answers", "score", "weights"]

VIEWS = "views"  # card -> the name of the chart that the visitor has chosen
SUBJECTS: Mapping[Card, str] = {"answers": "the answers", "score": "the scores", "weights": "the weights"}

PLANE = {"boundary": "Decision boundary"}
CLASSES = {"confusion": "Confusion matrix", "calibration": "Calibration"}
NUMBERS = {"fit": "Predicted and true values"}
NORMS = {"norms": "L2 norm of weights"}
LEFT = {"histogram": "Weights now"}  # what is left in the end
LINEAR = {"coefficients": "Coefficients"}


def offered(card: Card, experiment: Experiment, columns: Collection[str] = ()) -> dict[str, str]:
    """The charts of a card by name, with their titles; `columns` are those of the runs, when there are any."""
    if card == "answers":
        return _answers(experiment)
    return _scores(experiment, columns) if card == "score" else _weights(experiment, columns)


def choose(card: Card, titles: Mapping[str, str]) -> str:
    """Draw the menu of a card that has more than one chart; returns the name of the one to show.

    A choice that this run does not have is kept for the next, and the first chart is shown meanwhile.
    """
    names, widget = tuple(titles), f"view {card}"
    wanted = st.session_state.get(VIEWS, {}).get(card)
    shows = wanted if wanted in names else names[0]
    if len(names) == 1:
        return shows

    def changed() -> None:
        if moved(widget, shows):
            st.session_state[VIEWS] = {**st.session_state.get(VIEWS, {}), card: chosen(widget)}

    st.selectbox(
        f"Chart of {SUBJECTS[card]}",
        names,
        names.index(shows),
        lambda name: titles.get(name, name),
        key=key_for(widget, shows),
        label_visibility="collapsed",
        filter_mode=None,
        on_change=changed,
    )
    return shows


def _answers(experiment: Experiment) -> dict[str, str]:
    if not experiment.data.classes:
        return NUMBERS
    return PLANE | CLASSES if experiment.data.features == 2 else CLASSES


def _scores(experiment: Experiment, columns: Collection[str]) -> dict[str, str]:
    task = ("accuracy", "f1", "precision", "recall") if experiment.data.classes else ("r2", "mae")
    names = (*task, "learning_rate")
    there = [name for name in names if name in columns] if columns else names
    return {name: MEASURES[name].title for name in there or names[:1]}


def _weights(experiment: Experiment, columns: Collection[str]) -> dict[str, str]:
    seen, places = kept(experiment), experiment.hidden_places
    layers = {
        name: measure.title
        for name, measure in LAYER_MEASURES.items()
        if (not columns or f"{name}/all" in columns or measure.seen)
        and (not measure.seen or seen)
        and (name != "dead" or places)
    }
    return NORMS | layers | LEFT | (LINEAR if not places else {})
