"""The form: every hyper-parameter of the draft in five named groups."""

from collections.abc import Iterable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from regdash.experiment import CHOICES, Experiment
from regdash.links import REGULARIZATION
from regdash.params import Param, params_of
from regdash.regularizers import REGULARIZERS, Dropout, Regularizer
from regdash.ui import extras, lesson_card, locks, own_data, session, widgets
from regdash.ui.edit import MOST_RATES
from regdash.ui.keys import chosen, key_for

ADD = "add regulariser"
ELSEWHERE = ("split.folds", "split.fold")  # beside the seeds, above the charts

LABELS = {"data": "Data set", "network": "Network", "optimizer": "Optimizer", "schedule": "Learning-rate schedule"}

GROUPS = {
    "Data": ("data", "split"),
    "Network": ("network",),
    "Regularisation": (REGULARIZATION,),
    "Optimizer": ("optimizer", "schedule"),
    "Training": ("training",),
}
"""The parts in each group."""


def draw() -> None:
    """Draw the five groups, opened where most visitors begin."""
    experiment = session.draft().experiment
    lesson_card.draw()
    with _group("Data", expanded=True):
        _kind(experiment, "data")
        if not (locks.locked("data.table") or locks.hidden("data.table")):
            own_data.draw(experiment)
        _pairs(experiment, "data", params_of(type(experiment.data)))
        hidden = () if experiment.data.classes else ("label_noise",)
        _pairs(experiment, "split", [each for each in params_of(type(experiment.split)) if each.name not in hidden])
    with _group("Network"):
        _kind(experiment, "network")
        _all(experiment, "network")
    with _group("Regularisation", expanded=True):
        for kind in extras.EVERYDAY:
            _regularizer(experiment, kind.name)
        for kind in extras.shown(experiment, session.added()):
            _extra(experiment, kind)
        _add(experiment)
    with _group("Optimizer"):
        for place in ("optimizer", "schedule"):
            _kind(experiment, place)
            _all(experiment, place)
    with _group("Training"):
        _pairs(experiment, "training", params_of(type(experiment.training)))


def _group(name: str, expanded: bool = False) -> DeltaGenerator:
    """A group of controls; one of which the lesson hides everything leaves no trace."""
    if all(locks.hidden(place) for place in GROUPS[name]):
        return st.container(key=f"hidden-{name}")
    return st.expander(name, expanded=expanded)


def _kind(experiment: Experiment, place: str) -> None:
    widgets.kind_control(place, LABELS[place], CHOICES[place], getattr(experiment, place))


def _regularizer(experiment: Experiment, place: str) -> None:
    """The first setting of a regulariser always, the others once it is in use."""
    if place == "dropout":
        return dropout(experiment)
    first, *others = params_of(type(experiment.parts[place]))
    _one(experiment, place, first)
    if experiment.parts[place].active:
        for each in others:
            _one(experiment, place, each)
    return None


def _extra(experiment: Experiment, kind: type[Regularizer]) -> None:
    """A regulariser that was added, with a button that takes it away."""
    if locks.hidden(kind.name):
        return
    with st.container(key=f"extra-{kind.name}"):
        _regularizer(experiment, kind.name)
        if not locks.fixes(kind.name):
            help = f"Take {kind.label} away."
            st.button("Remove", key=f"remove {kind.name}", type="tertiary", help=help, on_click=_remove, args=(kind,))


def _add(experiment: Experiment) -> None:
    """The menu of all other regularisers; what is chosen begins with a mild value."""
    if locks.fixes(REGULARIZATION):
        return
    kinds = [kind for kind in extras.offered(experiment, session.added()) if not locks.fixes(kind.name)]
    if not kinds:
        return
    names = {kind.name: f"{extras.group_of(kind)}: {kind.label.partition(' (')[0]}" for kind in kinds}
    st.selectbox(
        "Add a regulariser",
        tuple(names),
        index=None,
        format_func=lambda name: names.get(name, name),
        placeholder="Add a regulariser",
        label_visibility="collapsed",
        key=key_for(ADD, tuple(names)),
        on_change=_chosen_to_add,
    )


def _chosen_to_add() -> None:
    name = chosen(ADD)
    kind = next((kind for kind in REGULARIZERS if kind.name == name), None)
    if kind is not None and extras.fits(kind, session.draft().experiment):
        session.edit(extras.added(session.draft().experiment, kind))
        session.remember(kind.name, True)


def _remove(kind: type[Regularizer]) -> None:
    session.edit(session.draft().experiment.with_part(kind.name, kind()))
    session.remember(kind.name, False)


def dropout(experiment: Experiment) -> None:
    """One slider for all hidden layers or one for each."""
    one, several = params_of(Dropout)
    rates = experiment.regularizer(Dropout).rates
    if rates:
        for layer in range(len(rates)):
            widgets.rate_control(several, layer, rates)
    else:
        _one(experiment, "dropout", one)
    if 1 < experiment.hidden_places <= MOST_RATES or rates:
        widgets.apart_control(several, rates)
    widgets.fault("dropout.rates")


def _all(experiment: Experiment, place: str) -> None:
    for each in params_of(type(experiment.parts[place])):
        _one(experiment, place, each)


def _pairs(experiment: Experiment, place: str, declared: Iterable[Param]) -> None:
    """Two small controls side by side."""
    paths = {f"{place}.{each.name}": each for each in declared if each.kind != "key"}
    drawn = [each for path, each in paths.items() if path not in ELSEWHERE and not locks.hidden(path)]
    columns = st.columns(2, gap="small")
    for number, each in enumerate(drawn):
        with columns[number % 2]:
            _one(experiment, place, each)


def _one(experiment: Experiment, place: str, declared: Param) -> None:
    path = f"{place}.{declared.name}"
    widgets.control(declared, path, experiment.values[path])
