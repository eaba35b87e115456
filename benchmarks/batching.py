"""How a class is served best when its runs arrive one by one: by joining live stacks, or by stacks of their own.

So many members of the default experiment, each on other slider positions, arrive within two seconds. Policies:

    joining   newcomers join the live stack at its next turn (what the crew does)
    waiting   newcomers wait for the end of the running stack, then begin the next one together
    apart     newcomers begin a stack of their own at once; the stacks take turns, the least served one first
    half      newcomers join a stack with more than half of its epochs to go, else they wait for its end

    python -m benchmarks.batching [--json] [--members 100] [--within 2] [--heavy 30] [--runs 3] [--cpu]

With --heavy a run of another signature, which takes about so many seconds by itself, is in training when the class
begins. With --cpu the time is that of the processor on one core, for machines that have other work as well.
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks import printed
from regdash.api import L2, MLP, Dropout, Experiment, Training

HEAVY = 10**6  # the ticket of the heavy run
FAIR_TURN = 4


class Clock:
    """Seconds since it was made, of the wall or of the processor; waiting costs the processor nothing."""

    def __init__(self, cpu: bool) -> None:
        self._read = time.process_time if cpu else time.perf_counter
        self._began = self._read()
        self._cpu = cpu

    def __call__(self) -> float:
        return self._read() - self._began

    def wait_until(self, moment: float) -> None:
        ahead = max(0.0, moment - self())
        if self._cpu:
            self._began -= ahead
        else:
            time.sleep(ahead)


def pupils(count: int) -> list[Experiment]:
    """The default experiment on other slider positions: seed, dropout and L2 differ."""
    chance = np.random.default_rng(0)
    return [
        Experiment(
            regularizers=(Dropout(round(float(chance.uniform(0, 0.5)), 2)), L2(float(10 ** chance.uniform(-4, -2)))),
            training=Training(seed=seed),
        )
        for seed in range(count)
    ]


class Policy:
    """Hands newcomers to crews and lets these take turns."""

    def __init__(self, name: str, members: Sequence[Any], crew: Callable[[], Any]) -> None:
        self.name = name
        self.members = members
        self.crews = [crew()]
        self._crew = crew
        self._held: list[Any] = []
        self._attained = [0.0]
        self._waited = [0]
        self._turns = 0

    @property
    def busy(self) -> bool:
        return bool(self._held) or any(crew.tickets for crew in self.crews)

    def arrive(self, newcomers: Sequence[Any]) -> None:
        """Take newcomers on; some policies hold them back."""
        self._held += newcomers
        epochs_left = max((view.epochs_left for view in self._class()), default=0)
        most = self.members[0].experiment.training.epochs
        hold = {"waiting": epochs_left > 0, "half": 0 < epochs_left <= most / 2}.get(self.name, False)
        if hold or not self._held:
            return
        if self.name == "apart":
            self.crews.append(self._crew())
            self._attained.append(0.0)
            self._waited.append(self._turns)
        self.crews[-1].add(self._held)
        self._held = []

    def _class(self) -> list[Any]:
        """The live stacks of the class."""
        first = self.members[0].experiment
        mine = ", ".join(part.label for part in (first.data, first.network, first.optimizer))
        return [view for crew in self.crews for view in crew.stacks() if view.label == mine]

    def turn(self) -> Any:
        """One turn of the crew that was served least, every fourth time of the one that has waited longest."""
        live = [place for place, crew in enumerate(self.crews) if crew.tickets]
        fair = self._turns % FAIR_TURN == FAIR_TURN - 1
        place = min(live, key=lambda k: self._waited[k] if fair else (self._attained[k], self._waited[k]))
        self._turns += 1
        self._waited[place] = self._turns
        found = self.crews[place].turn()
        self._attained[place] += found.seconds
        return found


def served(name: str, members: Sequence[Any], within: float, heavy: Any, cpu: bool) -> dict[str, float]:
    """Let the class arrive and be served by a policy: seconds from arrival to the first curve and to the end."""
    from regdash.training.crew import Crew

    clock = Clock(cpu)
    policy = Policy(name, members, lambda: Crew(max_seconds=1e9, clock=clock))
    if heavy is not None:
        policy.crews[0].add([heavy])
        for _ in range(5):
            policy.turn()
    began = clock()
    arrives = {m.ticket: began + within * k / len(members) for k, m in enumerate(members)}
    seen: dict[int, float] = {}
    ended: dict[int, float] = {}
    coming = list(members)
    while len(ended) < len(members):
        due = [m for m in coming if arrives[m.ticket] <= clock()]
        coming = coming[len(due) :]
        policy.arrive(due)
        if not policy.busy:
            clock.wait_until(arrives[coming[0].ticket])
            continue
        turn = policy.turn()
        now = clock()
        for ticket in (*turn.progress, *turn.ended):
            seen.setdefault(ticket, now)
        ended |= {ticket: now for ticket in turn.ended if ticket != HEAVY}
    took = np.array([ended[ticket] - arrives[ticket] for ticket in ended])
    first = np.array([seen[ticket] - arrives[ticket] for ticket in ended])
    return {
        "p50_finished_s": float(np.percentile(took, 50)),
        "p95_finished_s": float(np.percentile(took, 95)),
        "p95_first_curve_s": float(np.percentile(first, 95)),
        "total_s": max(ended.values()) - began,
    }


def heavy_run(seconds: float, cpu: bool) -> Any:
    """A run of another signature that takes about so many seconds by itself."""
    from regdash.training.crew import Crew, Member

    wide = Experiment(network=MLP(widths=(256, 256)), training=Training(epochs=2_000, batch_size=16))
    crew, clock = Crew(max_seconds=1e9), Clock(cpu)
    crew.add([Member(HEAVY, wide)])
    crew.turn()
    before, began = crew.stacks()[0].epochs_left, clock()
    while clock() - began < 1.0:
        crew.turn()
    pace = (before - crew.stacks()[0].epochs_left) / (clock() - began)
    return Member(HEAVY, wide.with_values({"training.epochs": int(np.clip(pace * seconds, 10, 2_000))}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="end with one flat JSON object")
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3, help="runs of which the quickest counts")
    parser.add_argument("--within", type=float, default=2.0, help="seconds within which they arrive")
    parser.add_argument("--heavy", type=float, default=0.0, help="seconds of a heavy run beside the class")
    parser.add_argument("--only", default="joining,waiting,apart,half", help="some of the policies")
    parser.add_argument("--unprobed", action="store_true", help="no decision boundary is recorded on the way")
    parser.add_argument("--cpu", action="store_true", help="time of the processor, on one core")
    options = parser.parse_args()
    if options.cpu:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    from regdash.training.backend import device
    from regdash.training.crew import Member
    from regdash.training.warm import warm_up

    members = [Member(k, e, not options.unprobed) for k, e in enumerate(pupils(options.members))]
    warm_up()
    served("joining", members[:8], 0.1, None, options.cpu)  # the speed of an epoch becomes known
    heavy = heavy_run(options.heavy, options.cpu) if options.heavy else None
    policies = options.only.split(",")
    found: dict[str, list[dict[str, float]]] = {policy: [] for policy in policies}
    for policy in policies * options.runs:  # in turn, as other work on the machine comes and goes
        found[policy].append(served(policy, members, options.within, heavy, options.cpu))
    best = {policy: min(runs, key=lambda run: run["total_s"]) for policy, runs in found.items()}
    figures: dict[str, Any] = {f"{p}_{name}": value for p, run in best.items() for name, value in run.items()}
    printed(figures | {"members": options.members, "device": device()}, options.json)


if __name__ == "__main__":
    main()
