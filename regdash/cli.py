"""The command `regdash`: the dashboard, the coordinator, and training without a browser."""

import argparse
import json
import logging
import math
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from regdash import __version__
from regdash.codec import from_json, to_dict
from regdash.datasets.sources import SOURCES
from regdash.errors import InvalidExperiment, RegdashError
from regdash.record import RunRecord
from regdash.settings import Settings, settings

WRONG_INPUT, FAILED = 2, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit status: 0, or 2 when what was given is wrong."""
    given = _parser().parse_args(arguments)
    try:
        status: int = given.run(given)
    except InvalidExperiment as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    except RegdashError as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="regdash", description="See what regularisation does.")
    parser.add_argument("--version", action="version", version=f"regdash {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="start the dashboard")
    serve.add_argument("--port", type=int, help="where it listens (REGDASH_PORT)")
    serve.add_argument("--address", help="on which address (REGDASH_ADDRESS)")
    serve.set_defaults(run=_serve)

    coordinator = commands.add_parser(
        "coordinator", help="train what the dashboard queues, until standard input closes; it starts one by itself"
    )
    coordinator.set_defaults(run=_coordinate)

    train = commands.add_parser("train", help="train an experiment without a browser")
    train.add_argument("experiment", type=Path, help="a JSON file, or - for standard input")
    train.add_argument("--seeds", type=_positive, default=1, help="repeat with so many seeds, counting up")
    train.add_argument("--out", type=Path, help="write settings and curves there, as JSON")
    train.set_defaults(run=_train)

    data = commands.add_parser("data", help="data sets that are downloaded once")
    fetch = data.add_subparsers(title="commands", required=True, metavar="COMMAND").add_parser(
        "fetch", help="download a data set through Keras, so that the dashboard finds it"
    )
    fetch.add_argument("name", choices=tuple(SOURCES), metavar="NAME", help=f"one of {', '.join(SOURCES)}")
    fetch.set_defaults(run=_fetch)
    return parser


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 1_000):
        raise argparse.ArgumentTypeError(f"must be a whole number between 1 and 1000, got {text[:40]!r}")
    return int(text)


# The dashboard


def _serve(given: argparse.Namespace) -> int:
    here = settings()
    port, address = given.port or here.port, given.address or here.address
    command = [sys.executable, "-m", "regdash.ui.server", "run", str(_first_page()), "--server.port", str(port)]
    command += ["--server.address", address, "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    if os.name != "nt":
        os.execv(sys.executable, command)
    return subprocess.call(command)  # there, execv would leave the terminal to both programs at once


def _first_page() -> Path:
    """app.py: beside the package in a source tree, inside it when installed."""
    package = Path(__file__).resolve().parent
    found = next((p for p in (package.parent / "app.py", package / "_site" / "app.py") if p.is_file()), None)
    if found is None:
        raise RegdashError("app.py was not found beside or inside the package. Install Regdash again.")
    return found


# Data


def _fetch(given: argparse.Namespace) -> int:
    from regdash.datasets.downloads import fetch

    shown = -1

    def tell(share: float) -> None:
        nonlocal shown
        percent = int(100 * share)
        if percent > shown:
            shown = percent
            print(f"\r{SOURCES[given.name].label}: {percent} %", end="", file=sys.stderr, flush=True)

    try:
        place = fetch(given.name, tell)
    finally:
        if shown >= 0:
            print(file=sys.stderr)
    print(place)
    return 0


# The coordinator


def _coordinate(given: argparse.Namespace) -> int:
    from regdash.jobs.coordinator import Coordinator
    from regdash.jobs.worker import load_keras

    return coordinate(settings(), lambda database: Coordinator(database, settings(), load_keras))


def coordinate(here: Settings, make: Any) -> int:
    """Serve the store until standard input closes; at once back when another coordinator serves it already."""
    from regdash.jobs.lock import lock_file, take_lock
    from regdash.store.database import open_store

    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    database = open_store(here.store_url, here.patience_seconds)
    lock = take_lock(lock_file(here.store_url, here.data_dir))
    if lock is None:
        print("Another coordinator already serves this store.", file=sys.stderr)
        return 0
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    threading.Thread(target=_stop_at_end_of_input, args=(stop,), daemon=True).start()
    make(database).run(stop)
    database.close()
    lock.close()
    return 0


def _stop_at_end_of_input(stop: threading.Event) -> None:
    while os.read(0, 1_024):
        pass
    stop.set()


# Training


def _train(given: argparse.Namespace) -> int:
    from regdash.training.groups import groups

    experiment = from_json(_text(given.experiment, settings().max_json_bytes))
    first = experiment.training.seed
    experiments = [experiment.with_values({"training.seed": first + i}) for i in range(given.seeds)]
    stacks = groups(experiments, settings().max_members)
    from regdash.training.loop import train_stack  # loads TensorFlow, so only once all settings are known to be right

    records = [record for stack in stacks for record in train_stack([experiments[i] for i in stack])]
    for record in records:
        print(_line(record))
    if given.out:
        _write(given.out, json.dumps([_tree(record) for record in records], allow_nan=False))
    return 0


def _text(path: Path, most: int) -> str:
    data = _bytes(path, most + 1)
    if len(data) > most:
        raise InvalidExperiment({"json": f"{path} must have at most {most} bytes"})
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise InvalidExperiment({"json": f"{path} must be UTF-8 text"}) from None


def _bytes(path: Path, most: int) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read(most)
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise RegdashError(f"{path} cannot be read: {error.strerror or error}.") from None


def _line(record: RunRecord) -> str:
    history, best = record.history, record.best_epoch
    loss = f"best val_loss {history['val_loss'][best - 1]:.4f} at epoch {best}" if best else "no finite val_loss"
    return f"seed {record.experiment.training.seed}: {record.status}, {loss}, run {record.id}"


def _tree(record: RunRecord) -> dict[str, Any]:
    curves = {name: [_finite(value) for value in column.tolist()] for name, column in record.history.items()}
    return {
        "id": record.id,
        "experiment": to_dict(record.experiment),
        "status": record.status,
        "history": curves,
        "versions": dict(record.versions),
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text)
    except OSError as error:
        raise RegdashError(f"{path} cannot be written: {error.strerror or error}.") from None


if __name__ == "__main__":
    sys.exit(main())
