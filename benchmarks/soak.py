"""A thousand trainings by twenty visitors: the memory of every process must stay flat.

The real server and engine on loopback; each visitor moves a slider, waits for the curve, and moves it again.

    python -m benchmarks.soak [--trainings 1000] [--sessions 20] [--json]

Printed is the memory of each process after a fifth of the trainings, and how much it has grown from there to the end.
"""

import argparse
import asyncio
import sys
import time

from benchmarks import printed
from benchmarks.classroom import served
from benchmarks.processes import memory
from benchmarks.sessions import Visitor
from benchmarks.visitors import DROPOUT, PENALTY, RATES, STRENGTHS

COMMAND = [sys.executable, "-m", "regdash.cli", "serve", "--port", "PORT", "--address", "127.0.0.1"]
PATIENCE = 120.0  # seconds after which a training counts as lost
WARM = 0.2  # the share of the trainings after which memory counts


async def visit(address: str, number: int, times: int, done: list[float]) -> list[str]:
    """One visitor: so many slider positions, one after another, each waited for; returns what went wrong."""
    visitor = Visitor(address)
    await visitor.__aenter__()
    try:
        await visitor.open()
        await visitor.until(lambda: visitor.state()[1] == "done", PATIENCE)
        for turn in range(times):
            position = number * times + turn
            before = visitor.state()[0]
            if turn % len(RATES) == 0:
                await visitor.move(PENALTY, STRENGTHS[(position // len(RATES)) % len(STRENGTHS)])
            await visitor.set_and_ask(DROPOUT, RATES[position % len(RATES)])
            found = await visitor.until(lambda: visitor.state()[1] == "done" and visitor.state()[0] != before, PATIENCE)  # noqa: B023
            if not found:
                visitor.faults.append(f"training {turn} of visitor {number} was lost")
            done.append(time.monotonic())
        return list(visitor.faults)
    finally:
        await visitor.__aexit__()


async def soak(address: str, server: int, trainings: int, sessions: int) -> dict[str, float]:
    """All visitors at once, with a look at the memory when a fifth is done and at the end."""
    done: list[float] = []
    visits = [asyncio.create_task(visit(address, n, trainings // sessions, done)) for n in range(sessions)]
    while len(done) < WARM * trainings and not all(task.done() for task in visits):
        await asyncio.sleep(0.5)
    begin = memory(server)
    faults = [fault for found in await asyncio.gather(*visits) for fault in found]
    end = memory(server)
    figures: dict[str, float] = {"trainings": len(done), "sessions": sessions, "errors": len(faults)}
    for kind in ("server", "coordinator", "worker"):
        figures[f"memory_{kind}_mb"] = round(begin.get(kind, 0.0), 1)
        figures[f"growth_{kind}_mb"] = round(end.get(kind, 0.0) - begin.get(kind, 0.0), 1)
    for fault in sorted(set(faults))[:5]:
        print(fault, file=sys.stderr)
    return figures


def main() -> None:
    """Print how memory grew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trainings", type=int, default=1_000)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with served(COMMAND) as (address, server):
        printed(asyncio.run(soak(address, server.pid, given.trainings, given.sessions)), given.json)


if __name__ == "__main__":
    main()
