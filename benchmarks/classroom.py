"""A classroom at once: N sessions press Train within two seconds, each on its own position of the sliders.

The real server with the real engine and a store of its own, on loopback. The sessions are those of
benchmarks/sessions.py and live in a process of their own, which takes its share of the machine's cores: `client_cpu_s`.
The same sessions press Train in a plain Streamlit app that calls keras.Model.fit in its script
(benchmarks/peers/plain_app.py); throughput is that of 10 sessions that press at the same moment.

    python -m benchmarks.classroom [--json] [--sessions 1,10,30,100] [--plain 1,10] [--spread 2] [--slider]

With --slider nobody presses Train: short experiments are trained on every change, so moving the slider is pressing it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import printed
from benchmarks.processes import cpu, memory, spent
from benchmarks.slider import free_port, healthy

PLAIN = Path(__file__).with_name("peers") / "plain_app.py"
WARMING = (1, 1, 1, 10)  # sessions that press before anything is measured: the engine is ready and its programs traced
MOST_WARMING = 120.0  # seconds
TOGETHER = 10  # sessions whose throughput is compared
PLAIN_PATIENCE = 400.0  # seconds after which a run of the plain app counts as lost
KEYS = (
    *("errors", "lost", "p50_finished_s", "p95_finished_s", "p50_first_curve_s", "p95_first_curve_s"),
    *("p95_rerun_s", "p95_tick_s", "per_second", "client_cpu_s", "server_cpu_s", "worker_cpu_s"),
)


@contextmanager
def served(command: list[str], **environment: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Streamlit server with a folder of its own; its address and its process."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w") as log:
        command = [part.replace("PORT", str(port)) for part in command]
        variables = os.environ | {"REGDASH_DATA_DIR": folder, **environment}
        process = subprocess.Popen(command, env=variables, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            while not healthy(address):
                if process.poll() is not None:
                    raise RuntimeError(f"the server ended: {Path(log.name).read_text()[-2_000:]}")
                time.sleep(0.2)
            yield address, process
        finally:
            process.terminate()
            process.wait(30)


def visited(address: str, sessions: int, *flags: str) -> dict[str, Any]:
    """What so many sessions measured, in a process of their own."""
    command = [sys.executable, "-m", "benchmarks.visitors", address, "--sessions", str(sessions), *flags]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=900)
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def settle(pid: int) -> None:
    """Wait until the worker has nothing more to get ready."""
    end = time.monotonic() + MOST_WARMING
    while time.monotonic() < end:
        before = cpu(pid)
        time.sleep(3)
        if spent(pid, before).get("worker", 0.0) < 0.3:
            return


def dashboard(numbers: list[int], spread: float, flags: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The dashboard with each number of sessions, and at last with those whose throughput is compared."""
    command = [sys.executable, "-m", "regdash.cli", "serve", "--port", "PORT", "--address", "127.0.0.1"]
    with served(command) as (address, process):
        flags = [*flags, "--server", str(process.pid)]
        first = 0
        for sessions in WARMING:
            visited(address, sessions, "--first", str(first), "--spread", str(spread), *flags)
            first += sessions
        settle(process.pid)
        for sessions in numbers:
            yield f"{sessions}", visited(address, sessions, "--first", str(first), "--spread", str(spread), *flags)
            first += sessions
        yield "together", visited(address, TOGETHER, "--first", str(first), "--spread", "0", *flags)
        yield "memory", memory(process.pid)


def plain(numbers: list[int]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The plain app with each number of sessions, all at the same moment."""
    command = [sys.executable, "-m", "streamlit", "run", str(PLAIN), "--server.port", "PORT"]
    command += ["--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    flags = ("--plain", "--patience", str(PLAIN_PATIENCE))
    with served(command, PYTHONPATH=str(Path(__file__).parents[1])) as (address, process):
        visited(address, 1, "--first", "0", *flags)  # the framework is loaded
        first = 1
        for sessions in numbers:
            yield f"{sessions}", visited(address, sessions, "--first", str(first), "--spread", "0", *flags)
            first += sessions
        yield "memory", memory(process.pid)


def figures_of(results: Mapping[str, Mapping[str, Any]], peers: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """One flat table: without a number at the end a key is that of the largest class."""
    numbers = sorted(int(name) for name in results if name.isdigit())
    figures: dict[str, Any] = {"sessions": numbers[-1]}
    figures |= {key: results[str(numbers[-1])].get(key) for key in KEYS}
    for sessions in numbers[:-1]:
        figures |= {f"{key}_{sessions}": results[str(sessions)].get(key) for key in KEYS}
    figures["per_second_together"] = results["together"]["per_second"]
    for name, result in peers.items():
        if name.isdigit():
            figures |= {f"plain_app_{key}_{name}": result[key] for key in ("errors", "lost", "p95_finished_s")}
            figures[f"plain_app_per_second_{name}"] = result["per_second"]
    if str(TOGETHER) in peers:
        least = TOGETHER / PLAIN_PATIENCE  # what it would be if all had ended a moment after they were given up
        ratio = results["together"]["per_second"] / max(peers[str(TOGETHER)]["per_second"], least)
        figures["throughput_vs_plain_app"] = ratio
    figures |= {f"memory_{name}_mb": value for name, value in results["memory"].items()}
    return figures | {f"plain_app_memory_{name}_mb": value for name, value in peers.get("memory", {}).items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="end with one flat JSON object")
    parser.add_argument("--sessions", default="1,10,30,100")
    parser.add_argument("--plain", default="1,10", help="sessions of the plain app; empty to leave it out")
    parser.add_argument("--spread", type=float, default=2.0, help="seconds within which all press Train")
    parser.add_argument("--slider", action="store_true", help="moving the slider trains, as the page does by itself")
    options = parser.parse_args()
    flags = ["--slider"] if options.slider else []
    results, peers = {}, {}
    for name, result in dashboard([int(n) for n in options.sessions.split(",")], options.spread, flags):
        results[name] = result
        print(f"{name:>8}: {result}", flush=True)
    if options.plain:
        for name, result in plain([int(n) for n in options.plain.split(",")]):
            peers[name] = result
            print(f"plain app {name:>8}: {result}", flush=True)
    printed(figures_of(results, peers), options.json)


if __name__ == "__main__":
    main()
