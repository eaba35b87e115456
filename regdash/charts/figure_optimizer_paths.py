"""Five optimizers on their way down the same surface, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.charts.drawing import Drawing
from regdash.charts.figure_base import Figure
from regdash.charts.landscapes import LANDSCAPES, Landscape
from regdash.charts.theme import PALETTES, Palette, Theme, figure, rgba
from regdash.charts.traces import dots, line
from regdash.intervals import Array
from regdash.optimizers import SGD, Adam, Momentum, Optimizer, RMSprop, numbers
from regdash.params import param

NAME, TITLE = "optimizer_paths", "Paths of optimizers"
FAR = 1e3  # beyond it a path has flown off and is followed no further
GRID = 61
LABELS = {
    "gd": "gradient descent",
    "sgd": "noisy SGD",
    "momentum": "momentum",
    "rmsprop": "RMSprop",
    "adam": "Adam",
}
RULES: Mapping[str, Optimizer] = {
    "gd": SGD(),
    "sgd": SGD(),
    "momentum": Momentum(),
    "rmsprop": RMSprop(),
    "adam": Adam(),
}
DASHES = {"gd": "solid", "sgd": "2px,2px", "momentum": "7px,3px", "rmsprop": "8px,3px,2px,3px", "adam": "solid"}
MENU: Mapping[str, tuple[str, ...]] = {
    "all five": tuple(LABELS),
    **{label: (name,) for name, label in LABELS.items()},
    "descent and noisy SGD": ("gd", "sgd"),
    "descent and momentum": ("gd", "momentum"),
    "descent and Adam": ("gd", "adam"),
    "RMSprop and Adam": ("rmsprop", "adam"),
}


@dataclass(frozen=True)
class OptimizerPaths:
    """Where they go down, how far, and which of them are drawn."""

    landscape: str = param(
        "valley",
        "Surface",
        "A long valley, a saddle between two minima, or a quartic: a bowl that is flat around its minimum.",
        choices=tuple(LANDSCAPES),
    )
    drawn: str = param(
        "all five", "Optimizers", "Which of the five paths are drawn; all are computed.", choices=tuple(MENU)
    )
    learning_rate: float = param(
        0.08,
        "Learning rate",
        "The same for all five, though each would prefer its own. In the valley plain descent flies off above 0.1.",
        low=0.01,
        high=0.3,
        step=0.01,
    )
    steps: int = param(
        50, "Steps", "How many steps each has taken: go back to 0 and watch them one by one.", low=0, high=200, step=1
    )
    noise: float = param(
        1.0,
        "Noise of SGD",
        "Standard deviation of what is added to noisy SGD's gradient, as mini-batches would. 0 is plain descent.",
        low=0.0,
        high=3.0,
        step=0.1,
    )
    seed: int = param(0, "Seed", "Other noise of the same size.", low=0, high=20, step=1)


@dataclass(frozen=True)
class PathsData:
    """The points [steps + 1, 2] of each optimizer, fewer where it flew off, and the surface they lie on."""

    settings: OptimizerPaths
    surface: Landscape
    paths: Mapping[str, Array]

    def distance(self, name: str) -> float:
        """How far the last point is from the nearest minimum."""
        return float(np.linalg.norm(self.paths[name][-1] - np.array(self.surface.minima), axis=1).min())


def read_optimizer_paths(settings: OptimizerPaths) -> PathsData:
    """Each path by the update rule with which networks are trained, the memories of the rules at their defaults."""
    surface = LANDSCAPES[settings.landscape]
    noise = np.random.default_rng(settings.seed).normal(size=(settings.steps, 2)) * settings.noise
    still = np.zeros_like(noise)
    paths = {
        name: path(rule, surface, settings.learning_rate, noise if name == "sgd" else still)
        for name, rule in RULES.items()
    }
    return PathsData(settings, surface, paths)


def path(rule: Optimizer, surface: Landscape, learning_rate: float, noise: Array) -> Array:
    """The points from the start on, one step for each row of `noise` [T, 2], which is added to the gradient."""
    w = np.array(surface.start)
    slots: tuple[Any, ...] = tuple(np.zeros(2) for _ in range(rule.slots))
    points = [w]
    for t, added in enumerate(noise, start=1):
        w, *rest = rule.step(np, w, surface.gradient(w) + added, slots, t, learning_rate, **numbers(rule))
        slots = tuple(rest)
        if np.abs(w).max() > FAR:
            break
        points.append(w)
    return np.array(points)


def draw_optimizer_paths(data: PathsData, theme: Theme) -> Drawing:
    """The surface as contour lines, a dot for each step, the start and the minima."""
    colours, surface = PALETTES[theme], data.surface
    traces = [_contours(surface, colours)]
    for turn, name in enumerate(LABELS):
        if name in MENU[data.settings.drawn]:
            traces += _walked(data.paths[name], name, colours.series[turn])
    start, minima = np.array([surface.start]), np.array(surface.minima)
    traces.append(_mark("start", start, colours.text, "square-open", 9))
    traces.append(_mark("minimum", minima, colours.text, "star", 12))
    return figure(
        theme,
        NAME,
        TITLE,
        traces,
        xaxis={"title": {"text": "first weight"}, "range": list(surface.x_range)},
        yaxis={"title": {"text": "second weight"}, "range": list(surface.y_range), "showgrid": False},
        hovermode="closest",
    )


def alt_optimizer_paths(data: PathsData) -> str:
    """What the chart shows, for people who do not see it."""
    settings = data.settings
    said = ", ".join(f"{LABELS[name]} {_ended(data, name)}" for name in MENU[settings.drawn])
    return (
        f"Contour lines of {data.surface.says}. Distance to the nearest minimum after {settings.steps} steps at "
        f"learning rate {settings.learning_rate:g}: {said}."
    )


def facts_optimizer_paths(data: PathsData) -> Mapping[str, float]:
    """How far from the nearest minimum each of them ends; 1000 for one that flew off."""
    return {f"end_{name}": FAR if _flew(data, name) else data.distance(name) for name in LABELS}


def _ended(data: PathsData, name: str) -> str:
    return "has flown off" if _flew(data, name) else f"{data.distance(name):.2g}"


def _flew(data: PathsData, name: str) -> bool:
    return len(data.paths[name]) <= data.settings.steps


def _contours(surface: Landscape, colours: Palette) -> dict[str, Any]:
    """Lines at levels that grow as squares, so that they stand evenly in a round bowl."""
    x, y = np.linspace(*surface.x_range, GRID), np.linspace(*surface.y_range, GRID)
    heights = surface.value(*np.meshgrid(x, y))
    lowest = min(surface.value(*minimum) for minimum in surface.minima)
    return {
        "type": "contour",
        "uid": "surface",
        "name": "surface",
        "x": x,
        "y": y,
        "z": np.sqrt(np.maximum(heights - lowest, 0)).astype(np.float32),
        "ncontours": 16,
        "contours": {"coloring": "lines"},
        "colorscale": [[0, rgba(colours.quiet, 0.7)], [1, rgba(colours.quiet, 0.35)]],
        "line": {"width": 1},
        "showscale": False,
        "hoverinfo": "skip",
    }


def _walked(points: Array, name: str, colour: str) -> list[dict[str, Any]]:
    """All steps as small dots on a line, the last one larger."""
    label = LABELS[name]
    hover = f"step %{{customdata}}: %{{x:.3f}}, %{{y:.3f}}<extra>{label}</extra>"
    steps = list(range(len(points)))
    trail = line(label, points[:, 0], points[:, 1], colour, DASHES[name], legendgroup=name, mode="lines+markers")
    trail |= {"customdata": steps, "hovertemplate": hover, "marker": {"size": 4, "color": colour}}
    trail["line"] = trail["line"] | {"width": 1.4}
    last = dots(f"{label} last", points[-1:, 0], points[-1:, 1], colour, legendgroup=name, showlegend=False)
    last |= {"customdata": steps[-1:], "hovertemplate": hover, "marker": {"size": 9, "color": colour}}
    return [trail, last]


def _mark(name: str, points: Array, colour: str, symbol: str, size: int) -> dict[str, Any]:
    trace = dots(name, points[:, 0], points[:, 1], colour, symbol, hovertemplate=f"{name}<extra></extra>")
    return trace | {"marker": {"size": size, "color": colour, "symbol": symbol, "line": {"width": 1.5}}}


OPTIMIZER_PATHS = Figure(
    NAME,
    TITLE,
    OptimizerPaths,
    read_optimizer_paths,
    draw_optimizer_paths,
    alt_optimizer_paths,
    facts_optimizer_paths,
    tuple(f"end_{name}" for name in LABELS),
    height=380,
)
