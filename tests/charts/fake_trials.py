"""Plans and trials made by hand: scores that a test chooses, without any training."""

import numpy as np

from regdash.datasets import Diabetes
from regdash.experiment import Experiment
from regdash.networks import Linear
from regdash.search import Choice, Objective, Outcome, Plan, Range, Space, Trial

DROPOUT = Range("dropout.rate", 0.0, 0.8)
STRENGTH = Range("l2.l2", 1e-4, 1e-1, log=True, off=True, steps=4)
ACTIVATION = Choice("network.activation", ("relu", "tanh"))
LINEAR = Experiment(data=Diabetes(), network=Linear())


def plan_of(*dimensions, base=None, metric="val_loss", **facts):
    """A plan over some dimensions."""
    return Plan(
        Space(base or Experiment(), dimensions), **({"strategy": "random"} | facts), objective=Objective(metric)
    )


def outcome(*scores, coefficients=(), **figures):
    """What runs with these scores have come to."""
    runs = len(scores)
    usual = {"loss": 0.5, "val_loss": 0.6, "norm": 2.0, "near_zero": 0.1, "epoch": 9.0, "seconds": 0.25}
    shared = {name: (value,) * runs for name, value in usual.items()}
    return Outcome(scores, shared | {"val_loss": scores} | figures, coefficients)


FAILED = Outcome(problem="the run diverged at epoch 3; try a smaller learning rate or strength")


def tried(points, **facts):
    """Trials from (values, scores) in this order; scores None means that it failed."""
    return [
        Trial(number, values, origin=number, outcome=FAILED if scores is None else outcome(*np.atleast_1d(scores)))
        for number, (values, scores) in enumerate(points)
    ]


def scattered(plan, count, seed=0, failing=7):
    """Trials at random places of a plan's space; one of `failing` has failed."""
    rng = np.random.default_rng(seed)
    places = rng.random((count, len(plan.space.dimensions)))
    points = [(plan.space.at(row), None if k % failing == 3 else 0.2 + row.sum()) for k, row in enumerate(places)]
    return tried(points)


def named(drawing, uid):
    """The trace with this uid, as plain values."""
    return next(trace for trace in drawing.traces if trace["uid"] == uid)
