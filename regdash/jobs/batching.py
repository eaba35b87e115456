"""Which waiting runs train next, and which of them together."""

from collections.abc import Callable, Hashable, Mapping, Sequence

from regdash.store.jobs import Waiting


def next_stack(
    waiting: Sequence[Waiting], key: Callable[[Waiting], Hashable], served: Mapping[str, float], most: int
) -> list[Waiting]:
    """The runs of the next stack, at most `most`, from a queue that is ordered oldest first.

    The session served longest ago has the first word; every run of any session with the same key as its oldest run
    comes along, one per session in turn. A run whose worker was lost trains alone, so that it can do no harm to others.
    """
    if not waiting:
        return []
    head = min(waiting, key=lambda run: served.get(run.session, 0.0))  # the oldest of that session: min takes the first
    if head.failures:
        return [head]
    shared = key(head)
    alike = [run for run in waiting if not run.failures and key(run) == shared]
    turns: dict[str, int] = {}
    ranks = []
    for run in alike:
        ranks.append((turns.setdefault(run.session, 0), run is not head))
        turns[run.session] += 1
    order = sorted(range(len(alike)), key=lambda i: (ranks[i], i))
    return [alike[i] for i in order[:most]]
