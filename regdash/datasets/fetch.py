"""The process behind `downloads.fetch`: Keras downloads and reads a data set, and plain arrays are written.

`python -m regdash.datasets.fetch NAME FILE`; it ends when its standard input does. This is the only file of the room
that loads Keras, and nothing imports it.
"""

import errno
import gzip
import http.client
import os
import pickle
import socket
import sys
import tarfile
import threading
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import numpy as np

from regdash.datasets.downloads import BROKEN, NO_CONNECTION, NO_ROOM, REFUSED
from regdash.datasets.images import write_images
from regdash.datasets.sources import SOURCES

SILENCE_SECONDS = 30.0  # after which a connection counts as lost
KNOWN = (
    ((HTTPError,), REFUSED),
    ((URLError, ConnectionError, TimeoutError, http.client.HTTPException), NO_CONNECTION),
    ((EOFError, ValueError, KeyError, zlib.error, gzip.BadGzipFile), BROKEN),
    ((zipfile.BadZipFile, tarfile.TarError, pickle.PickleError), BROKEN),
)


def main(arguments: Sequence[str]) -> int:
    """Fetch the data set NAME into FILE; the exit status says why it could not be done."""
    name, file = arguments
    threading.Thread(target=_end_with_parent, daemon=True).start()
    socket.setdefaulttimeout(SILENCE_SECONDS)
    without_engine()
    import keras

    try:
        images, labels = _joined(getattr(keras.datasets, name).load_data(), SOURCES[name].image)
        with Path(file).open("wb") as made:
            write_images(made, images, labels)
    except Exception as error:
        status = status_of(error)
        if not status:
            raise
        return status
    return 0


def without_engine() -> None:
    """Let Keras do without TensorFlow: nothing is computed here, and it loads in a third of the time."""
    os.environ["KERAS_BACKEND"] = "numpy"
    sys.modules["tensorflow"] = None  # type: ignore[assignment]


def _joined(parts: Any, image: tuple[int, int, int]) -> tuple[Any, Any]:
    """Keras' training and test parts as one: images [N, H, W, C] and class numbers [N]."""
    (x, y), (x_test, y_test) = parts
    images = np.concatenate([x, x_test]).reshape(-1, *image)
    return images.astype(np.uint8, copy=False), np.concatenate([y, y_test]).ravel().astype(np.uint8, copy=False)


def status_of(error: BaseException) -> int:
    """The exit status for a reason that is known, else 0. Keras wraps errors of the network in its own."""
    chain = list(_behind(error))
    if any(isinstance(each, OSError) and each.errno in (errno.ENOSPC, errno.EDQUOT) for each in chain):
        return NO_ROOM
    return next((status for kinds, status in KNOWN for each in chain if isinstance(each, kinds)), 0)


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _end_with_parent() -> None:
    while os.read(0, 1_024):  # not sys.stdin, which a thread must not hold when Python ends
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
