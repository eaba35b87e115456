"""A machine without a network."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from downloaded import data_folder


@pytest.fixture
def keras_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine without a network, with empty folders for our data and for what Keras keeps."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")
    home = tmp_path / "keras"
    monkeypatch.setenv("KERAS_HOME", str(home))
    with data_folder(tmp_path / "data"):
        yield home
