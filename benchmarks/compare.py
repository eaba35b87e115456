"""The Compare page with 20 settings of 5 seeds and 200 epochs: how long a rerun takes, and what the browser is sent.

The records are made up and lie in a store of their own; the real server has no engine, as nothing is trained. The
visitor is that of benchmarks/sessions.py on the same cores: a websocket without a browser, so drawing in the browser is
not counted, and neither are scripts, styles and fonts.

    python -m benchmarks.compare [--json] [--settings 20] [--seeds 5] [--epochs 200] [--runs 20]

`bytes_to_browser` is what arrives until the page has been opened with its loss chart and the chart below it,
`first_seconds` how long that takes on a server that has opened no page yet. `rerun_p50_ms` is a rerun of the whole page
without a change, `redraw_p50_ms` one after another smoothing, which draws every curve anew. `bytes_of_every_chart` is
what arrives when each chart of the menu is looked at once, `slowest_chart_ms` the longest of these reruns.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np

from benchmarks import printed
from benchmarks.classroom import served
from benchmarks.sessions import Visitor
from regdash.datasets import Moons, samples
from regdash.experiment import Experiment
from regdash.links import Comparison, Entry, to_comparison
from regdash.record import History, Probe, RunRecord, Snapshots
from regdash.repeats import Setting
from regdash.store.runs import RunStore

LAYERS = {"hidden_1": (2, 64), "hidden_2": (64, 64), "output": (64, 1)}
GRID, FRAMES, LOOKS, BINS = 50, 40, 12, 41
PATIENCE = 60.0  # seconds


def entries_of(settings: int, seeds: int, epochs: int) -> list[Entry]:
    """Settings that differ in dropout and L2."""
    base = Experiment(data=Moons()).with_values({"training.epochs": epochs})
    return [
        Entry(base.with_values({"dropout.rate": round(0.04 * k, 2), "l2.l2": 10.0 ** (-2 - k % 4)}), seeds)
        for k in range(settings)
    ]


def record_of(experiment: Experiment, number: int) -> RunRecord:
    """A run with all that the engine keeps; its numbers are chance."""
    chance, epochs = np.random.default_rng(number), experiment.training.epochs
    rows = samples(experiment.data, experiment.split)
    ticks = np.linspace(-2.0, 3.0, GRID)
    answers = chance.integers(0, 256, (FRAMES, GRID, GRID, 1), dtype=np.uint8)
    looks = np.linspace(1, epochs, LOOKS).astype(int)
    return RunRecord(
        experiment=experiment,
        status="finished",
        history=history_of(epochs, chance),
        weights=tuple(w for shape in LAYERS.values() for w in (chance.normal(size=shape), np.zeros(shape[1]))),
        train_outputs=chance.normal(size=(len(rows.train.y), 1)).astype(np.float32),
        val_outputs=chance.normal(size=(len(rows.validation.y), 1)).astype(np.float32),
        probe=Probe(np.linspace(1, epochs, FRAMES).astype(int), answers, ticks, ticks),
        snapshots=Snapshots(
            looks,
            {layer: chance.uniform(1, 3, LOOKS) for layer in LAYERS},
            {},
            {layer: chance.poisson(40 * np.exp(-(np.linspace(-2, 2, BINS) ** 2)), (LOOKS, BINS)) for layer in LAYERS},
            {layer: np.linspace(-1, 1, BINS + 1) for layer in LAYERS},
        ),
    )


def history_of(epochs: int, chance: np.random.Generator) -> History:
    """Curves with the columns of a classification."""
    at = np.arange(1, epochs + 1)
    loss = np.exp(-at / (20 * chance.uniform(0.5, 1.5))) + 0.02 * chance.standard_normal(epochs) + 0.3
    names: tuple[str, ...] = ("loss", "val_loss", "running_loss", "penalty", "learning_rate")
    names += ("accuracy", "val_accuracy", "f1", "val_f1", "precision", "val_precision", "recall", "val_recall")
    weights = [f"{kind}/{layer}" for kind in ("l1_norm", "l2_norm", "max_norm") for layer in (*LAYERS, "all")]
    noisy = {name: loss + 0.05 * chance.standard_normal(epochs) for name in (*names, *weights)}
    shares = {f"{kind}/{layer}": at / (2.0 * epochs) for kind in ("near_zero", "zeros") for layer in (*LAYERS, "all")}
    return History({name: column.astype(np.float32) for name, column in (noisy | shares).items()})


def fill(url: str, entries: list[Entry]) -> None:
    """Put every run of these settings into a store."""
    store = RunStore.open(url)
    try:
        for number, experiment in enumerate(members_of(entries)):
            store.put(record_of(experiment, number))
    finally:
        store.close()


def members_of(entries: list[Entry]) -> Iterator[Experiment]:
    """All runs."""
    for entry in entries:
        assert entry.experiment is not None
        yield from Setting(entry.experiment, entry.seeds).members


async def visit(address: str, query: str, runs: int) -> dict[str, Any]:
    """Open the page, rerun it, smooth it anew each time, and look at every chart."""
    async with Visitor(address, query=query, page="compare") as visitor:
        await visitor.open(PATIENCE)
        figures: dict[str, Any] = {"bytes_to_browser": visitor.received, "first_seconds": visitor.reruns[0].seconds}
        figures["traces_of_the_loss_chart"] = len((visitor.chart("compare-loss") or {"data": []})["data"])
        figures |= await _timed("rerun", visitor, [visitor.rerun for _ in range(runs)])
        smooth = [lambda k=k: visitor.move("Smoothing", round(0.05 * (1 + k % 18), 2)) for k in range(runs)]
        figures |= await _timed("redraw", visitor, smooth)
        before, took = visitor.received, []
        for name in visitor.options("Chart"):
            visitor.reruns.clear()
            await visitor.move("Chart", name)
            took.append(1_000 * sum(each.seconds for each in visitor.reruns))
        figures |= {"bytes_of_every_chart": visitor.received - before, "slowest_chart_ms": max(took, default=0.0)}
        return figures | {"charts": len(took), "faults": len(visitor.faults)}


async def _timed(name: str, visitor: Visitor, turns: list[Any]) -> dict[str, float]:
    took = []
    for turn in turns:
        visitor.reruns.clear()
        await turn()
        took.append(1_000 * sum(each.seconds for each in visitor.reruns))
    return {f"{name}_p50_ms": statistics.median(took), f"{name}_p95_ms": statistics.quantiles(took, n=20)[-1]}


def measure(settings: int, seeds: int, epochs: int, runs: int) -> dict[str, Any]:
    """All figures."""
    entries = entries_of(settings, seeds, epochs)
    query = urlencode(to_comparison(Comparison(tuple(entries))))
    command = [sys.executable, "-m", "regdash.cli", "serve", "--port", "PORT", "--address", "127.0.0.1"]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'store.db'}"
        fill(url, entries)
        with served(command, REGDASH_EMBEDDED="0", REGDASH_DATABASE_URL=url) as (address, _):
            return asyncio.run(visit(address, query, runs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="end with one flat JSON object")
    parser.add_argument("--settings", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--runs", type=int, default=20, help="reruns of which the median is taken")
    given = parser.parse_args()
    printed(measure(given.settings, given.seeds, given.epochs, given.runs), given.json)


if __name__ == "__main__":
    main()
