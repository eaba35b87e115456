"""Servers of their own for browser tests: a free port, and a wait until they answer."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager


@contextmanager
def serving(folder, **environment):
    """The dashboard as `regdash serve` starts it, with a store of its own; yields its address."""
    port = free_port()
    variables = os.environ | {"REGDASH_DATA_DIR": str(folder), **environment}
    command = [sys.executable, "-m", "regdash.cli", "serve", "--port", str(port), "--address", "127.0.0.1"]
    with started(command, folder / "log", f"http://127.0.0.1:{port}", env=variables) as address:
        yield address


@contextmanager
def started(command, log, address, **options):
    """A server process that answers at its address; it is ended at the end."""
    with log.open("w+") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, **options)
        try:
            wait_until_healthy(address, server, log)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def free_port():
    """A port that no program listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_until_healthy(address, server, log):
    """Wait until a server answers; fail with its log when it ends or is too slow."""
    for _ in range(240):
        assert server.poll() is None, log.read_text()
        try:
            if urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).read() == b"ok":
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError(f"the server did not start: {log.read_text()}")
