"""Which waiting runs train next: fair between sessions, together where their shapes allow it."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from regdash.store.jobs import Waiting


@dataclass(frozen=True)
class Room:
    """How much may be taken on now."""

    runs: int  # of all sessions
    each: int  # in training of one session, while others train or wait
    stacks: int  # of different shapes in training
    alone: int = 0  # in training of a session that has nobody beside it, where that is more


def next_runs(
    waiting: Sequence[Waiting],
    key: Callable[[Waiting], Hashable],
    training: Mapping[str, int],
    live: Mapping[Hashable, int],
    room: Room,
) -> list[Waiting]:
    """The runs to take on now, from a queue in its fair order.

    The session with the fewest runs in training has the next turn. A shape that nothing in training has needs a free
    place for a stack. `training` counts the runs of each session, `live` those of each shape, that are in training.
    """
    mine = Counter(training)
    shapes = Counter(live)
    queues: dict[str, list[Waiting]] = {}
    for run in waiting:
        queues.setdefault(run.session, []).append(run)
    sessions = queues.keys() | {session for session, count in training.items() if count}
    most = room.each if len(sessions) > 1 else max(room.each, room.alone)
    for queue in queues.values():
        queue.reverse()  # the oldest is taken off the end
    chosen: list[Waiting] = []
    while queues and len(chosen) < room.runs:
        session = min(queues, key=lambda each: mine[each])  # of equals the one that comes first in the queue
        if mine[session] >= most:
            break  # so have all others
        run = queues[session].pop()
        if not queues[session]:
            del queues[session]
        shape = key(run)
        if not shapes[shape] and sum(count > 0 for count in shapes.values()) >= room.stacks:
            continue
        chosen.append(run)
        shapes[shape] += 1
        mine[session] += 1
    return chosen


def company(run: Waiting) -> str:
    """With whom alone a run may share a stack, so that one that kills its worker is found out and harms few.

    Nothing for one that has never lost its worker; an eighth of the others for one that was there once; itself for one
    that was there again.
    """
    if run.failures > 1:
        return run.run_id
    return f"suspects {int(run.run_id[:2], 16) % 8}" if run.failures else ""


def together(runs: Sequence[Waiting], key: Callable[[Waiting], Hashable]) -> list[list[Waiting]]:
    """The runs by their shape, in their first order."""
    groups: dict[Hashable, list[Waiting]] = {}
    for run in runs:
        groups.setdefault(key(run), []).append(run)
    return list(groups.values())
