"""The menu that takes a whole page away: its report, or all its charts as one .zip."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import escape

import streamlit as st

from regdash.errors import RegdashError
from regdash.export.archive import archive
from regdash.export.captions import with_versions
from regdash.export.files import FORMATS, Look
from regdash.export.images import MISSING, printer
from regdash.export.markdown import report_markdown
from regdash.export.picture import Picture
from regdash.export.report import Report, report_html
from regdash.export.tables import Table, to_csv
from regdash.ui.export_choices import choose_palette, choose_size
from regdash.ui.export_dialog import close

OPEN = "report open"
FAILED = "report failed"
LONGEST_TITLE = 120
DOWNLOAD = "Download the report"
KINDS = {"html": "Report (HTML)", "markdown": "Report (Markdown)", "zip": "All charts (zip)"}
NOTES = {
    "html": "One file of about 5 MB that works without a network: settings, verdicts, results, charts that can be "
    "zoomed, their data, and how to reproduce it.",
    "markdown": "The same as text, with the charts inside it as SVG.",
    "zip": "Every chart in one format, its data as CSV, the results and the experiments.",
}


def download_menu(key: str, make: Callable[[], Report]) -> None:
    """A button that opens the menu; `make` gathers what the report holds and is only called when it is needed."""
    st.button("Export all", key=f"{key}-report", on_click=_open, args=(key,), help="A report, or all charts as files.")
    if st.session_state.get(OPEN) == key:
        st.dialog("Export everything on this page", width="medium", on_dismiss=_close)(_body)(key, make)


def today() -> str:
    """The date as 2026-11-21."""
    return date.today().isoformat()


def _open(key: str) -> None:
    close()
    st.session_state[OPEN] = key


def _close() -> None:
    st.session_state.pop(OPEN, None)


def _body(key: str, make: Callable[[], Report]) -> None:
    kind = st.segmented_control(
        "What",
        list(KINDS),
        default="html",
        required=True,
        format_func=lambda name: KINDS.get(name, str(name)),
        key="report kind",
        persist_state="session",
    )
    st.html(f'<p class="rd-caption">{escape(NOTES.get(str(kind), ""))}</p>')
    report = make()
    if kind == "zip":
        return _zip(report)
    title = st.text_input("Title", report.title, max_chars=LONGEST_TITLE, key=f"report title {key}")
    named = replace(report, title=title.strip() or report.title)
    if kind == "markdown":
        return _button(
            DOWNLOAD,
            lambda: report_markdown(named, printer()).encode(),
            "regdash-report.md",
            "text/markdown",
        )
    theme = choose_palette()
    return _button(DOWNLOAD, lambda: report_html(named, theme).encode(), "regdash-report.html", "text/html")


def _zip(report: Report) -> None:
    labels = {each.name: each.label for each in FORMATS if each.name != "json"}
    format = st.segmented_control(
        "Format",
        list(labels),
        default="svg" if printer().path else "html",
        required=True,
        format_func=lambda name: labels.get(name, str(name)),
        key="report format",
        persist_state="session",
    )
    size = choose_size()
    theme = choose_palette()
    chosen = next((each for each in FORMATS if each.name == format), FORMATS[1])
    if chosen.static and not printer().path:
        st.html(f'<p class="rd-notice" role="status">{escape(MISSING)} Choose HTML or CSV.</p>')
        return
    look = Look(size, theme)
    more = {"results.csv": _results(report)} if report.table is not None else {}
    _button(
        f"Download {len(report.pictures)} charts",
        lambda: archive([_told(each) for each in report.pictures], chosen.name, look, more),
        "regdash-charts.zip",
        "application/zip",
    )


def _told(picture: Picture) -> Picture:
    """With the versions in its caption."""
    return replace(picture, caption=with_versions(picture.caption))


def _results(report: Report) -> str:
    assert report.table is not None
    return to_csv(Table(report.table.columns, report.table.rows))


def _button(label: str, make: Callable[[], bytes], name: str, mime: str) -> None:
    said: list[str] = st.session_state.setdefault(FAILED, [])

    def made() -> bytes:
        said.clear()
        try:
            return make()
        except RegdashError as error:
            said.append(str(error))
            raise

    st.download_button(
        label, data=made, file_name=name, mime=mime, on_click="ignore", type="primary", key="report download"
    )
    if said:
        st.html(f'<p class="rd-notice" role="alert">{escape(said[-1])}</p>')
