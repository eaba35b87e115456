"""The charts of the Train page in two columns; each keeps its key, so that it is never mounted anew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from regdash.charts.boundary import read_boundary
from regdash.charts.calibration import alt_calibration, draw_calibration, read_calibration
from regdash.charts.coefficients import alt_coefficients, draw_coefficients, read_coefficients
from regdash.charts.confusion import alt_confusion, draw_confusion, read_confusion
from regdash.charts.drawing import Drawing
from regdash.charts.fit import alt_fit, draw_fit, read_fit
from regdash.charts.group import Group
from regdash.charts.histogram import alt_histogram, draw_histogram, read_histogram
from regdash.charts.layers import LAYER_MEASURES, alt_layers, draw_layers, read_layers
from regdash.charts.loss import alt_loss, draw_loss, read_loss
from regdash.charts.norms import alt_norms, draw_norms, read_norms
from regdash.charts.objective import alt_objective, draw_objective, read_objective
from regdash.charts.score import MEASURES, alt_score, draw_score, read_score
from regdash.datasets import samples
from regdash.experiment import Experiment
from regdash.export.captions import caption
from regdash.record import RunRecord
from regdash.repeats import Setting
from regdash.ui import views
from regdash.ui.boundary_player import boundary_picture
from regdash.ui.members import Runs
from regdash.ui.picture import Picture, show_picture

HEIGHT, TALL = 216, 260


@dataclass(frozen=True)
class Scene:
    """What the charts show: the current runs, those of the baseline, and before the first run the draft's points."""

    draft: Experiment
    current: Runs | None
    baseline: Runs | None

    @property
    def experiment(self) -> Experiment:
        """The experiment whose runs are drawn."""
        return self.current.setting.experiment if self.current else self.draft

    @property
    def epochs(self) -> int:
        """How many epochs the axes are made for; 0 before the first run."""
        return self.experiment.training.epochs if self.current else 0

    @property
    def columns(self) -> set[str]:
        """The names of the curves that there are."""
        return {name for history in self.current.histories for name in history} if self.current else set()

    @property
    def stamp(self) -> tuple[Any, ...]:
        """Equal as long as no chart would look otherwise."""
        points = (self.draft.data, self.draft.split) if self.current is None else ()
        return (points, self.current and self.current.stamp, self.baseline and self.baseline.stamp)

    @property
    def settings(self) -> dict[str, Setting]:
        """What is drawn, by name."""
        named = (("Current", self.current), ("Baseline", self.baseline))
        return {name: runs.setting for name, runs in named if runs is not None}

    def picture(self, drawn: Callable[..., Drawing], height: int, alt: str, **facts: Any) -> Picture:
        """A chart of this scene."""
        settings = self.settings
        return Picture("", drawn, alt, height, caption(settings), tuple(settings.values()), **facts)

    @property
    def groups(self) -> list[Group]:
        """The baseline first, so that the current setting is drawn over it."""
        named = ((self.baseline, "Baseline", "baseline"), (self.current, "Current", "current"))
        return [
            Group(name, role, runs.histories, tuple(r.snapshots for r in runs.records if r.snapshots is not None))  # type: ignore[arg-type]
            for runs, name, role in named
            if runs is not None
        ]

    @property
    def records(self) -> tuple[Sequence[RunRecord], Sequence[RunRecord]]:
        """The current runs that have ended, and those of the baseline."""
        return self.current.records if self.current else (), self.baseline.records if self.baseline else ()


def draw(draft: Experiment, current: Runs | None, baseline: Runs | None) -> None:
    """Loss and answers above, score and weights below; before the first run the points of the draft."""
    scene = Scene(draft, current, baseline)
    left, right = st.columns(2, gap="small")
    with left:
        _show(scene, "loss", "loss")
    with right:
        _card("answers", scene)
    left, right = st.columns(2, gap="small")
    with left:
        _card("score", scene)
    with right:
        _card("weights", scene)


def draw_more(draft: Experiment, current: Runs | None, baseline: Runs | None) -> None:
    """Below the fold: penalty and data loss told apart."""
    _show(Scene(draft, current, baseline), "objective", "objective")


