"""A search driven step by step: a real store and a real searcher, runs trained by arithmetic, a clock set by hand."""

import math

import numpy as np

from regdash.codec import from_json
from regdash.experiment import Experiment
from regdash.jobs.searcher import Searcher
from regdash.record import History, RunRecord, pack
from regdash.search import Choice, Objective, Plan, Range, Space, plan_to_json
from regdash.settings import Settings
from regdash.store.jobs import JobStore, Result
from regdash.store.searches import SearchStore

ANN = "a-" + "1" * 32
BOB = "a-" + "2" * 32
LIMITS = Settings(max_searches=20)

BASE = Experiment().with_values({"training.epochs": 3})
L2 = Range("l2.l2", 1e-5, 1e-1, log=True, steps=3)
DROPOUT = Range("dropout.rate", 0.0, 0.8, steps=2)
RATE = Choice("optimizer.learning_rate", (0.01, 5.0))  # the larger one diverges


def plan(strategy="grid", dimensions=(L2, DROPOUT), seeds=1, **more) -> Plan:
    return Plan(Space(BASE, dimensions), strategy, objective=Objective(seeds=seeds), **more)


def bowl(experiment) -> float:
    """The validation loss of a run: lowest at dropout 0.3 and l2 1e-3, a little higher for each further seed."""
    value = experiment.values
    depth = (math.log10(value["l2.l2"]) + 3) ** 2 if value["l2.l2"] else 9.0
    return 0.1 + depth + (value["dropout.rate"] - 0.3) ** 2 + 0.01 * (value["training.seed"] - BASE.training.seed)


def trained(experiment) -> RunRecord:
    """Its record after three epochs, the second of which is the best."""
    lowest, outputs = bowl(experiment), np.zeros((3, 1), np.float32)
    curves = {"loss": [1.0, 0.5, 0.25], "val_loss": [lowest + 2, lowest, lowest + 1]}
    curves |= {"l2_norm/all": [1.0, 2.0, 3.0], "near_zero/all": [0.0, 0.1, 0.2]}
    history = History({name: np.array(values) for name, values in curves.items()})
    status = "diverged at epoch 2" if experiment.values["optimizer.learning_rate"] > 1 else "finished"
    return RunRecord(experiment, status, history, (np.eye(2), np.zeros(2)), outputs, outputs)


class Rig:
    """A coordinator without processes."""

    def __init__(self, database, owner="one", settings=LIMITS):
        self.database, self.owner, self.now = database, owner, 0.0
        self.store, self.jobs = SearchStore(database), JobStore(database)
        self.searcher = Searcher(database, owner, settings, lambda: self.now, moment=60.0)

    def begin(self, *plans, session=ANN):
        return self.store.begin(session, [plan_to_json(each) for each in plans], LIMITS)

    def turn(self, times=1, seconds=0.0, at_work=True, **told):
        """Turns of the coordinator, so many seconds apart, in which it hears that something has happened."""
        for _ in range(times):
            self.now += seconds
            self.searcher.turn(**{"news": True, "ended": True} | told, at_work=at_work)

    def train(self, most=1_000, fail=""):
        """End waiting runs, with a record or with an error; returns how many."""
        waiting = self.jobs.waiting()[:most]
        experiments = {run.run_id: from_json(run.experiment) for run in waiting}
        claims = self.jobs.claim(list(experiments), self.owner)
        if fail:
            self.jobs.fail(claims, fail)
        else:
            records = [trained(experiments[claim.run_id]) for claim in claims]
            pairs = zip(claims, records, strict=True)
            self.jobs.finish([Result(claim, record.status, 3, pack(record)) for claim, record in pairs])
        return len(claims)

    def finish(self, search, most=1_000, steps=400):
        """Train and turn until a search has ended."""
        for _ in range(steps):
            if self.row(search).state not in ("running", "paused"):
                return
            self.turn()
            self.train(most)
        raise AssertionError("it did not end")

    def row(self, search):
        return self.store.get(search)

    def trials(self, search):
        return self.store.trials(search)

    def values(self, search):
        return [dict(each.values) for each in self.trials(search)]
