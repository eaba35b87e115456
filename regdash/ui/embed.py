"""What a page within another page may show: which charts and controls there are, and what the address asks for."""

from collections.abc import Collection
from typing import Any

import streamlit as st

from regdash.charts.score import MEASURES
from regdash.errors import BrokenLink
from regdash.experiment import CHOICES, Experiment
from regdash.links import SEEDS, Embedding, from_embedding
from regdash.params import params_of
from regdash.ui import session, views
from regdash.ui.chart_grid import CHARTS

CARDS: dict[str, views.Card] = {"answers": "answers", "score": "score", "weights": "weights"}
ALWAYS = {"loss": "Loss", "objective": "Loss and penalty"}
_ANSWERS = (*views.PLANE, *views.CLASSES, *views.NUMBERS)
NAMES = (*CHARTS, *CARDS)


def wanted() -> bool:
    """Whether this page stands in another page: its address says embed=true."""
    return bool(st.context.is_embedded)


def read() -> tuple[Embedding, str]:
    """What the address asks for, and a sentence where it asks for what there is not; then the usual is shown."""
    try:
        return from_embedding(st.session_state[session.EMBEDDED], NAMES), ""
    except BrokenLink as error:
        return Embedding(), f"This embedded page asks for something else than there is: {error}."


def titles(experiment: Experiment) -> dict[str, str]:
    """The charts that this experiment can have: name -> title."""
    found = dict(ALWAYS)
    for card in CARDS.values():
        found |= views.offered(card, experiment)
    return found


def chart(name: str, experiment: Experiment, columns: Collection[str] = ()) -> tuple[str, str]:
    """The chart to draw, and a sentence when it is another than was asked for, as for data of more dimensions."""
    if name in ALWAYS:
        return name, ""
    card = CARDS.get(name) or _card_of(name)
    offered = views.offered(card, experiment, columns)
    if name in offered:
        return name, ""
    first = next(iter(offered))
    if name in CARDS:
        return first, ""
    return first, f"These settings have no chart called {name}, so another is shown: {offered[first].lower()}."


def movable(name: str, experiment: Experiment) -> bool:
    """Whether one control can move this: the seeds, a kind of part, or a setting that the experiment has."""
    place, _, short = name.partition(".")
    if not short:
        return name == SEEDS or (name in CHOICES and name not in ("split", "training"))
    return place in experiment.parts and any(each.name == short for each in _settings(experiment.parts[place]))


def _settings(part: Any) -> list[Any]:
    return [each for each in params_of(type(part)) if each.kind != "key"]


def _card_of(name: str) -> views.Card:
    if name in _ANSWERS:
        return "answers"
    return "score" if name in MEASURES else "weights"
