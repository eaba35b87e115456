"""A report of a comparison as one file: settings, results, verdicts, charts, and how to get the same numbers again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from regdash import __version__
from regdash.charts.theme import Theme
from regdash.comparison.table import Table
from regdash.export.captions import versions_words
from regdash.export.figures import SIZES
from regdash.export.files import Look, data_of, drawn
from regdash.export.html import document, figure_of, plain_table, table_of
from regdash.export.picture import Picture
from regdash.export.reproduce import code
from regdash.repeats import Setting

WIDE = next(size for size in SIZES if size.name == "columns")
COMMAND = f"pip install regdash=={__version__}"
RESULTS = "Mean ± half of the 95 % interval over seeds and folds"
SAME = (
    "Equal seeds give equal initial weights, batches and dropout masks, so the same numbers come out on the same kind "
    "of machine, and nearly the same on another."
)


@dataclass(frozen=True)
class Report:
    """What a report holds. `settings` by the names they have in the charts; `link` opens the page again.

    `table` says what differs and what came of it; `verdicts` are sentences; `date` is the day as 2026-11-21.
    """

    title: str
    date: str
    pictures: Sequence[Picture] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    table: Table | None = None
    verdicts: Sequence[str] = ()
    note: str = ""  # how the verdicts were reached
    link: str = ""
    used: Mapping[str, str] | None = None  # versions with which the runs were trained

    @property
    def made(self) -> str:
        """When, and with what."""
        return f"{self.date}. {versions_words(self.used)}."


def report_html(report: Report, theme: Theme = "light") -> str:
    """The report as an HTML file that works without a network; its charts can be zoomed."""
    parts = [
        f"<h1>{escape(report.title)}</h1><p>{escape(report.made)}</p>",
        _settings(report),
        _verdicts(report),
        _results(report),
        *(_chart(picture, turn, theme) for turn, picture in enumerate(report.pictures, 1)),
        _again(report),
    ]
    return document(report.title, theme, parts)


def split(table: Table) -> tuple[Table, Table]:
    """The settings and the results of a table of a comparison, each with the names first."""
    ends = table.settings + 1
    names = table.columns[:1]
    left = Table(table.columns[:ends], tuple(row[:ends] for row in table.rows), table.shared)
    rows = tuple((*row[:1], *row[ends:]) for row in table.rows)
    return left, Table((*names, *table.columns[ends:]), rows)


def _settings(report: Report) -> str:
    if report.table is None:
        return ""
    left, _ = split(report.table)
    shared = f"<p>All: {escape(left.shared)}.</p>" if left.shared else ""
    several = len(left.columns) > 1
    return "<h2>Settings</h2>" + shared + (plain_table(left.columns, left.rows, "What differs") if several else "")


def _results(report: Report) -> str:
    if report.table is None:
        return ""
    _, right = split(report.table)
    return "<h2>Results</h2>" + plain_table(right.columns, right.rows, RESULTS)


def _verdicts(report: Report) -> str:
    if not report.verdicts:
        return ""
    said = "".join(f"<li>{escape(sentence)}</li>" for sentence in report.verdicts)
    note = f"<p>{escape(report.note)}</p>" if report.note else ""
    return f"<h2>What can be told from it</h2><ul>{said}</ul>{note}"


def _chart(picture: Picture, turn: int, theme: Theme) -> str:
    figure = drawn(picture, Look(WIDE, theme, None, picture.caption))
    shown = figure_of(figure, f"figure-{turn}", picture.alt)
    return f"<section>{shown}<p>{escape(picture.alt)}</p>{table_of(data_of(picture), 'Data')}</section>"


def _again(report: Report) -> str:
    if not report.settings:
        return ""
    link = f'<p>Open it again: <a href="{escape(report.link)}">{escape(report.link)}</a></p>' if _is_web(report) else ""
    return (
        f"<h2>How to reproduce it</h2>{link}<p>{SAME}</p>"
        f"<pre>{escape(COMMAND)}</pre><pre>{escape(code(report.settings))}</pre>"
    )


def _is_web(report: Report) -> bool:
    """Whether the link is an address of the web; no other is made into one that can be pressed."""
    return report.link.startswith(("http://", "https://"))
