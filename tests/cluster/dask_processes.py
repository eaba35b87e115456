"""A Dask scheduler and workers as processes of their own on loopback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
DASK = (sys.executable, "-m", "dask")
ANY_PORT = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0")  # for the pages that it shows all the same


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Cluster:
    """Starts what it is told to, and ends all of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def scheduler(self) -> subprocess.Popen[bytes]:
        return self.start(*DASK, "scheduler", "--host", "127.0.0.1", "--port", str(self.port), *ANY_PORT)

    def worker(self, threads: int = 1, *more: str) -> subprocess.Popen[bytes]:
        fixed = ("--no-nanny", *ANY_PORT, "--local-directory", str(self.folder))
        return self.start(*DASK, "worker", self.address, "--nthreads", str(threads), *fixed, *more)

    def close(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """A process that finds the idle engine."""
        path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | {"PYTHONPATH": path, "REGDASH_DATA_DIR": str(self.folder / "data")}
        with (self.folder / "dask.log").open("ab") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        self.processes.append(process)
        return process
