"""So many visitors at once: the load of benchmarks/classroom.py, in a process of its own.

python -m benchmarks.visitors http://127.0.0.1:8501 --sessions 30 [--first 0] [--spread 2] [--slider | --plain]
"""

import argparse
import asyncio
import json
import math
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.processes import cpu, spent
from benchmarks.sessions import Visitor
from regdash.experiment import Experiment
from regdash.params import params_of
from regdash.regularizers import L2
from regdash.ui.widgets import strength

OPENING = 8  # pages that are loaded at once, before anybody presses
AUTO, DROPOUT, PENALTY, TRAIN = "Train on every change", "Dropout", "L2 strength", "Train"
RATES = [round(0.05 * step, 2) for step in range(1, 19)]
STRENGTHS = [strength(value) for value in next(iter(params_of(L2))).stops(0.0) if 0 < value <= 0.1]


@dataclass
class Told:
    """What one visitor saw after pressing; nan for what never came."""

    pressed: float
    first_curve: float = math.nan
    finished: float = math.nan
    run: str = ""


def place(number: int) -> tuple[float, str]:
    """A slider position of its own for every number: a dropout rate and an L2 strength."""
    return RATES[number % len(RATES)], STRENGTHS[number // len(RATES) % len(STRENGTHS)]


class Pupil:
    """A visitor who sets the sliders, presses Train and waits for the curve."""

    def __init__(self, visitor: Visitor, number: int, options: argparse.Namespace) -> None:
        self.visitor, self.patience = visitor, options.patience
        self.plain, self.slider = options.plain, options.slider
        self.rate, self.strength = place(number)
        self.epochs = Experiment().training.epochs

    async def prepare(self) -> None:
        """Open the page and set the sliders; nothing is trained yet, but the default experiment perhaps."""
        visitor = self.visitor
        await visitor.open()
        if not self.plain:
            await visitor.until(lambda: visitor.state()[1] == "done", self.patience)
            await visitor.move(AUTO, False)
        await visitor.move(PENALTY, self.strength)
        if self.slider:
            await visitor.move(AUTO, True)
            await visitor.until(lambda: visitor.state()[1] == "done", self.patience)
        else:
            await visitor.move(DROPOUT, self.rate)
        visitor.reruns.clear()

    async def train(self) -> Told:
        """Press Train, or move the slider, and look until the finished curve is there."""
        visitor = self.visitor
        before, old = visitor.state()[0], self._curve()
        begin = visitor.set_and_ask(DROPOUT, self.rate) if self.slider else visitor.press(TRAIN)
        told = Told(await begin)

        def changed() -> bool:
            return visitor.state()[0] not in ("", before) and self._curve() not in (None, old)

        def finished() -> bool:
            return changed() and visitor.state()[1] == "done" and len(self._curve() or ()) == self.epochs

        if await visitor.until(changed, self.patience):
            told.first_curve = time.perf_counter() - told.pressed
        if await visitor.until(finished, self.patience - (time.perf_counter() - told.pressed)):
            told.finished, told.run = time.perf_counter() - told.pressed, visitor.state()[0]
        if visitor.state()[1] == "failed":
            visitor.faults.append(f"run {visitor.state()[0]} failed")
        return told

    def _curve(self) -> tuple[float, ...] | None:
        """The validation loss that is on the page."""
        if self.plain:
            return tuple(float(word) for word in self.visitor.words().split()) or None
        chart = self.visitor.chart("loss")
        lines = [trace["y"] for trace in chart["data"] if trace.get("name") == "validation"] if chart else []
        return tuple(lines[0]) if lines else None


async def load(options: argparse.Namespace) -> dict[str, Any]:
    """All visitors open the page, press within the spread, and tell."""
    visitors = [Visitor(options.address) for _ in range(options.sessions)]
    pupils = [Pupil(visitor, options.first + number, options) for number, visitor in enumerate(visitors)]
    gate = asyncio.Semaphore(OPENING)

    async def come(pupil: Pupil) -> None:
        async with gate:
            await pupil.visitor.__aenter__()
            await pupil.prepare()

    async def press(pupil: Pupil, share: float) -> Told:
        await asyncio.sleep(share * options.spread)
        return await pupil.train()

    try:
        await asyncio.gather(*(come(pupil) for pupil in pupils))
        for visitor in visitors:
            visitor.faults.clear()
        own, others = time.process_time(), cpu(options.server) if options.server else {}
        shares = [number / max(len(pupils) - 1, 1) for number in range(len(pupils))]
        told = await asyncio.gather(*(press(pupil, share) for pupil, share in zip(pupils, shares, strict=True)))
        used = {"client": time.process_time() - own} | (spent(options.server, others) if options.server else {})
        return summary(told, visitors, options.patience) | {f"{kind}_cpu_s": used[kind] for kind in used}
    finally:
        await asyncio.gather(*(visitor.__aexit__() for visitor in visitors), return_exceptions=True)


def summary(told: Sequence[Told], visitors: Sequence[Visitor], patience: float) -> dict[str, Any]:
    """What all visitors saw, as one flat table."""
    done = [each for each in told if math.isfinite(each.finished)]
    ends = max((each.pressed + each.finished for each in done), default=math.nan) - min(e.pressed for e in told)
    faults = [fault for visitor in visitors for fault in visitor.faults]
    reruns = [rerun for visitor in visitors for rerun in visitor.reruns]
    finished, curves = (
        [value if math.isfinite(value := getattr(each, name)) else patience for each in told]
        for name in ("finished", "first_curve")
    )
    return {
        "sessions": len(told),
        "errors": len(faults),
        "lost": len(told) - len(done),
        "p50_finished_s": percentile(finished, 50),
        "p95_finished_s": percentile(finished, 95),
        "p50_first_curve_s": percentile(curves, 50),
        "p95_first_curve_s": percentile(curves, 95),
        "p95_rerun_s": percentile([each.seconds for each in reruns if not each.tick], 95),
        "p95_tick_s": percentile([each.seconds for each in reruns if each.tick], 95),
        "ticks": sum(each.tick for each in reruns),
        "per_second": len(done) / ends if done else 0.0,
        "received_mb": sum(visitor.received for visitor in visitors) / 1e6,
        "faults": sorted(set(faults))[:5],
    }


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The smallest value that so many per cent do not exceed; None when there are no values."""
    known = sorted(values)
    if not known:
        return None
    return statistics.median(known) if percent == 50 else known[max(0, math.ceil(len(known) * percent / 100) - 1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address")
    parser.add_argument("--sessions", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first slider position")
    parser.add_argument("--spread", type=float, default=2.0, help="seconds within which all press")
    parser.add_argument("--server", type=int, help="its process, to measure what it spends")
    parser.add_argument("--patience", type=float, default=120.0, help="seconds after which a run counts as lost")
    parser.add_argument("--slider", action="store_true", help="moving the slider trains")
    parser.add_argument("--plain", action="store_true", help="the page is that of the plain app")
    print(json.dumps(asyncio.run(load(parser.parse_args()))))


if __name__ == "__main__":
    main()
