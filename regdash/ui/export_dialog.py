"""The dialog that makes a file of a chart: its format, its size, its palette and the words around it."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import streamlit as st

from regdash.charts.drawing import Drawing
from regdash.charts.theme import Theme
from regdash.errors import RegdashError
from regdash.export.captions import with_versions
from regdash.export.figures import Size, title_of, without_hidden
from regdash.export.files import FORMATS, Format, Look, drawn, file, file_name
from regdash.export.images import MISSING, printer
from regdash.export.picture import Picture
from regdash.ui import export_preview
from regdash.ui.export_choices import choose_palette, choose_size

OPEN = "export open"  # the key of the card whose dialog is open
FAILED = "export failed"  # the sentence of a file that could not be made
LONGEST_TITLE, LONGEST_CAPTION = 120, 600
DENSITIES = (96, 150, 192, 300, 600)  # pixels per inch
NOTES = {
    "html": "One file that can be zoomed and works without a network, about 5 MB, with the data beneath.",
    "csv": "One row for every mark in full precision: every epoch, and nothing rounded.",
    "parquet": "The same table with its types; settings and versions stand in the file's metadata.",
    "json": "The settings behind this chart with their seeds. The Compare page and `regdash train` read them.",
}


def ask(key: str) -> None:
    """The visitor wants to export the chart of this card."""
    st.session_state[OPEN] = key


def asked(key: str) -> bool:
    """Whether the dialog of this card is open."""
    return bool(st.session_state.get(OPEN) == key)


def draw(key: str, make: Callable[[], Picture]) -> None:
    """Open the dialog; it stays open over reruns of the page until it is closed."""
    st.dialog("Export this chart", width="large", on_dismiss=close)(_body)(key, make)


def close() -> None:
    """The dialog is closed."""
    st.session_state.pop(OPEN, None)


def _body(key: str, make: Callable[[], Picture]) -> None:
    picture = make()
    format = _format()
    if format.drawn:
        look = _look(key, picture, format)
        drawing = drawn(picture, look)
        _preview(picture, format, look, drawing)
    else:
        look = Look(caption=picture.caption)
    if format.name == "json" and not picture.settings:
        st.html('<p class="rd-caption">There are no settings behind this chart.</p>')
        return
    if format.name in NOTES:
        st.html(f'<p class="rd-caption">{escape(NOTES[format.name])}</p>')
    _download(picture, format, look)


def _format() -> Format:
    names = {each.name: each for each in FORMATS}
    chosen = st.segmented_control(
        "Format",
        list(names),
        default=FORMATS[0].name,
        required=True,
        format_func=lambda name: names[name].label if name in names else str(name),
        key="export format",
        persist_state="session",
    )
    return names.get(str(chosen), FORMATS[0])


@dataclass(frozen=True)
class _Frame:
    size: Size
    theme: Theme
    scale: float


def _look(key: str, picture: Picture, format: Format) -> Look:
    frame = _frame(format)
    title = st.text_input(
        "Title",
        title_of(picture.draw("light")),
        max_chars=LONGEST_TITLE,
        key=f"export title {key}",
        help="Empty: none.",
    )
    caption = st.text_area(
        "Caption", with_versions(picture.caption), max_chars=LONGEST_CAPTION, height=80, key=f"export caption {key}"
    )
    return Look(frame.size, frame.theme, title.strip(), caption.strip(), frame.scale)


def _frame(format: Format) -> _Frame:
    left, middle, right = st.columns(3, gap="small")
    with left:
        size = choose_size()
    with middle:
        theme = choose_palette()
    scale = size.scale
    if format.name == "png":
        with right:
            scale = _scale(size)
    return _Frame(size, theme, scale)


def _scale(size: Size) -> float:
    """Pixels for each px of 1/96 inch; each size keeps its own choice."""
    usual = round(96 * size.scale)
    choices = sorted({*DENSITIES, usual})
    chosen = st.selectbox(
        "Pixels per inch",
        choices,
        choices.index(usual),
        key=f"export density {size.name}",
        persist_state="session",
        filter_mode=None,
    )
    return size.scale if chosen in (None, usual) else float(chosen) / 96


def _preview(picture: Picture, format: Format, look: Look, drawing: Drawing) -> None:
    """The figure, how large it will be, and the browser's own button where the server draws no image."""
    own = format.name in ("png", "svg") and not printer().ready
    save = None
    if own:
        label = f"Download {format.label} (drawn by your browser)"
        scale = look.scale if format.name == "png" else 1
        stem = file_name(picture, format.name).rpartition(".")[0]
        save = {"label": label, "format": format.name, "scale": scale, "filename": stem}
    st.html(f'<p class="rd-caption" data-testid="rd-export-size">{_measure(format, look, drawing)}</p>')
    export_preview.show(without_hidden(drawing) if format.static else drawing, picture.alt, save, "export preview")


def _measure(format: Format, look: Look, drawing: Drawing) -> str:
    width, height = (drawing.plain_layout[side] for side in ("width", "height"))
    inches = f"{width / 96 * 25.4:.0f} × {height / 96 * 25.4:.0f} mm"
    if format.name != "png":
        return inches
    across, down = look.pixels(drawing)
    return f"{across:,} × {down:,} pixels, {inches} at {96 * (look.scale or 1):.0f} pixels per inch"


def _download(picture: Picture, format: Format, look: Look) -> None:
    """The button; a file is only made when it is pressed."""
    said: list[str] = st.session_state.setdefault(FAILED, [])
    if format.static and not printer().path:
        if format.name == "pdf":
            st.html(f'<p class="rd-notice" role="status">{escape(MISSING)}</p>')
        return
    if format.static and not printer().ready and format.name != "pdf":
        return
    st.download_button(
        f"Download {format.label}",
        data=lambda: _made(picture, format, look, said),
        file_name=file_name(picture, format.name),
        mime=format.mime,
        on_click="ignore",
        type="primary",
        key="export download",
    )
    if format.static and said:
        st.html(f'<p class="rd-notice" role="alert">{escape(said[-1])}</p>')


def _made(picture: Picture, format: Format, look: Look, said: list[str]) -> bytes:
    """The file; where it cannot be made, the reason stands in the dialog at its next look."""
    said.clear()
    try:
        return file(picture, format.name, look)
    except RegdashError as error:
        said.append(str(error))
        raise
