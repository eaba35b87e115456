"""`regdash train`: an experiment without a browser."""

import argparse
import json
import math
from pathlib import Path
from typing import Any

from regdash.cli.files import read_text, write_text
from regdash.codec import from_json, to_dict
from regdash.record import RunRecord
from regdash.settings import settings


def add_to(commands: Any) -> None:
    """Declare the command."""
    train = commands.add_parser("train", help="train an experiment without a browser")
    train.add_argument("experiment", type=Path, help="a JSON file, or - for standard input")
    train.add_argument("--seeds", type=_positive, default=1, help="repeat with so many seeds, counting up")
    train.add_argument("--out", type=Path, help="write settings and curves there, as JSON")
    train.set_defaults(run=_train)


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= 1_000):
        raise argparse.ArgumentTypeError(f"must be a whole number between 1 and 1000, got {text[:40]!r}")
    return int(text)


def _train(given: argparse.Namespace) -> int:
    from regdash.training.groups import groups

    experiment = from_json(read_text(given.experiment, settings().max_json_bytes))
    first = experiment.training.seed
    experiments = [experiment.with_values({"training.seed": first + i}) for i in range(given.seeds)]
    stacks = groups(experiments, settings().max_members)
    from regdash.training.loop import train_stack  # loads TensorFlow, so only once all settings are known to be right

    records = [record for stack in stacks for record in train_stack([experiments[i] for i in stack])]
    for record in records:
        print(_line(record))
    if given.out:
        write_text(given.out, json.dumps([tree_of(record) for record in records], allow_nan=False))
    return 0


def _line(record: RunRecord) -> str:
    history, best = record.history, record.best_epoch
    loss = f"best val_loss {history['val_loss'][best - 1]:.4f} at epoch {best}" if best else "no finite val_loss"
    return f"seed {record.experiment.training.seed}: {record.status}, {loss}, run {record.id}"


def tree_of(record: RunRecord) -> dict[str, Any]:
    """A run as plain values: its experiment, how it ended, and all curves."""
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
