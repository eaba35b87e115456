"""A search from its first trial to its last, in one process; who trains is handed in."""

import time
from collections.abc import Callable, Sequence

from regdash.errors import InvalidExperiment
from regdash.experiment import Experiment
from regdash.record import RunRecord
from regdash.search.objective import Outcome
from regdash.search.plan import Plan
from regdash.search.result import SearchResult
from regdash.search.study import next_trials
from regdash.search.trial import Trial

Trainer = Callable[[list[Experiment]], Sequence[RunRecord]]


def conduct(
    plan: Plan,
    train: Trainer,
    on_trial: Callable[[Trial], object] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> SearchResult:
    """Try what the plan proposes until nothing follows, or its time is up; `train` gets all runs of a batch at once.

    No point is trained twice. `on_trial` is called with each trial when it has ended, in the order of the numbers.
    """
    trials: list[Trial] = []
    known: dict[tuple[str, int], Outcome] = {}
    began = clock()
    while not plan.seconds or clock() - began < plan.seconds:
        batch = next_trials(plan, trials)
        if not batch:
            break
        known |= _outcomes(plan, [each for each in batch if (each.point, each.epochs) not in known], train)
        for each in batch:
            trials.append(each.ended(known[each.point, each.epochs]))
            if on_trial is not None:
                on_trial(trials[-1])
    return SearchResult(plan, tuple(trials))


def _outcomes(plan: Plan, batch: Sequence[Trial], train: Trainer) -> dict[tuple[str, int], Outcome]:
    """What came of each point of a batch; one whose settings do not go together fails without being trained."""
    found: dict[tuple[str, int], Outcome] = {}
    members: dict[tuple[str, int], tuple[Experiment, ...]] = {}
    for each in batch:
        try:
            members[each.point, each.epochs] = plan.members(each.values, each.epochs)
        except InvalidExperiment as error:
            found[each.point, each.epochs] = Outcome(problem=next(iter(error.errors.values())))
    runs = list(dict.fromkeys(member for group in members.values() for member in group))
    records = dict(zip(runs, train(runs) if runs else (), strict=True))
    for key, group in members.items():
        found[key] = plan.objective.outcome([records[member] for member in group])
    return found
