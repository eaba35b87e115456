"""From a job's row in the store to its first segment, when the engine is idle and warm: milliseconds.

python -m benchmarks.latency --runs 30 --json
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path

from regdash.experiment import Experiment
from regdash.jobs.queue import Queue, connect
from regdash.settings import Settings

SESSION = "a-" + "0" * 32
READY_SECONDS = 120.0


def main() -> None:
    """Print the median and the 95th percentile."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        delays = measure(Settings(data_dir=Path(folder), embedded=False, log_format="json"), given.runs)
    found = {
        "runs": len(delays),
        "p50_row_to_first_segment_ms": round(statistics.median(delays), 1),
        "p95_row_to_first_segment_ms": round(statistics.quantiles(delays, n=20)[-1], 1),
    }
    print(json.dumps(found) if given.json else "\n".join(f"{name:32} {value}" for name, value in found.items()))


def measure(here: Settings, runs: int) -> list[float]:
    """Milliseconds of each run: the coordinator's log says when its first segment began."""
    command = [sys.executable, "-m", "regdash.cli", "coordinator", "--service"]
    coordinator = subprocess.Popen(
        command, env=os.environ | here.environment(), stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )
    began: dict[str, float] = {}
    threading.Thread(target=listen, args=(coordinator, began), daemon=True).start()
    queue = connect(here)
    try:
        until(lambda: queue.engine().state == "ready")
        time.sleep(20.0)  # popular shapes are being traced
        return [once(queue, began, seed) for seed in range(runs)]
    finally:
        coordinator.terminate()
        coordinator.wait()
        queue.close()


def once(queue: Queue, began: dict[str, float], seed: int) -> float:
    """One run, alone."""
    experiment = Experiment().with_values({"training.seed": 1_000 + seed})
    (run,) = queue.submit(SESSION, [experiment])
    asked = time.time()
    until(lambda: run in began)
    until(lambda: (queue.watch([run])[0] or experiment) and queue.watch([run])[0].state == "done")  # type: ignore[union-attr]
    time.sleep(0.2)
    return 1_000 * (began[run] - asked)


def listen(coordinator: "subprocess.Popen[str]", began: dict[str, float]) -> None:
    """Note when runs began, until the coordinator ends."""
    assert coordinator.stderr is not None
    for line in coordinator.stderr:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if event.get("event") == "run began":
            began[event["run"]] = datetime.fromisoformat(event["time"]).timestamp()


def until(condition, seconds: float = READY_SECONDS) -> None:  # type: ignore[no-untyped-def]
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("it did not happen in time")
        time.sleep(0.002)


if __name__ == "__main__":
    main()
