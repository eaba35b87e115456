"""The report as Markdown: one file, its charts inside it as images."""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence

from regdash.export.figures import without_hidden
from regdash.export.files import Look, drawn
from regdash.export.images import HOW_TO, Printer
from regdash.export.picture import Picture
from regdash.export.report import COMMAND, SAME, WIDE, Report, split
from regdash.export.reproduce import code

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~])")
NO_IMAGES = f"The charts are not in this file, because the server has no browser that draws them. {HOW_TO}"


def report_markdown(report: Report, printer: Printer) -> str:
    """The report as Markdown with SVG charts as data; without a browser on the server the charts are left out."""
    parts = [f"# {plain(report.title)}", plain(report.made), *_settings(report), *_verdicts(report), *_results(report)]
    parts += ["## Charts", *_charts(report.pictures, printer)] if report.pictures else []
    return "\n\n".join([*parts, *_again(report)]) + "\n"


def plain(text: str) -> str:
    """A text in which Markdown and HTML find nothing to do."""
    shown = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return SPECIAL.sub(r"\\\1", shown)


def rows_of(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(each if each == '---' else plain(each) for each in line)} |" for line in lines)


def fenced(text: str, language: str) -> str:
    """A block of code that no backticks inside it can end."""
    longest = max((len(each) for each in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _settings(report: Report) -> list[str]:
    if report.table is None:
        return []
    left, _ = split(report.table)
    shared = [f"All: {plain(left.shared)}."] if left.shared else []
    return ["## Settings", *shared, *([rows_of(left.columns, left.rows)] if len(left.columns) > 1 else [])]


def _results(report: Report) -> list[str]:
    if report.table is None:
        return []
    _, right = split(report.table)
    return ["## Results", rows_of(right.columns, right.rows)]


def _verdicts(report: Report) -> list[str]:
    if not report.verdicts:
        return []
    said = "\n".join(f"* {plain(sentence)}" for sentence in report.verdicts)
    return ["## What can be told from it", said, *([plain(report.note)] if report.note else [])]


def _charts(pictures: Sequence[Picture], printer: Printer) -> list[str]:
    if not printer.path:
        return [NO_IMAGES]
    return [_chart(picture, printer) for picture in pictures]


def _chart(picture: Picture, printer: Printer) -> str:
    figure = without_hidden(drawn(picture, Look(WIDE, "print", None, picture.caption)))
    image = printer.image(figure, "svg", figure.plain_layout["width"], figure.plain_layout["height"])
    return f"![{plain(picture.alt)}](data:image/svg+xml;base64,{b64encode(image).decode()})"


def _again(report: Report) -> list[str]:
    if not report.settings:
        return []
    link = [f"Open it again: {report.link}"] if re.fullmatch(r"https?://[^\s<>()\[\]]+", report.link) else []
    program = fenced(code(report.settings), "python")
    return ["## How to reproduce it", *link, SAME, fenced(COMMAND, "sh"), program]
