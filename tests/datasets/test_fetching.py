"""Keras' own loading code in a process of its own, with what Keras keeps and with a server on the loopback."""

import errno
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError

import numpy as np
import pytest
from downloaded import cifar_file, drawn_images, fashion_files, mnist_file

from regdash.datasets import FashionMNIST, available
from regdash.datasets.downloads import NO_CONNECTION, NO_ROOM, fetch
from regdash.datasets.fetch import status_of
from regdash.datasets.images import read_images
from regdash.datasets.sources import SOURCES, WAY_OUT, Source, place_of
from regdash.errors import RegdashError

FASHION = "datasets/fashion-mnist"
CIFAR = "datasets/cifar-10-batches-py-target_archive"
REDIRECTED = (sys.executable, str(Path(__file__).with_name("redirected_fetch.py")))


@dataclass
class Served:
    """A server on the loopback: what it has by name, and how it behaves."""

    files: dict[str, bytes] = field(default_factory=dict)
    address: str = ""
    status: int = 200
    pause: float = 0.0  # after each 64 KB
    keep: int = 0  # bytes that are promised but never sent
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def served() -> Iterator[Served]:
    """Such a server."""
    what = Served()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            what.asked.append(self.path[1:])
            content = what.files.get(self.path[1:], b"")
            self.send_response(what.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            sent = content[: len(content) - what.keep]
            try:
                for start in range(0, len(sent), 65_536):
                    self.wfile.write(sent[start : start + 65_536])
                    time.sleep(what.pause)
            except OSError:  # the other side has gone
                return

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    what.address = f"http://127.0.0.1:{server.server_port}"
    yield what
    server.shutdown()
    server.server_close()
    thread.join()


def keep(home: Path, files: dict[str, bytes]) -> None:
    """Put files where Keras would have left them."""
    for place, content in files.items():
        (home / place).parent.mkdir(parents=True, exist_ok=True)
        (home / place).write_bytes(content)


def check(name: str, images: Any, labels: Any) -> None:
    """The file in its place holds these images, and nothing else is left over."""
    found = read_images(place_of(name), SOURCES[name].image, 10)
    np.testing.assert_array_equal(found[0], images)
    np.testing.assert_array_equal(found[1], labels)
    assert [left.name for left in place_of(name).parent.iterdir()] == [f"{name}.npz"]


def test_what_keras_has_of_fashion_mnist_is_read_without_a_network(keras_home: Path) -> None:
    images, labels = drawn_images("fashion_mnist", 320)
    keep(keras_home, {f"{FASHION}/{name}": content for name, content in fashion_files(images, labels, 250).items()})
    told: list[float] = []
    assert fetch("fashion_mnist", told.append) == place_of("fashion_mnist")
    check("fashion_mnist", images, labels)
    assert told == sorted(told)
    assert told[-1] == 1
    assert available(FashionMNIST())
    assert FashionMNIST(rows=320).points(0).inputs.shape == (320, 784)


def test_what_keras_has_of_mnist_is_read(keras_home: Path) -> None:
    images, labels = drawn_images("mnist", 300)
    keep(keras_home, {"datasets/mnist.npz": mnist_file(images, labels, 210)})
    fetch("mnist", command=(*REDIRECTED, ""))
    check("mnist", images, labels)


@pytest.mark.slow
def test_what_keras_has_of_cifar_10_is_read(keras_home: Path) -> None:
    images, labels = drawn_images("cifar10", 45)
    keep(keras_home, {CIFAR: cifar_file(images, labels)})
    fetch("cifar10", command=(*REDIRECTED, ""))
    ones = np.repeat(np.arange(5), 10_000)  # each of the first five images stands for a batch
    check("cifar10", np.concatenate([images[ones], images[5:]]), np.concatenate([labels[ones], labels[5:]]))


def test_without_a_connection_there_is_a_sentence_and_nothing_is_left(keras_home: Path) -> None:
    with pytest.raises(RegdashError) as caught:
        fetch("fashion_mnist")
    assert str(caught.value) == (
        "Fashion-MNIST could not be downloaded: there is no connection to the place where it is kept. Connect and "
        f"press Download again, {WAY_OUT}"
    )
    assert list(place_of("fashion_mnist").parent.iterdir()) == []
    assert not keras_home.exists()


def test_progress_follows_the_bytes_that_have_come(
    keras_home: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    images, labels = drawn_images("fashion_mnist", 1_500)
    served.files, served.pause = fashion_files(images, labels, 1_000), 0.1
    sizes = {f"{FASHION}/{name}": len(content) for name, content in served.files.items()}
    monkeypatch.setitem(SOURCES, "fashion_mnist", Source("Fashion-MNIST", (28, 28, 1), 10, sizes))
    told: list[float] = []
    fetch("fashion_mnist", told.append, command=(*REDIRECTED, served.address))
    check("fashion_mnist", images, labels)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 1)
    between = {round(share, 3) for share in told if 0.02 < share < 0.93}
    assert len(between) >= 5, "about 1.2 MB at 64 KB in a tenth of a second"


@pytest.mark.parametrize(("fault", "status"), [("refused", 503), ("cut off", 200), ("damaged", 200)])
def test_a_server_that_fails_gives_a_sentence_and_nothing_is_left(
    keras_home: Path, served: Served, fault: str, status: int
) -> None:
    files = fashion_files(*drawn_images("fashion_mnist", 300), 200)
    served.files, served.status = files, status
    served.keep = 40 if fault == "cut off" else 0
    if fault == "damaged":
        served.files = {name: content[:-50] for name, content in files.items()}
    reasons = {"refused": "does not give it out at the moment", "cut off": "no connection", "damaged": "is damaged"}
    with pytest.raises(RegdashError, match=rf"^Fashion-MNIST could not be downloaded: .*{reasons[fault]}.*{WAY_OUT}$"):
        fetch("fashion_mnist", command=(*REDIRECTED, served.address))
    assert list(place_of("fashion_mnist").parent.iterdir()) == []


def test_a_damaged_file_that_keras_has_is_downloaded_again_and_left_as_it_is(keras_home: Path, served: Served) -> None:
    images, labels = drawn_images("fashion_mnist", 300)
    served.files = fashion_files(images, labels, 250)
    half = {f"{FASHION}/{name}": content[: len(content) // 2] for name, content in served.files.items()}
    keep(keras_home, half)
    fetch("fashion_mnist", command=(*REDIRECTED, served.address))
    check("fashion_mnist", images, labels)
    assert len(served.asked) == 4
    assert {place: (keras_home / place).read_bytes() for place in half} == half


def test_the_process_ends_when_its_parent_does(keras_home: Path, served: Served, tmp_path: Path) -> None:
    served.files, served.pause = fashion_files(*drawn_images("fashion_mnist", 3_000), 2_000), 5.0
    command = [*REDIRECTED, served.address, "fashion_mnist", str(tmp_path / "made.npz")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        waited = time.monotonic() + 60
        while "train-images-idx3-ubyte.gz" not in served.asked and time.monotonic() < waited:
            time.sleep(0.05)
        assert process.poll() is None
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 1
    assert not (tmp_path / "made.npz").exists()


def test_a_full_disk_and_a_lost_connection_are_told_apart_also_behind_other_errors() -> None:
    assert status_of(OSError(errno.ENOSPC, "no space")) == NO_ROOM
    assert status_of(ConnectionResetError(errno.ECONNRESET, "reset")) == NO_CONNECTION
    wrapped = Exception("as Keras wraps it")
    wrapped.__context__ = URLError("no route")
    assert status_of(wrapped) == NO_CONNECTION
    assert status_of(SystemError("unknown")) == 0
