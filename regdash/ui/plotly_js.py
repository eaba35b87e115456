"""The one file the charts need in the browser, served by Streamlit itself."""

import filecmp
import os
import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from regdash.errors import RegdashError

FILE = "plotly.min.js"


def ensure_plotly_js(folder: Path) -> Path:
    """Copy plotly.min.js from the installed Plotly into `folder` (the static/ beside app.py) unless it lies there.

    The copy appears at once and whole, even when several servers start together. Raises RegdashError with a
    sentence when the folder cannot be written.
    """
    target = folder / FILE
    with as_file(files("plotly") / "package_data" / FILE) as source:
        try:
            if not target.exists() or not filecmp.cmp(source, target, shallow=False):
                _copy_whole(source, target)
        except OSError as error:
            raise RegdashError(
                f"The charts need {target}, which could not be written ({error.strerror or error}). "
                f"Make the folder writable, or copy {FILE} from the installed plotly package into it."
            ) from None
    return target


def _copy_whole(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{FILE}-")
    os.close(handle)
    part = Path(name)
    try:
        shutil.copyfile(source, part)
        part.chmod(0o644)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
