"""All trials of a search as a table, the best first; a row that is chosen is listed below with its buttons."""

import math
from typing import Any

import pandas as pd
import streamlit as st

from regdash.jobs.searches import SearchView
from regdash.search import PLACES, Plan, Trial, loss
from regdash.ui import log_downloads, search_state
from regdash.ui.kept import kept
from regdash.ui.search_words import labels, setting_words

NUMBER, ERROR, STATE = "Trial", "Standard error", "State"
HEIGHT = 420


def draw(view: SearchView) -> None:
    """The table, or that there is nothing in it yet."""
    if not view.trials:
        st.html('<p class="rd-empty">No trial has begun yet.</p>')
        return
    frame = kept(("search table", view.id, view.version), lambda: table(view.plan, view.trials))
    key = f"search-table-{view.id}"
    st.dataframe(
        frame,
        hide_index=True,
        key=key,
        height=min(38 + 35 * len(frame), HEIGHT),
        column_config=_columns(view.plan, frame),
        on_select=lambda: _selected(view, frame, key),
        selection_mode="single-row",
    )
    st.html('<p class="rd-caption">Choose a row to open its trial. Settings that do not vary are left out.</p>')
    log_downloads.study_button(view)


def table(plan: Plan, trials: tuple[Trial, ...]) -> pd.DataFrame:
    """One row per trial with the searched settings that vary, the best first, then those in training, then failures."""
    names, objective = labels(plan), plan.objective
    scale = 100 if objective.measure.percent else 1
    varying = [path for path in names if len({str(each.values[path]) for each in trials}) > 1]
    rows = []
    for each in sorted(trials, key=lambda each: (_rank(plan, each), each.number)):
        error = each.outcome.standard_error if each.outcome else math.nan
        row: dict[str, Any] = {NUMBER: each.number, score_column(plan): scale * each.score}
        row |= {ERROR: scale * error} if objective.runs > 1 else {}
        row |= {names[path]: _cell(plan, path, each.values[path]) for path in varying}
        row["Epochs"] = each.epochs or plan.experiment(each.values).training.epochs if _valid(plan, each) else 0
        rows.append(row | {STATE: _state(each)})
    return pd.DataFrame(rows)


def score_column(plan: Plan) -> str:
    """The heading of the scores."""
    measure = plan.objective.measure
    return f"{measure.label} (%)" if measure.percent else measure.label


def _rank(plan: Plan, trial: Trial) -> float:
    found = loss(plan, trial)
    return 1e300 if math.isnan(found) else found


def _valid(plan: Plan, trial: Trial) -> bool:
    return not (trial.outcome and trial.outcome.problem)


def _cell(plan: Plan, path: str, value: Any) -> Any:
    """A number stays one, so that the column sorts; everything else is written out."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    param = next(p for each, p in zip(plan.space.dimensions, plan.space.params, strict=True) if each.path == path)
    return (
        setting_words(param, path, value)
        if path in PLACES or not isinstance(value, tuple)
        else "-".join(map(str, value))
    )


def _state(trial: Trial) -> str:
    if trial.outcome is None:
        return "in training"
    return f"failed: {trial.outcome.problem}" if trial.outcome.problem else "done"


def _columns(plan: Plan, frame: pd.DataFrame) -> dict[str, Any]:
    digits = "%.1f" if plan.objective.measure.percent else "%.4f"
    found: dict[str, Any] = {name: st.column_config.NumberColumn(format=digits) for name in (score_column(plan), ERROR)}
    found |= {NUMBER: st.column_config.NumberColumn(width=60), STATE: st.column_config.TextColumn(width="medium")}
    settings = [label for label in labels(plan).values() if label in frame and frame[label].dtype.kind == "f"]
    return found | {label: st.column_config.NumberColumn(format="%.6g") for label in settings}


def _selected(view: SearchView, frame: pd.DataFrame, key: str) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    numbers = tuple(int(frame[NUMBER].iloc[row]) for row in rows if row < len(frame))
    search_state.pick(view.id, "Chosen in the table", numbers)
