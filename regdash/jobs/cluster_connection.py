"""One connection to a Dask scheduler."""

import asyncio
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from regdash.jobs.bench import Facts


@dataclass
class Connection:
    """One connected client and what goes on through it; nothing of it outlives the connection."""

    client: Any  # whose methods have no types
    topic: str = field(default_factory=lambda: f"regdash-{secrets.token_hex(8)}")
    scheduler: str = ""  # its own id: another one has taken its place when this changes
    lost: bool = False
    tasks: dict[str, tuple[Any, str]] = field(default_factory=dict)  # key -> task, address
    facts: dict[str, Facts] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)  # workers that are telling their facts
    fetching: dict[str, bool] = field(default_factory=dict)  # address -> whether there is more
    errands: set[asyncio.Task[None]] = field(default_factory=set)
    look: asyncio.Event = field(default_factory=asyncio.Event)

    def run(self, errand: Coroutine[Any, Any, None]) -> None:
        """Do something beside everything else."""
        task = asyncio.create_task(errand)
        self.errands.add(task)
        task.add_done_callback(self.errands.discard)
