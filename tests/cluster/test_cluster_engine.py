"""The real engine in a real cluster."""

import numpy as np
from hearing import order

from regdash.jobs.worker import load_keras
from regdash.jobs.workers import Ended
from regdash.record import unpack


def test_a_cluster_trains_what_it_is_given_with_the_real_engine(own, hire, monkeypatch):
    monkeypatch.setenv("REGDASH_WARM_UP", "0")
    own.worker(threads=4)
    heard = hire(own, load=load_keras)
    heard.until(lambda: heard.workers.room, 60)
    heard.workers.train([order(1, 60), order(2, 60, **{"dropout.rate": 0.5})])
    heard.until(lambda: heard.ended(1, 2), 60)
    records = [unpack(end.data) for end in sorted(heard.of(Ended), key=lambda end: end.ticket)]
    assert [record.status for record in records] == ["finished", "finished"]
    overfitted, cured = (
        record.history["val_loss"] / np.minimum.accumulate(record.history["val_loss"]) for record in records
    )
    assert overfitted[-1] > cured[-1]  # dropout keeps the validation loss nearer to its best
