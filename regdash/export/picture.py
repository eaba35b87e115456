"""Picture: one chart that can be drawn, read aloud, tabulated and exported."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from regdash.charts.drawing import Drawing
from regdash.charts.theme import Theme
from regdash.repeats import Setting


@dataclass(frozen=True)
class Picture:
    """One chart with all that a page or a file needs of it.

    `name` becomes part of file names. `draw` draws it in any theme, and inside `charts.screen.exact()` with every
    epoch and digit. `caption` says settings and seeds in a line and stands under the title of exports; `settings`
    are those whose experiments the JSON export holds.
    """

    name: str
    draw: Callable[[Theme], Drawing]
    alt: str
    height: int
    caption: str = ""
    settings: tuple[Setting, ...] = ()
    player: Any = None
