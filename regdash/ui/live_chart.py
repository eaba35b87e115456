"""A chart that grows while a network trains."""

from regdash.charts.drawing import Drawing
from regdash.ui.chart_card import chart_card


def live_chart(figure: Drawing, key: str, height: int = 260, alt: str = "", *, caption: str = "") -> None:
    """Show a figure in a card with its title; zoom and legend choices survive every update under the same key.

    `alt` is what the figure says, for people who do not see it. `caption` stands under the title of downloaded
    pictures only: the place for settings and seed.
    """
    chart_card(figure, key, height, alt, caption)
