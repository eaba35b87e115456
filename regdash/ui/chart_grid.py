"""The charts of the Train page in two columns; each keeps its key, so that it is never mounted anew."""

import streamlit as st

from regdash.charts.boundary import read_boundary
from regdash.charts.confusion import alt_confusion, draw_confusion, read_confusion
from regdash.charts.fit import alt_fit, draw_fit, read_fit
from regdash.charts.group import Group
from regdash.charts.loss import alt_loss, draw_loss, read_loss
from regdash.charts.norms import alt_norms, draw_norms, read_norms
from regdash.charts.objective import alt_objective, draw_objective, read_objective
from regdash.charts.score import alt_score, draw_score, read_score
from regdash.datasets import samples
from regdash.experiment import Experiment
from regdash.ui.boundary_player import boundary_player
from regdash.ui.chart_card import chart_theme
from regdash.ui.live_chart import live_chart
from regdash.ui.runs import Runs

HEIGHT = 216


def draw(draft: Experiment, current: Runs | None, baseline: Runs | None) -> None:
    """Loss and answers above, score and weight norms below; before the first run the points of the draft."""
    groups, epochs, theme = _groups(current, baseline), _epochs(current), chart_theme()
    left, right = st.columns(2, gap="small")
    with left:
        loss = read_loss(groups)
        live_chart(draw_loss(loss, theme, epochs=epochs), "loss", HEIGHT, alt_loss(loss))
    with right:
        _answers(current.setting.experiment if current else draft, current)
    left, right = st.columns(2, gap="small")
    with left:
        score = read_score(groups)
        live_chart(draw_score(score, theme, epochs=epochs), "score", HEIGHT, alt_score(score))
    with right:
        norms = read_norms(groups)
        live_chart(draw_norms(norms, theme, epochs=epochs), "norms", HEIGHT, alt_norms(norms))


def draw_more(current: Runs | None, baseline: Runs | None) -> None:
    """Below the fold: penalty and data loss told apart."""
    data = read_objective(_groups(current, baseline))
    live_chart(draw_objective(data, chart_theme(), epochs=_epochs(current)), "objective", 260, alt_objective(data))


def _answers(experiment: Experiment, current: Runs | None) -> None:
    """The boundary for two inputs, the confusion matrix for classes, predicted against true for numbers."""
    theme, records = chart_theme(), current.records if current else ()
    if experiment.data.features == 2 and experiment.data.classes:
        boundary = read_boundary(
            current.views[0].probe if current else None, samples(experiment.data, experiment.split)
        )
        run, live = (current.id, current.moving) if current else ("", False)
        boundary_player(boundary, theme, "boundary", HEIGHT, run=run, epochs_total=_epochs(current), live=live)
    elif experiment.data.classes:
        confusion = read_confusion(records)
        live_chart(draw_confusion(confusion, theme), "confusion", HEIGHT, alt_confusion(confusion))
    else:
        fit = read_fit(records)
        live_chart(draw_fit(fit, theme), "fit", HEIGHT, alt_fit(fit))


def _groups(current: Runs | None, baseline: Runs | None) -> list[Group]:
    named = ((baseline, "Baseline", "baseline"), (current, "Current", "current"))
    return [Group(name, role, runs.histories) for runs, name, role in named if runs is not None]  # type: ignore[arg-type]


def _epochs(current: Runs | None) -> int:
    return current.setting.experiment.training.epochs if current else 0
