"""All that operators want to know, read from the store; nothing in it tells who asked for what.

What each coordinator writes about itself as `stats` of its sign of life, as JSON; any of it may be missing:

    {"workers": [{"device": "CPU", "pid": 4242, "memory_mb": 812.5, "state": "ready"}],
     "stacks": [{"label": "Moons, multilayer perceptron, Adam", "members": 30, "epochs_left": 1200, "worker": 4242}],
     "members_per_s": 3.1, "epochs_per_s": 465.0,     over the last minute
     "lost_workers": 0,                               since it started
     "latency_ms": 31.0}                              from a run's row to its first segment, the last time

Counters of the store: asked, cache_hits, finished, failed, lost_workers.
"""

import math
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from regdash import __version__
from regdash.jobs.memory import resident_mb
from regdash.settings import Settings
from regdash.store.coordinators import SignOfLife, read_signs
from regdash.store.counters import read_counters
from regdash.store.database import Database
from regdash.store.figures import StoreFigures, read_figures
from regdash.store.requests import RequestStore
from regdash.store.size import store_size

MB = 1_000_000
RECENT = 10.0  # seconds since a sign of life, by this machine's clock; it decides only what is shown
STARTED = time.monotonic()
PACKAGES = ("streamlit", "plotly", "sqlalchemy")


@dataclass(frozen=True)
class WorkerView:
    """One process that trains."""

    pid: int
    device: str
    state: str
    memory_mb: float | None


@dataclass(frozen=True)
class StackInFlight:
    """Runs that are trained together at this moment."""

    label: str
    members: int
    epochs_left: int


@dataclass(frozen=True)
class CoordinatorView:
    """One coordinator and its workers."""

    id: str
    alive: bool
    state: str  # starting, ready, down; or gone, when it no longer gives signs of life
    sentence: str
    device: str
    age: float  # seconds since its last sign of life
    versions: Mapping[str, str]
    workers: tuple[WorkerView, ...]
    stacks: tuple[StackInFlight, ...]
    members_per_s: float
    epochs_per_s: float
    latency_ms: float | None


@dataclass(frozen=True)
class QueueView:
    """What is still to be done."""

    waiting: int  # runs
    running: int
    sessions: int  # that wait for something
    oldest_seconds: float | None  # for how long the longest-waiting run has waited
    searches: int = 0  # that run


@dataclass(frozen=True)
class Totals:
    """Counted since the store was made."""

    asked: int
    cache_hits: int
    finished: int
    failed: int
    lost_workers: int

    @property
    def cache_share(self) -> float | None:
        """Which share of what was asked for had been trained before; None before anything was asked for."""
        return min(1.0, self.cache_hits / self.asked) if self.asked else None


@dataclass(frozen=True)
class StoreView:
    """Where runs are kept."""

    kind: str
    bytes: int
    limit_bytes: int
    runs: int
    records: int


@dataclass(frozen=True)
class ProcessView:
    """The web process."""

    uptime_seconds: float
    memory_mb: float | None
    sessions: int | None = None  # browsers connected


@dataclass(frozen=True)
class Overview:
    """The state of the whole at one moment."""

    coordinators: tuple[CoordinatorView, ...]
    queue: QueueView
    totals: Totals
    store: StoreView
    process: ProcessView
    versions: Mapping[str, str]

    @property
    def living(self) -> tuple[CoordinatorView, ...]:
        """The coordinators that give signs of life."""
        return tuple(each for each in self.coordinators if each.alive)

    @property
    def members_per_s(self) -> float:
        """Runs finished per second over the last minute, by all coordinators together."""
        return sum(each.members_per_s for each in self.living)

    @property
    def epochs_per_s(self) -> float:
        """Epochs trained per second over the last minute, summed over runs."""
        return sum(each.epochs_per_s for each in self.living)


def overview(database: Database, settings: Settings, lives: Callable[[SignOfLife], bool] | None = None) -> Overview:
    """Read the state of the whole; `lives` decides which coordinators count. Raises StoreUnavailable."""
    figures, state, counted = read_figures(database), RequestStore(database).queue(), read_counters(database)
    return Overview(
        coordinators=tuple(_coordinator(sign, (lives or _recent)(sign)) for sign in read_signs(database)),
        queue=QueueView(state.waiting, state.running, state.sessions, figures.oldest_wait, figures.searches),
        totals=Totals(**{name: int(counted.get(name, 0)) for name in Totals.__dataclass_fields__}),
        store=_store(database, settings, figures),
        process=ProcessView(time.monotonic() - STARTED, resident_mb(os.getpid())),
        versions=versions(),
    )


def as_json(found: Overview) -> dict[str, Any]:
    """The same as a tree of numbers and texts."""
    tree = asdict(found)
    tree["totals"]["cache_share"] = found.totals.cache_share
    tree["members_per_s"], tree["epochs_per_s"] = found.members_per_s, found.epochs_per_s
    return tree


@cache
def versions() -> Mapping[str, str]:
    """Of this program and of what the web process stands on."""
    return {"regdash": __version__, "python": platform.python_version()} | {n: _version(n) for n in PACKAGES}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _recent(sign: SignOfLife) -> bool:
    return abs(sign.age) < RECENT


def _store(database: Database, settings: Settings, figures: StoreFigures) -> StoreView:
    limit = round(settings.max_store_mb * MB)
    return StoreView(figures.kind, store_size(database), limit, figures.runs, figures.records)


def _coordinator(sign: SignOfLife, alive: bool) -> CoordinatorView:
    stats = sign.stats if alive else {}
    state = sign.state if alive or sign.state == "down" else "gone"
    return CoordinatorView(
        id=sign.id,
        alive=alive and state != "down",
        state=state,
        sentence=sign.sentence if state != "gone" else "It gives no signs of life any more.",
        device=sign.device,
        age=max(0.0, sign.age),
        versions=dict(sign.versions),
        workers=tuple(_worker(each) for each in _entries(stats, "workers")),
        stacks=tuple(_stack(each) for each in _entries(stats, "stacks")),
        members_per_s=_number(stats, "members_per_s") or 0.0,
        epochs_per_s=_number(stats, "epochs_per_s") or 0.0,
        latency_ms=_number(stats, "latency_ms"),
    )


def _worker(given: Mapping[str, Any]) -> WorkerView:
    pid, memory = _number(given, "pid"), _number(given, "memory_mb")
    return WorkerView(int(pid or 0), str(given.get("device", "")), str(given.get("state", "")), memory)


def _stack(given: Mapping[str, Any]) -> StackInFlight:
    members, left = _number(given, "members"), _number(given, "epochs_left")
    return StackInFlight(str(given.get("label", "")), int(members or 0), int(left or 0))


def _entries(stats: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    given = stats.get(name)
    return [each for each in given if isinstance(each, Mapping)] if isinstance(given, list | tuple) else []


def _number(given: Mapping[str, Any], name: str) -> float | None:
    """A finite number at or above 0, or None."""
    value = given.get(name)
    return value if isinstance(value, int | float) and math.isfinite(value) and value >= 0 else None
