"""What a server and the processes that it started use, by what they are."""

from collections.abc import Callable

import psutil

MB = 1_000_000
KINDS = {"server": "server", "coordinator": "coordinator", "spawn_main": "worker", "plain_app": "server", "": "other"}


def memory(pid: int) -> dict[str, float]:
    """Resident megabytes."""
    return _by_kind(pid, lambda each: each.memory_info().rss / MB)


def cpu(pid: int) -> dict[str, float]:
    """Seconds spent on all cores so far."""
    return _by_kind(pid, lambda each: sum(each.cpu_times()[:2]))


def spent(pid: int, before: dict[str, float]) -> dict[str, float]:
    """Seconds spent on all cores since then."""
    return {kind: seconds - before.get(kind, 0.0) for kind, seconds in cpu(pid).items()}


def _by_kind(pid: int, read: Callable[[psutil.Process], float]) -> dict[str, float]:
    server = psutil.Process(pid)
    found: dict[str, float] = {}
    for process in (server, *server.children(recursive=True)):
        words = " ".join(process.cmdline())
        kind = KINDS[next(word for word in KINDS if word in words)]
        found[kind] = round(found.get(kind, 0.0) + read(process), 2)
    return found
