"""What the coordinator knows of those who train: what it gives them, what it hears from them, nothing else."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Order:
    """A run to be trained, under a number of this coordinator's own."""

    ticket: int
    experiment: str  # canonical JSON
    probed: bool = False
    company: str = ""  # it shares a stack only with runs of the same company
    quiet: bool = False  # nobody looks at its curve while it trains: only how far it is, is told


@dataclass(frozen=True)
class Began:
    """The first segment of these runs begins."""

    tickets: tuple[int, ...]


@dataclass(frozen=True)
class Progressed:
    """How far runs are: ticket -> (epochs done, packed curves, or nothing of a quiet one)."""

    members: Mapping[int, tuple[int, bytes]]


@dataclass(frozen=True)
class Ended:
    """A run has ended, with its packed record."""

    ticket: int
    status: str
    epochs_done: int
    data: bytes


@dataclass(frozen=True)
class Failed:
    """Runs that an error of the engine has ended."""

    tickets: tuple[int, ...]
    sentence: str


@dataclass(frozen=True)
class Lost:
    """A worker has died: while it trained the `suspects`, and with the `others` in its hands."""

    suspects: tuple[int, ...]
    others: tuple[int, ...]


Event = Began | Progressed | Ended | Failed | Lost


@dataclass(frozen=True)
class Condition:
    """How the workers are, for people and for operators."""

    state: str  # starting, ready or down
    sentence: str
    device: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    workers: tuple[Mapping[str, Any], ...] = ()  # device, pid, memory_mb, state
    stacks: tuple[Mapping[str, Any], ...] = ()  # label, members, epochs_left


class Workers(Protocol):
    """Whoever trains: processes of this machine, or a cluster."""

    @property
    def room(self) -> int:
        """How many more runs they take now; 0 while they are not ready."""

    def train(self, orders: Sequence[Order]) -> None:
        """Train runs that have one shape."""

    def cancel(self, tickets: Collection[int]) -> None:
        """End runs at their next segment; they come back as ended."""

    def share(self, cores: bool) -> None:
        """Leave a core to the pages, because many look at them, or take them all again."""

    def events(self) -> list[Event]:
        """What has happened since the last call; never waits. A ticket ends once: ended, failed or lost."""

    def waitables(self) -> list[Any]:
        """What to wait on for the next event, beside the clock."""

    def epochs(self) -> int:
        """Epochs trained since the last call, summed over runs."""

    def condition(self) -> Condition:
        """How they are."""

    def close(self) -> None:
        """End all work at once; what is under way is forgotten."""
