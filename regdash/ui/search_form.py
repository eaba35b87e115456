"""What is searched and how: the form beside the Search page, in the groups of the Train page."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from regdash.experiment import Experiment
from regdash.params import params_of
from regdash.regularizers import REGULARIZERS
from regdash.search import STRATEGIES, available, metrics_of, searchable
from regdash.search.plan import HALVINGS
from regdash.settings import settings
from regdash.ui import extras, locks, search_state, session
from regdash.ui.form import GROUPS
from regdash.ui.keys import chosen, key_for
from regdash.ui.search_fields import Errors, error, facts, setting
from regdash.ui.search_sketch import BUDGETS, SECONDS, Sketch, metric_of, present
from regdash.ui.search_typed import prefilled

ADD = "search another"
NOT_HERE = ("dropout.rates",)
HALVING_WORDS = {"": "None", "halving": "Halving", "hyperband": "Hyperband"}
EPOCH_WORDS = {"best": "Best epoch", "last": "Last epoch"}
SEEDS, FOLDS = (1, 2, 3, 5, 10), (0, 3, 5, 10)
REGULARIZER_NAMES = frozenset(kind.name for kind in REGULARIZERS)


def draw(errors: Errors) -> None:
    """Draw what is searched, by whom, and how it is judged."""
    experiment, sketch = session.draft().experiment, search_state.sketch()
    st.html('<p class="rd-said">Tick what is searched. All else stays as it is on the Train page.</p>')
    error(errors, "space")
    ticked = present(sketch, experiment)
    for name, places in GROUPS.items():
        paths = _paths(experiment, name, places, ticked)
        if not paths:
            continue
        count = sum(path in ticked for path in paths)
        open_first = any(path in ticked for path in paths)
        with st.expander(f"{name} ({count})" if count else name, expanded=open_first, key=f"search-group-{name}"):
            for path in paths:
                setting(experiment, path, errors)
            if name == "Regularisation":
                _add(experiment, ticked)
    with st.expander("Strategy and budget", expanded=True, key="search-strategy"):
        _strategy(sketch, errors)
        _budget(sketch, errors)
    with st.expander("Judged by", expanded=True, key="search-objective"):
        _objective(experiment, sketch, errors)


def _paths(experiment: Experiment, group: str, places: Iterable[str], ticked: Mapping[str, Any]) -> list[str]:
    """The settings of a group that can be searched: kinds first, of the regularisers those in everyday use."""
    there = [path for path in searchable(experiment) if path not in NOT_HERE and not locks.hidden(path)]
    if group == "Regularisation":
        everyday = {f"{kind.name}.{params_of(kind)[0].name}" for kind in extras.EVERYDAY}
        active = {kind.name for kind in REGULARIZERS if experiment.regularizer(kind).active}
        inside = [path for path in there if path.partition(".")[0] in REGULARIZER_NAMES]
        return [path for path in inside if path in everyday or path in ticked or path.partition(".")[0] in active]
    inside = [path for path in there if path.partition(".")[0] in places]
    return sorted(inside, key=lambda path: "." in path)


def _add(experiment: Experiment, ticked: Mapping[str, Any]) -> None:
    """The menu of all other regularisers; what is chosen is ticked."""
    kinds = [kind for kind in extras.offered(experiment, ()) if search_state.free(kind.name)]
    names = {f"{kind.name}.{params_of(kind)[0].name}": f"{extras.group_of(kind)}: {kind.label}" for kind in kinds}
    names = {path: words for path, words in names.items() if path not in ticked}

    def add() -> None:
        path = chosen(ADD)
        if path in names:
            search_state.change(lambda sketch: sketch.with_typed(path, prefilled(experiment, path)))

    st.selectbox(
        "Search another regulariser",
        tuple(names),
        index=None,
        format_func=lambda path: names.get(path, path),
        placeholder="Search another regulariser",
        label_visibility="collapsed",
        key=key_for(ADD, tuple(names)),
        on_change=add,
    )


def _strategy(sketch: Sketch, errors: Errors) -> None:
    offered = {each.name: each.label for each in STRATEGIES if available(each)}
    helps = {each.name: each.help for each in STRATEGIES}
    shows = sketch.strategy if sketch.strategy in offered else next(iter(offered))
    st.selectbox(
        "Strategy",
        tuple(offered),
        tuple(offered).index(shows),
        lambda name: offered.get(name, name),
        filter_mode=None,
        **facts("strategy", shows, lambda sketch, name: replace(sketch, strategy=name)),
    )
    st.html(f'<p class="rd-said">{escape(helps[shows])}</p>')
    error(errors, "strategy")
    for sentence in unavailable():
        st.html(f'<p class="rd-said">{escape(sentence)}</p>')
    st.segmented_control(
        "Successive halving",
        HALVINGS,
        default=sketch.halving,
        required=True,
        format_func=lambda name: HALVING_WORDS[name],
        help="Most points get a few epochs only; the best third of each round goes on with three times as many. "
        "Hyperband does this with several sizes of the first round.",
        **facts("halving", sketch.halving, lambda sketch, name: replace(sketch, halving=name)),
    )
    error(errors, "halving")
    error(errors, "eta")


def unavailable() -> list[str]:
    """Which strategies this server lacks, and how to get them."""
    return [
        f"{each.label} is not installed here; it comes with pip install 'regdash[{each.name}]'."
        for each in STRATEGIES
        if not available(each)
    ]


def _budget(sketch: Sketch, errors: Errors) -> None:
    """Trials or seconds; a whole grid in trials needs neither."""
    st.segmented_control(
        "Budget",
        tuple(BUDGETS),
        default=sketch.budget,
        required=True,
        format_func=lambda name: BUDGETS[name],
        help="With seconds nothing new begins after so much time of searching.",
        **facts("budget", sketch.budget, lambda sketch, name: replace(sketch, budget=name)),
    )
    if sketch.budget == SECONDS:
        _whole("Seconds", "seconds", sketch.seconds, 1, 86_400)
    elif sketch.strategy == "grid":
        st.html('<p class="rd-said">A grid tries each of its points once.</p>')
    else:
        _whole("Trials", "trials", sketch.trials, 1, settings().max_trials)
    error(errors, "trials")
    error(errors, "seconds")


def _objective(experiment: Experiment, sketch: Sketch, errors: Errors) -> None:
    names = {each.name: each.label for each in metrics_of(experiment)}
    shows = metric_of(sketch, experiment)
    st.selectbox(
        "Metric",
        tuple(names),
        tuple(names).index(shows),
        lambda name: names.get(name, name),
        filter_mode=None,
        help="Always on the validation rows and without any penalty, so that no setting wins by being free of one.",
        **facts("metric", shows, lambda sketch, name: replace(sketch, metric=name)),
    )
    error(errors, "metric")
    st.segmented_control(
        "At the",
        tuple(EPOCH_WORDS),
        default=sketch.epoch,
        required=True,
        format_func=lambda name: EPOCH_WORDS[name],
        help="The best epoch is the one with the lowest validation loss of each run.",
        **facts("epoch", sketch.epoch, lambda sketch, name: replace(sketch, epoch=name)),
    )
    _repeats(sketch)
    error(errors, "seeds")
    error(errors, "folds")
    _whole("Seed of the search", "seed", sketch.seed, 0, 2**31 - 1, "The same seed proposes the same trials again.")


def _repeats(sketch: Sketch) -> None:
    st.segmented_control(
        "Seeds",
        sorted({*SEEDS, sketch.seeds}),
        default=sketch.seeds,
        required=True,
        help="Each trial is repeated so often; its score is the mean, and differences are judged by the interval.",
        **facts("seeds", sketch.seeds, lambda sketch, many: replace(sketch, seeds=many)),
    )
    st.segmented_control(
        "Folds",
        sorted({*FOLDS, sketch.folds}),
        default=sketch.folds,
        required=True,
        format_func=lambda many: str(many) if many else "no folds",
        help="Cross-validation: each trial is trained so often, each time with another part of the rows set aside.",
        **facts("folds", sketch.folds, lambda sketch, many: replace(sketch, folds=many)),
    )


def _whole(label: str, name: str, shows: int, low: int, high: int, help: str | None = None) -> None:
    st.number_input(
        label,
        low,
        high,
        min(max(shows, low), high),
        1,
        help=help,
        **facts(name, shows, lambda sketch, value: replace(sketch, **{name: value})),
    )
