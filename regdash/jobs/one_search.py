"""A search as the coordinator that carries it on has it in memory: nothing in it but what the store holds as well."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from regdash.codec import to_json
from regdash.errors import InvalidExperiment, RegdashError
from regdash.experiment import Experiment
from regdash.jobs.limits import limit_problem
from regdash.record import RunRecord, unpack
from regdash.repeats import setting_key
from regdash.search import Outcome, Plan, Trial, next_trials
from regdash.settings import Settings
from regdash.store.requests import Wanted
from regdash.store.searches import SearchRow

HOPELESS = 25  # failed trials without a single success, after which a search that is no grid gives up

Proposal = tuple[Trial, tuple[Wanted, ...]]
"""A new trial with its runs."""


@dataclass
class OneSearch:
    """Its row, its plan, and its trials in the order of their numbers."""

    row: SearchRow
    plan: Plan
    trials: list[Trial]
    members: dict[int, tuple[Wanted, ...]] = field(default_factory=dict)  # the runs of open trials
    unsaved: float = 0.0  # seconds of running that the store does not know of yet
    fresh: bool = True  # its open runs have not been looked at since they were asked for
    ripe: bool = True  # something new may be proposed

    @property
    def open(self) -> list[Trial]:
        """The trials whose runs have not all ended."""
        return [each for each in self.trials if not each.told]

    @property
    def settled(self) -> int:
        """How many trials, from the first one on, will never change."""
        return next((each.number for each in self.trials if not each.told), len(self.trials))

    @property
    def late(self) -> bool:
        """Whether its time is up."""
        return 0 < self.plan.seconds <= self.row.spent + self.unsaved

    def runs(self, trial: Trial) -> tuple[Wanted, ...]:
        """The runs of an open trial."""
        if trial.number not in self.members:
            self.members[trial.number] = wanted(self.plan, self.plan.experiment(trial.values, trial.epochs))
        return self.members[trial.number]

    def told(self, outcomes: Mapping[int, Outcome]) -> None:
        """Note that trials have ended."""
        for number, outcome in outcomes.items():
            self.trials[number] = self.trials[number].ended(outcome)
            self.members.pop(number, None)
        self.ripe = True

    def proposed(self, proposed: Sequence[Proposal]) -> None:
        """Note that there are more trials."""
        self.trials += [trial for trial, _ in proposed]
        self.members |= {trial.number: runs for trial, runs in proposed if not trial.told}
        self.fresh, self.ripe = True, any(trial.told for trial, _ in proposed)

    def reload(self, row: SearchRow, trials: Sequence[Trial]) -> None:
        """Note what somebody else has changed: the row, and all trials but those that never change."""
        self.row, self.trials[self.settled :] = row, trials
        self.fresh = self.ripe = True

    @property
    def hopeless(self) -> bool:
        """Whether so many trials have failed that no other end is to be expected; a grid may become better later."""
        told = [each for each in self.trials if each.told]
        return len(told) >= HOPELESS and self.plan.strategy != "grid" and not any(map(_succeeded, told))

    def end(self) -> tuple[str, str]:
        """The state in which it ends, and the sentence that people have to be told."""
        problems = [each.outcome.problem for each in self.trials if each.outcome and each.outcome.problem]
        if problems and len(problems) == len(self.trials):
            return "failed", _failure(problems)
        if self.late:
            time = f"The time of {self.plan.seconds:,.0f} s was up after {len(self.trials):,} trials."
            return "done", time if self.trials else f"{time} Give it more time."
        return "done", ""


def wanted(plan: Plan, experiment: Experiment) -> tuple[Wanted, ...]:
    """The runs of a trial with these settings."""
    setting = plan.objective.setting(experiment)
    pairs = zip(setting.ids, setting.members, strict=True)
    return tuple(
        Wanted(run_id, to_json(each), each.training.epochs, False, setting_key(each)) for run_id, each in pairs
    )


def proposals(plan: Plan, trials: Sequence[Trial], limits: Settings) -> list[Proposal]:
    """What is tried next; those that cannot be trained have ended already, with the reason."""
    return [_checked(plan, trial, limits) for trial in next_trials(plan, trials)]


def outcome(plan: Plan, ends: Sequence[tuple[str, str]], records: Sequence[bytes]) -> Outcome:
    """What came of a trial whose runs have ended, from their states with their errors, and their packed records."""
    failed = next((error for state, error in ends if state == "failed"), "")
    if failed:
        return Outcome(problem=failed)
    try:
        read: list[RunRecord] = [unpack(data) for data in records]
    except RegdashError as error:
        return Outcome(problem=str(error))
    return plan.objective.outcome(read)


def _checked(plan: Plan, trial: Trial, limits: Settings) -> Proposal:
    try:
        experiment = plan.experiment(trial.values, trial.epochs)
        problem = limit_problem(experiment, limits)
        if not problem:
            return trial, wanted(plan, experiment)
    except InvalidExperiment as error:
        problem = next(iter(error.errors.values()))
    return trial.ended(Outcome(problem=problem)), ()


def _succeeded(trial: Trial) -> bool:
    return math.isfinite(trial.score)


def _failure(problems: Sequence[str]) -> str:
    """One sentence for a search without a single success."""
    many = f"Every one of the {len(problems):,} trials" if len(problems) > 1 else "The only trial"
    if all("diverged" in problem for problem in problems):
        return f"{many} diverged; try a smaller learning rate or smaller strengths."
    return f"{many} failed, the last one because: {problems[-1].rstrip('.')}."
