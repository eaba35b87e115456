"""A picture on a page: a card with its tools, drawn once for every state of what it shows."""

from collections.abc import Callable, Hashable

from regdash.charts.theme import Theme
from regdash.export.picture import Picture
from regdash.ui import export_dialog
from regdash.ui.chart_card import Box, card_data, chart_theme, show
from regdash.ui.kept import kept

__all__ = ["Picture", "show_picture"]


def show_picture(
    key: str,
    stamp: tuple[Hashable, ...],
    make: Callable[[], Picture],
    *,
    clicked: Callable[[tuple[int, ...]], None] | None = None,
    boxed: Callable[[Box], None] | None = None,
) -> None:
    """Put a picture on the page as a card with its tools; it is drawn once for every stamp and theme.

    Where marks can be clicked, the numbers they carry go to `clicked`, and a box drawn over the chart to `boxed`.
    """
    theme = chart_theme()
    data = kept(("picture", key, theme, stamp), lambda: _drawn(make(), theme, clicked is not None))
    show(data, key, clicked=clicked, boxed=boxed, export=lambda: export_dialog.ask(key))
    if export_dialog.asked(key):
        export_dialog.draw(key, make)


def _drawn(picture: Picture, theme: Theme, clicks: bool) -> bytes:
    figure = picture.draw(theme)
    return card_data(
        figure,
        picture.height,
        picture.alt,
        picture.caption,
        picture.player,
        theme,
        clicks=clicks,
        export=bool(figure.traces),
    )
