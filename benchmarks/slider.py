"""From the release of a slider to the finished curve drawn in the browser: the real server, engine and Chromium.

The default experiment, warm; each move sets a dropout rate that has not been trained before.

    python -m benchmarks.slider [--json] [--moves 10]

Chromium is taken from REGDASH_CHROMIUM or the path, else Playwright's own.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks import printed
from regdash.codec import identity
from regdash.experiment import Experiment

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
DRAWN = """([run, epochs]) => {
  const state = document.querySelector('[data-testid="rd-state"]');
  const plot = document.querySelector('[data-chart=loss] .js-plotly-plot');
  const line = plot?.calcdata?.find(points => points[0].trace.name === 'validation')?.map(point => point.y);
  if (state?.dataset.run !== run || state?.dataset.state !== 'done' || line?.length !== epochs) return false;
  const curve = line.join();
  if (curve === window.regdashCurve) return false;  // the state has changed and the old curve is still there
  window.regdashCurve = curve;
  return performance.now();
}"""


@contextmanager
def server() -> Iterator[str]:
    """The dashboard with an empty store of its own."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "regdash.cli", "serve", "--port", str(port), "--address", "127.0.0.1"]
        with (Path(folder) / "log").open("w") as log:
            process = subprocess.Popen(command, env=os.environ | {"REGDASH_DATA_DIR": folder}, stdout=log, stderr=log)
            try:
                while not healthy(address):
                    time.sleep(0.1)
                yield address
            finally:
                process.terminate()
                process.wait(30)


def free_port() -> int:
    """A port that no program listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def healthy(address: str) -> bool:
    """Whether the server answers."""
    try:
        return bool(urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).read() == b"ok")
    except OSError:
        return False


def move(page: Any, rate: float) -> float:
    """Press the arrow key on the dropout slider once; seconds until its finished curve is drawn."""
    experiment = Experiment().with_values({"dropout.rate": rate})
    handle = page.get_by_role("slider", name="Dropout").first
    handle.focus()
    began = page.evaluate("() => performance.now()")
    handle.press("ArrowRight")
    wanted = [identity(experiment), experiment.training.epochs]
    ended = page.wait_for_function(DRAWN, arg=wanted, polling="raf", timeout=60_000).json_value()
    return float(ended - began) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="end with one flat JSON object")
    parser.add_argument("--moves", type=int, default=10, help="slider moves of which the median is taken")
    options = parser.parse_args()
    path = os.environ.get("REGDASH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        began = time.perf_counter()
        page.goto(address)
        page.get_by_role("slider", name="Dropout").first.wait_for(timeout=60_000)
        usable = time.perf_counter() - began
        first = [identity(Experiment()), Experiment().training.epochs]
        page.wait_for_function(DRAWN, arg=first, polling="raf", timeout=120_000)
        warm = time.perf_counter() - began
        page.wait_for_timeout(2000)
        taken = [move(page, round(0.05 * (i + 1), 2)) for i in range(options.moves)]
        browser.close()
    figures = {
        "slider_to_curve_median_s": statistics.median(taken),
        "slider_to_curve_worst_s": max(taken),
        "page_usable_s": usable,
        "first_curve_s": warm,
    }
    printed(figures, options.json)


if __name__ == "__main__":
    main()
