"""What is tried next: a pure function of the plan and of the trials so far."""

from collections.abc import Sequence

from regdash.search.halving import Bracket, brackets, known, promoted
from regdash.search.plan import Plan
from regdash.search.trial import Trial, loss

STACK = 256  # runs that are under way at once
TIMED = 64  # of them when the time is limited, so that the last ones do not take long
BATCH = 8  # trials of a strategy that learns


def next_trials(plan: Plan, trials: Sequence[Trial]) -> list[Trial]:
    """The trials to begin now, given all so far in the order of their numbers; none while it has to wait, or is done.

    It depends on nothing else, so after any loss the same trials are proposed again.
    """
    for bracket in brackets(plan):
        inside = [each for each in trials if each.bracket == bracket.number]
        if new := _proposed(plan, trials, bracket, inside):
            return new
        if not all(each.told for each in inside):
            return []
        if further := promoted(plan, bracket, inside)[: _places(plan)]:
            return [
                Trial(len(trials) + k, each.values, epochs, each.rung + 1, bracket.number, each.origin)
                for k, (each, epochs) in enumerate(further)
            ]
    return []


def finished(plan: Plan, trials: Sequence[Trial]) -> bool:
    """Whether all trials have ended and none follows."""
    return all(each.told for each in trials) and not next_trials(plan, trials)


def _proposed(plan: Plan, trials: Sequence[Trial], bracket: Bracket, inside: Sequence[Trial]) -> list[Trial]:
    """New points of a bracket: none while its strategy has to wait, has no more, or there are enough."""
    missing = bracket.points - sum(not each.rung for each in inside)
    count = min(_room(plan, sum(not each.told for each in trials)), missing)
    if count <= 0:
        return []
    proposed = plan.proposer.propose(plan.space, known(plan, trials), count, plan.seed)
    numbers = range(len(trials), len(trials) + len(proposed))
    epochs, number = bracket.epochs[0], bracket.number
    return [
        Trial(each, values, epochs, bracket=number, origin=each) for each, values in zip(numbers, proposed, strict=True)
    ]


def _room(plan: Plan, waiting: int) -> int:
    """How many trials may be proposed while so many are waiting."""
    if plan.proposer.adaptive:
        return 0 if waiting else BATCH
    places = _places(plan)
    return places - waiting if waiting <= places // 2 else 0


def _places(plan: Plan) -> int:
    return max(1, (TIMED if plan.seconds else STACK) // plan.objective.runs)


__all__ = ["BATCH", "STACK", "finished", "loss", "next_trials"]