def draw_one(draft: Experiment, current: Runs | None, baseline: Runs | None, name: str) -> None:
    """One chart by its name, for a page within another page."""
    scene = Scene(draft, current, baseline)
    make = partial(replace, name=name, height=TALL)
    show_picture("embedded", (name, scene.stamp), lambda: make(CHARTS[name](scene)))


def pictures(draft: Experiment, current: Runs, baseline: Runs | None) -> tuple[Picture, ...]:
    """Every chart that there is of these runs, for reports."""
    scene = Scene(draft, current, baseline)
    cards: tuple[views.Card, ...] = ("answers", "score", "weights")
    offered = [name for card in cards for name in views.offered(card, scene.experiment, scene.columns)]
    made = [replace(CHARTS[name](scene), name=name) for name in ("loss", *offered, "objective")]
    return tuple(each for each in made if each.draw("light").traces)


def _card(card: views.Card, scene: Scene) -> None:
    """The chart that the visitor has chosen for a card, its menu in place of the title."""
    titles = views.offered(card, scene.experiment, scene.columns)
    with st.container(key=f"titled-{card}" if len(titles) > 1 else f"card-{card}", gap=None):
        _show(scene, views.choose(card, titles), card)


def _show(scene: Scene, name: str, key: str) -> None:
    show_picture(key, (name, scene.stamp), lambda: replace(CHARTS[name](scene), name=name))


def _curves(read: Callable[..., Any], draw: Callable[..., Drawing], alt: Callable[..., str], scene: Scene) -> Picture:
    """A chart over epochs."""
    found = read(scene.groups)
    return scene.picture(partial(draw, found, epochs=scene.epochs), HEIGHT, alt(found))


def _objective(scene: Scene) -> Picture:
    found = read_objective(scene.groups)
    drawn = partial(draw_objective, found, epochs=scene.epochs)
    return scene.picture(drawn, TALL, alt_objective(found))


def _boundary(scene: Scene) -> Picture:
    current = scene.current
    probe = current.views[0].probe if current else None
    found = read_boundary(probe, samples(scene.experiment.data, scene.experiment.split))
    run, live = (current.id, current.moving) if current else ("", False)
    drawn = boundary_picture(found, HEIGHT, run=run, epochs_total=scene.epochs, live=live)
    return scene.picture(drawn.draw, HEIGHT, drawn.alt, player=drawn.player)


def _answers(read: Callable[..., Any], draw: Callable[..., Drawing], alt: Callable[..., str], scene: Scene) -> Picture:
    """A chart of what the current runs answer in the end."""
    found = read(scene.records[0])
    return scene.picture(partial(draw, found), HEIGHT, alt(found))


def _both(
    read: Callable[..., Any], draw: Callable[..., Drawing], alt: Callable[..., str], scene: Scene, **facts: Any
) -> Picture:
    """A chart of what the current runs and the baseline have become in the end."""
    found = read(*scene.records)
    return scene.picture(partial(draw, found, **facts), HEIGHT, alt(found))


def _coefficients(scene: Scene) -> Picture:
    return _both(read_coefficients, draw_coefficients, alt_coefficients, scene, epochs=scene.epochs)


def _layers(name: str, scene: Scene) -> Picture:
    ended = scene.current is not None and not scene.current.moving
    return _curves(partial(read_layers, name=name, ended=ended), draw_layers, alt_layers, scene)


CHARTS: Mapping[str, Callable[[Scene], Picture]] = {
    "loss": partial(_curves, read_loss, draw_loss, alt_loss),
    "objective": _objective,
    "boundary": _boundary,
    "confusion": partial(_answers, read_confusion, draw_confusion, alt_confusion),
    "calibration": partial(_both, read_calibration, draw_calibration, alt_calibration),
    "fit": partial(_answers, read_fit, draw_fit, alt_fit),
    "norms": partial(_curves, read_norms, draw_norms, alt_norms),
    "histogram": partial(_both, read_histogram, draw_histogram, alt_histogram),
    "coefficients": _coefficients,
    **{name: partial(_curves, partial(read_score, column=name), draw_score, alt_score) for name in MEASURES},
    **{name: partial(_layers, name) for name in LAYER_MEASURES},
}
"""What a card can show, by the name of its view."""
