"""The optimizers and learning-rate schedules; the order of the tuples is the order of the menus."""

from regdash.optimizers.adadelta import Adadelta
from regdash.optimizers.adagrad import Adagrad
from regdash.optimizers.adam import Adam
from regdash.optimizers.adamw import AdamW
from regdash.optimizers.amsgrad import AMSGrad
from regdash.optimizers.base import Optimizer, Schedule, learning_rates, numbers
from regdash.optimizers.constant import Constant
from regdash.optimizers.cosine import Cosine
from regdash.optimizers.exponential import Exponential
from regdash.optimizers.inverse_time import InverseTime
from regdash.optimizers.linear_decay import LinearDecay
from regdash.optimizers.lion import Lion
from regdash.optimizers.momentum import Momentum
from regdash.optimizers.nadam import Nadam
from regdash.optimizers.reduce_on_plateau import ReduceOnPlateau
from regdash.optimizers.rmsprop import RMSprop
from regdash.optimizers.sgd import SGD
from regdash.optimizers.step_decay import Step

OPTIMIZERS: tuple[type[Optimizer], ...] = (
    Adam,
    SGD,
    Momentum,
    RMSprop,
    AdamW,
    AMSGrad,
    Nadam,
    Adagrad,
    Adadelta,
    Lion,
)
SCHEDULES: tuple[type[Schedule], ...] = (
    Constant,
    Exponential,
    LinearDecay,
    Cosine,
    Step,
    InverseTime,
    ReduceOnPlateau,
)

__all__ = [
    "OPTIMIZERS",
    "SCHEDULES",
    "SGD",
    "AMSGrad",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Constant",
    "Cosine",
    "Exponential",
    "InverseTime",
    "LinearDecay",
    "Lion",
    "Momentum",
    "Nadam",
    "Optimizer",
    "RMSprop",
    "ReduceOnPlateau",
    "Schedule",
    "Step",
    "learning_rates",
    "numbers",
]
