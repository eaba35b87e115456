"""Small records that look like real ones, and what is needed to put them into a store."""

import numpy as np

from regdash.codec import to_json
from regdash.experiment import Experiment
from regdash.record import History, RunRecord, pack
from regdash.settings import Settings
from regdash.store.jobs import JobStore, Result
from regdash.store.requests import RequestStore, Wanted

LIMITS = Settings()


def experiment(seed: int) -> Experiment:
    return Experiment().with_values({"training.seed": seed})


def record(seed: int, status: str = "finished") -> RunRecord:
    losses = np.array([3.0, 1.0, 2.0]) + seed
    weights = (np.eye(2), np.zeros(2))
    curves = History({"loss": losses - 0.5, "val_loss": losses, "l2_norm/all": losses})
    return RunRecord(experiment(seed), status, curves, weights, losses, losses)


def run_id(seed: int) -> str:
    return record(seed).id


def ask(database, session, *seeds, room="", limits=LIMITS):
    wanted = [Wanted(run_id(seed), to_json(experiment(seed)), 3, False) for seed in seeds]
    RequestStore(database).submit(session, wanted, limits, room)


def train(database, *seeds, status="finished"):
    """Let runs that wait be finished."""
    jobs = JobStore(database)
    claims = {claim.run_id: claim for claim in jobs.claim([run_id(seed) for seed in seeds], "me")}
    jobs.finish([Result(claims[run_id(s)], status, 3, pack(record(s))) for s in seeds if run_id(s) in claims])


def rows(database, *seeds):
    """Seed -> state, of those that the store knows."""
    found = RequestStore(database).rows([run_id(seed) for seed in seeds])
    return {seed: found[run_id(seed)].state for seed in seeds if run_id(seed) in found}
