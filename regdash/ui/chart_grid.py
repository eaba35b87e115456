"""The charts of the Train page in two columns; each keeps its key, so that it is never mounted anew."""

from collections.abc import Sequence

import streamlit as st

from regdash.charts.boundary import read_boundary
from regdash.charts.calibration import alt_calibration, draw_calibration, read_calibration
from regdash.charts.coefficients import alt_coefficients, draw_coefficients, read_coefficients
from regdash.charts.confusion import alt_confusion, draw_confusion, read_confusion
from regdash.charts.fit import alt_fit, draw_fit, read_fit
from regdash.charts.group import Group
from regdash.charts.histogram import alt_histogram, draw_histogram, read_histogram
from regdash.charts.layers import alt_layers, draw_layers, read_layers
from regdash.charts.loss import alt_loss, draw_loss, read_loss
from regdash.charts.norms import alt_norms, draw_norms, read_norms
from regdash.charts.objective import alt_objective, draw_objective, read_objective
from regdash.charts.score import alt_score, draw_score, read_score
from regdash.datasets import samples
from regdash.experiment import Experiment
from regdash.record import RunRecord
from regdash.ui import views
from regdash.ui.boundary_player import boundary_player
from regdash.ui.chart_card import chart_theme
from regdash.ui.live_chart import live_chart
from regdash.ui.members import Runs

HEIGHT = 216


def draw(draft: Experiment, current: Runs | None, baseline: Runs | None) -> None:
    """Loss and answers above, score and weights below; before the first run the points of the draft."""
    left, right = st.columns(2, gap="small")
    with left:
        loss = read_loss(_groups(current, baseline))
        live_chart(draw_loss(loss, chart_theme(), epochs=_epochs(current)), "loss", HEIGHT, alt_loss(loss))
    with right:
        _card("answers", draft, current, baseline)
    left, right = st.columns(2, gap="small")
    with left:
        _card("score", draft, current, baseline)
    with right:
        _card("weights", draft, current, baseline)


def draw_more(current: Runs | None, baseline: Runs | None) -> None:
    """Below the fold: penalty and data loss told apart."""
    data = read_objective(_groups(current, baseline))
    live_chart(draw_objective(data, chart_theme(), epochs=_epochs(current)), "objective", 260, alt_objective(data))


def _card(card: views.Card, draft: Experiment, current: Runs | None, baseline: Runs | None) -> None:
    """The chart that the visitor has chosen for a card, its menu in place of the title."""
    experiment = current.setting.experiment if current else draft
    columns = {name for history in current.histories for name in history} if current else ()
    titles = views.offered(card, experiment, columns)
    with st.container(key=f"titled-{card}" if len(titles) > 1 else f"card-{card}", gap=None):
        name = views.choose(card, titles)
        if card == "answers":
            _answers(name, experiment, current, baseline)
        elif card == "score":
            score = read_score(_groups(current, baseline), name)
            live_chart(draw_score(score, chart_theme(), epochs=_epochs(current)), card, HEIGHT, alt_score(score))
        else:
            _weights(name, current, baseline)


def _answers(name: str, experiment: Experiment, current: Runs | None, baseline: Runs | None) -> None:
    """The boundary for two inputs, the confusion matrix for classes, predicted against true for numbers."""
    theme, records = chart_theme(), _records(current)
    if name == "boundary":
        probe = current.views[0].probe if current else None
        boundary = read_boundary(probe, samples(experiment.data, experiment.split))
        run, live = (current.id, current.moving) if current else ("", False)
        boundary_player(boundary, theme, "answers", HEIGHT, run=run, epochs_total=_epochs(current), live=live)
    elif name == "confusion":
        confusion = read_confusion(records)
        live_chart(draw_confusion(confusion, theme), "answers", HEIGHT, alt_confusion(confusion))
    elif name == "calibration":
        calibration = read_calibration(records, _records(baseline))
        live_chart(draw_calibration(calibration, theme), "answers", HEIGHT, alt_calibration(calibration))
    else:
        fit = read_fit(records)
        live_chart(draw_fit(fit, theme), "answers", HEIGHT, alt_fit(fit))


def _weights(name: str, current: Runs | None, baseline: Runs | None) -> None:
    """A curve for each layer, or what the weights have become in the end."""
    theme, epochs = chart_theme(), _epochs(current)
    if name == "norms":
        norms = read_norms(_groups(current, baseline))
        live_chart(draw_norms(norms, theme, epochs=epochs), "weights", HEIGHT, alt_norms(norms))
    elif name == "histogram":
        histogram = read_histogram(_records(current), _records(baseline))
        live_chart(draw_histogram(histogram, theme), "weights", HEIGHT, alt_histogram(histogram))
    elif name == "coefficients":
        paths = read_coefficients(_records(current), _records(baseline))
        live_chart(draw_coefficients(paths, theme, epochs=epochs), "weights", HEIGHT, alt_coefficients(paths))
    else:
        ended = current is not None and not current.moving
        layers = read_layers(_groups(current, baseline), name, ended=ended)
        live_chart(draw_layers(layers, theme, epochs=epochs), "weights", HEIGHT, alt_layers(layers))


def _groups(current: Runs | None, baseline: Runs | None) -> list[Group]:
    """The baseline first, so that the current setting is drawn over it."""
    named = ((baseline, "Baseline", "baseline"), (current, "Current", "current"))
    return [
        Group(name, role, runs.histories, tuple(r.snapshots for r in runs.records if r.snapshots is not None))  # type: ignore[arg-type]
        for runs, name, role in named
        if runs is not None
    ]


def _records(runs: Runs | None) -> Sequence[RunRecord]:
    return runs.records if runs else ()


def _epochs(current: Runs | None) -> int:
    return current.setting.experiment.training.epochs if current else 0
