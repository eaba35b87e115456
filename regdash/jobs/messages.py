"""What the coordinator and a worker process of this machine say to each other through their pipe."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from regdash.jobs.workers import Order


@dataclass(frozen=True)
class Train:
    """Sent to the worker: runs to be trained."""

    orders: tuple[Order, ...]


@dataclass(frozen=True)
class Cancel:
    """Sent to the worker: these runs are no longer wanted."""

    tickets: tuple[int, ...]


@dataclass(frozen=True)
class Share:
    """Sent to the worker: leave a core to the pages, or take them all again."""

    cores: bool


@dataclass(frozen=True)
class Retire:
    """Sent to the worker: nothing more will come; it ends when its runs have ended."""


@dataclass(frozen=True)
class Ready:
    """Sent once, when the engine is loaded and warm."""

    device: str
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Broken:
    """Sent instead of Ready when the engine cannot be loaded."""

    reason: str


@dataclass(frozen=True)
class Turning:
    """Sent before a stack is advanced: whose turn it is, and what the turn before has brought."""

    tickets: tuple[int, ...]
    epochs: int  # of the turn before, summed over its members
    stacks: tuple[Mapping[str, Any], ...]
