"""The chart that comes next in a lesson, while its runs train: it grows before the reader's eyes."""

from collections.abc import Sequence

from regdash.errors import RegdashError
from regdash.lessons.lesson import Block, Place
from regdash.ui import learn_pieces
from regdash.ui.learn_runs import Found


def draw(found: Found, ahead: Sequence[Block]) -> None:
    """Draw the first chart of runs among the blocks ahead as far as its curves go; nothing before they begin."""
    place = next((each for each in ahead if isinstance(each, Place) and learn_pieces.needs_runs(each)), None)
    if place is None or not any(view.epochs_done for view in found.lanes.views):
        return
    try:
        learn_pieces.chart(place, found, "learn-live")
    except RegdashError:
        return  # it can only be drawn from runs that have ended
