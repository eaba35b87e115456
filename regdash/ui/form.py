"""The form: every hyper-parameter of the draft in five named groups."""

from collections.abc import Iterable

import streamlit as st

from regdash.experiment import CHOICES, Experiment
from regdash.params import Param, params_of
from regdash.regularizers import REGULARIZERS, Dropout
from regdash.ui import session, widgets

LABELS = {"data": "Data set", "network": "Network", "optimizer": "Optimizer", "schedule": "Learning-rate schedule"}


def draw() -> None:
    """Draw the five groups, opened where most visitors begin."""
    experiment = session.draft().experiment
    with st.expander("Data", expanded=True):
        _kind(experiment, "data")
        _pairs(experiment, "data", params_of(type(experiment.data)))
        hidden = () if experiment.data.classes else ("label_noise",)
        _pairs(experiment, "split", [each for each in params_of(type(experiment.split)) if each.name not in hidden])
    with st.expander("Network", expanded=False):
        _kind(experiment, "network")
        _all(experiment, "network")
    with st.expander("Regularisation", expanded=True):
        for kind in REGULARIZERS:
            _regularizer(experiment, kind.name)
    with st.expander("Optimizer", expanded=False):
        for place in ("optimizer", "schedule"):
            _kind(experiment, place)
            _all(experiment, place)
    with st.expander("Training", expanded=False):
        _pairs(experiment, "training", params_of(type(experiment.training)))


def _kind(experiment: Experiment, place: str) -> None:
    widgets.kind_control(place, LABELS[place], CHOICES[place], getattr(experiment, place))


def _regularizer(experiment: Experiment, place: str) -> None:
    """The first setting of a regulariser always, the others once it is in use."""
    if place == "dropout":
        return _dropout(experiment)
    first, *others = params_of(type(experiment.parts[place]))
    _one(experiment, place, first)
    if experiment.parts[place].active:
        for each in others:
            _one(experiment, place, each)
    return None


def _dropout(experiment: Experiment) -> None:
    """One slider for all hidden layers or one for each."""
    one, several = params_of(Dropout)
    rates = experiment.regularizer(Dropout).rates
    if rates:
        for layer in range(len(rates)):
            widgets.rate_control(several, layer, rates)
    else:
        _one(experiment, "dropout", one)
    if experiment.hidden_places > 1 or rates:
        widgets.apart_control(several, rates)
    widgets.fault("dropout.rates")


def _all(experiment: Experiment, place: str) -> None:
    for each in params_of(type(experiment.parts[place])):
        _one(experiment, place, each)


def _pairs(experiment: Experiment, place: str, declared: Iterable[Param]) -> None:
    """Two small controls side by side."""
    columns = st.columns(2, gap="small")
    for number, each in enumerate(declared):
        with columns[number % 2]:
            _one(experiment, place, each)


def _one(experiment: Experiment, place: str, declared: Param) -> None:
    path = f"{place}.{declared.name}"
    widgets.control(declared, path, experiment.values[path])
