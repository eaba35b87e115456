"""Searches whose trials are made of formulas: the same interface as `queue.searches`, no engine, no store."""

import time
from dataclasses import replace
from uuid import uuid4

from regdash.errors import InvalidExperiment, RegdashError
from regdash.intervals import Change, Summary
from regdash.jobs.searches import SearchSummary, SearchView
from regdash.search import Outcome, next_trials
from regdash.search.reveal import Optimism

CHANGE = Change(0.02, -0.01, 0.05, 3)
OPENED = Optimism(Summary(0.2, 0.01, 0.19, 0.21, 3), Summary(0.22, 0.01, 0.2, 0.24, 3), CHANGE, "It was 0.02 too good.")


class FormulaSearches:
    """Searches are done at once, or with `slow` take a step at each `advance`; `refusal` refuses all new ones.

    `record` makes the record of a run.
    """

    def __init__(self, record, slow=False):
        self.slow, self.refusal, self._record = slow, None, record
        self._rows = {}

    def begin(self, session, plan, race=""):
        if self.refusal is not None:
            raise self.refusal
        search = uuid4().hex
        self._rows[search] = {"session": session, "plan": plan, "race": race, "state": "running", "trials": []}
        self._rows[search] |= {"revealed": -1, "version": 0, "created": time.time()}
        while not self.slow and self.advance(search):
            pass
        return search

    def advance(self, search, told=None):
        """Tell open trials (at most so many), and propose new ones; False when that was all."""
        row = self._rows[search]
        plan, trials = row["plan"], row["trials"]
        row["version"] += 1
        if row["state"] == "running":
            trials += next_trials(plan, trials)
        waiting = [each for each in trials if not each.told][:told]
        for each in waiting:
            trials[each.number] = each.ended(self.outcome(plan, each))
        if row["state"] == "running" and all(each.told for each in trials) and not next_trials(plan, trials):
            row["state"] = "done"
        return row["state"] == "running"

    def view(self, search_id):
        row = self._rows.get(search_id)
        if row is None:
            return None
        plan, trials = row["plan"], tuple(row["trials"])
        told = sum(each.told for each in trials)
        optimism = OPENED if row["revealed"] >= 0 else None
        return SearchView(
            id=search_id, session=row["session"], plan=plan, state=row["state"], sentence="", trials=trials,
            spent=1.5, runs_done=told * plan.objective.runs, runs_total=plan.total * plan.objective.runs,
            share=told / max(1, plan.total), seconds_left=2.0 if row["state"] == "running" and told else None,
            trials_per_second=told / 1.5 if told else None, race=row["race"], revealed=row["revealed"],
            optimism=optimism, unopened="", created=row["created"], version=str(row["version"]),
        )  # fmt: skip

    def opened(self, sessions):
        return frozenset()

    def mine(self, sessions):
        found = [search for search, row in self._rows.items() if row["session"] in sessions]
        return [self._summary(search) for search in reversed(found)]

    def pause(self, session, search_id):
        self._change(session, search_id, "paused")

    def resume(self, session, search_id):
        self._change(session, search_id, "running")

    def cancel(self, session, search_id):
        self._change(session, search_id, "cancelled")

    def delete(self, session, search_id):
        self._own(session, search_id)
        del self._rows[search_id]

    def extend(self, session, search_id, trials):
        row = self._own(session, search_id)
        row["plan"], row["state"] = replace(row["plan"], trials=row["plan"].trials + trials), "running"
        while not self.slow and self.advance(search_id):
            pass

    def reveal(self, session, search_id, number):
        row = self._own(session, search_id)
        if row["revealed"] >= 0:
            raise RegdashError("The test part of this search has been opened already.")
        row["revealed"] = number
        row["version"] += 1

    def race(self, session, plans):
        race = uuid4().hex
        return [self.begin(session, plan, race) for plan in plans]

    def race_of(self, race_id):
        return [search for search, row in self._rows.items() if row["race"] == race_id]

    def _own(self, session, search_id):
        row = self._rows[search_id]
        if row["session"] != session:
            raise RegdashError("This search belongs to somebody else.")
        return row

    def _change(self, session, search_id, state):
        row = self._own(session, search_id)
        row["state"] = state
        row["version"] += 1

    def outcome(self, plan, trial):
        try:
            members = plan.members(trial.values, trial.epochs)
        except InvalidExperiment as error:
            return Outcome(problem=str(error))
        return plan.objective.outcome([self._record(member) for member in members])

    def _summary(self, search):
        return summary_of(self.view(search))


def summary_of(view):
    told = sum(each.told for each in view.trials)
    facts = {name: getattr(view, name) for name in ("id", "plan", "state", "sentence", "spent", "race", "created")}
    return SearchSummary(**facts, told=told, total=view.plan.total)
