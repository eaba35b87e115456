"""The decision boundary with an epoch slider that plays its development back without training again."""

from base64 import b64encode
from functools import partial
from typing import Any

import numpy as np

from regdash.charts.boundary import BoundaryData, alt_boundary, draw_boundary
from regdash.charts.theme import Theme
from regdash.ui.chart_card import card_data, show
from regdash.ui.picture import Picture

RECENT = 8  # frames sent with each update while live; the browser has kept the earlier ones


def boundary_player(
    data: BoundaryData,
    theme: Theme,
    key: str,
    height: int = 260,
    *,
    run: str = "",
    epochs_total: int = 0,
    live: bool = False,
    caption: str = "",
) -> None:
    """Show the boundary; with two or more frames also the slider and the play button.

    Frames travel once and are played back in the browser. Another `run` id forgets the frames of the one before.
    While live the card follows the newest frame unless the visitor has moved the slider.
    """
    made = boundary_picture(data, height, run=run, epochs_total=epochs_total, live=live)
    show(card_data(made.draw(theme), height, made.alt, caption, made.player, theme), key)


def boundary_picture(
    data: BoundaryData, height: int, *, run: str = "", epochs_total: int = 0, live: bool = False
) -> Picture:
    """The boundary with its frames."""
    frames = player_data(data, run, epochs_total, RECENT if live else None)
    return Picture("boundary", partial(draw_boundary, data), alt_boundary(data), height, player=frames)


def player_data(data: BoundaryData, run: str, epochs_total: int, newest: int | None = None) -> dict[str, Any]:
    """The last `newest` frames (all when None) as plain values: base64 of uint8 [K, G, G]."""
    frames = data.frames if newest is None else data.frames[-newest:]
    epochs = data.epochs if newest is None else data.epochs[-newest:]
    return {
        "run": run,
        "frames": b64encode(np.ascontiguousarray(frames, np.uint8).tobytes()).decode(),
        "shape": list(frames.shape[1:]),
        "epochs": [int(epoch) for epoch in epochs],
        "total": int(epochs_total),
    }
