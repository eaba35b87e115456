"""Many charts as one .zip: each as an image and as data, with the experiments behind them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace

from regdash.export.files import Look, experiments_json, file, file_name
from regdash.export.picture import Picture

COMPRESSED = zipfile.ZIP_DEFLATED


def archive(pictures: Sequence[Picture], format: str, look: Look, more: Mapping[str, str] | None = None) -> bytes:
    """Every picture in that format, its data as CSV, experiments.json, and `more` files of text by name."""
    buffer = io.BytesIO()
    settings = [setting for picture in pictures for setting in picture.settings]
    with zipfile.ZipFile(buffer, "w", COMPRESSED) as packed:
        for name, picture in _named(pictures).items():
            own = replace(look, caption=look.caption or picture.caption)
            if format != "csv":
                packed.writestr(f"charts/{name}.{format}", file(picture, format, own))
            packed.writestr(f"data/{name}.csv", file(picture, "csv", own))
        packed.writestr("experiments.json", experiments_json(settings))
        for name, text in (more or {}).items():
            packed.writestr(name, text)
    return buffer.getvalue()


def _named(pictures: Sequence[Picture]) -> dict[str, Picture]:
    """Each picture under a name of its own."""
    found: dict[str, Picture] = {}
    for picture in pictures:
        stem = file_name(picture, "").removeprefix("regdash-").rstrip(".")
        name, turn = stem, 2
        while name in found:
            name, turn = f"{stem}-{turn}", turn + 1
        found[name] = picture
    return found
