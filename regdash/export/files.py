"""A picture as a file: PNG, SVG, PDF, HTML, CSV, Parquet, or the experiments behind it as JSON."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from regdash.charts.drawing import Drawing
from regdash.charts.screen import exact
from regdash.charts.theme import Theme
from regdash.codec import to_dict
from regdash.export.captions import versions
from regdash.export.figures import SIZES, Size, Words, framed, title_of, without_hidden
from regdash.export.html import page
from regdash.export.images import printer
from regdash.export.picture import Picture
from regdash.export.tables import Table, table, to_csv, to_parquet
from regdash.repeats import Setting


@dataclass(frozen=True)
class Format:
    """One kind of file. `drawn` ones have a size and a palette, and for `static` ones a browser draws them."""

    name: str
    label: str
    mime: str
    drawn: bool = False
    static: bool = False


FORMATS = (
    Format("png", "PNG", "image/png", True, True),
    Format("svg", "SVG", "image/svg+xml", True, True),
    Format("pdf", "PDF", "application/pdf", True, True),
    Format("html", "HTML", "text/html", True),
    Format("csv", "CSV", "text/csv"),
    Format("parquet", "Parquet", "application/vnd.apache.parquet"),
    Format("json", "JSON", "application/json"),
)


@dataclass(frozen=True)
class Look:
    """How a picture is drawn for a file; `title` None stands for the chart's own one."""

    size: Size = SIZES[0]
    theme: Theme = "light"
    title: str | None = None
    caption: str = ""
    scale: float = 0.0  # pixels of a PNG for each px; 0: the size's own

    def pixels(self, drawing: Drawing) -> tuple[int, int]:
        """The width and height of a PNG."""
        scale = self.scale or self.size.scale
        return round(drawing.plain_layout["width"] * scale), round(drawing.plain_layout["height"] * scale)


def drawn(picture: Picture, look: Look) -> Drawing:
    """The picture in its frame, with every epoch and digit."""
    with exact():
        drawing = picture.draw(look.theme)
    words = Words(title_of(drawing) if look.title is None else look.title, look.caption)
    return framed(drawing, look.theme, look.size, words, picture.height)


def data_of(picture: Picture) -> Table:
    """What a picture shows as a table, in full precision."""
    with exact():
        return table(picture.draw("light"))


def file(picture: Picture, format: str, look: Look) -> bytes:
    """The picture as a file of that format; raises RegdashError with a sentence where it cannot be made."""
    return _MAKERS[format](picture, look)


def file_name(picture: Picture, format: str) -> str:
    """The name of the file, such as regdash-loss.pdf."""
    return f"regdash-{re.sub('[^a-z0-9]+', '-', picture.name.lower()).strip('-') or 'chart'}.{format}"


def experiments_json(settings: Sequence[Setting]) -> str:
    """Settings as JSON that Regdash reads again: each experiment with how many seeds repeat it."""
    told = list(dict.fromkeys(settings))
    tree = {"versions": versions(), "experiments": [_tree(setting) for setting in told]}
    return json.dumps(tree, indent=1, allow_nan=False)


def about(picture: Picture, look: Look) -> dict[str, Any]:
    """What a file of data says about itself."""
    return {
        "title": look.title or title_of(picture.draw(look.theme)),
        "caption": look.caption or picture.caption,
        "versions": versions(),
        "experiments": [_tree(setting) for setting in dict.fromkeys(picture.settings)],
    }


def _tree(setting: Setting) -> dict[str, Any]:
    return {"experiment": to_dict(setting.experiment), "seeds": setting.seeds}


def _image(format: str) -> Callable[[Picture, Look], bytes]:
    def made(picture: Picture, look: Look) -> bytes:
        drawing = without_hidden(drawn(picture, look))
        scale = (look.scale or look.size.scale) if format == "png" else 1.0
        return printer().image(drawing, format, drawing.plain_layout["width"], drawing.plain_layout["height"], scale)

    return made


def _html(picture: Picture, look: Look) -> bytes:
    return page(drawn(picture, look), look.theme, data_of(picture), picture.alt).encode()


_MAKERS: dict[str, Callable[[Picture, Look], bytes]] = {
    **{each: _image(each) for each in ("png", "svg", "pdf")},
    "html": _html,
    "csv": lambda picture, look: to_csv(data_of(picture)).encode("utf-8-sig"),
    "parquet": lambda picture, look: to_parquet(data_of(picture), about(picture, look)),
    "json": lambda picture, look: experiments_json(picture.settings).encode(),
}
