"""The optimizers and learning-rate schedules; the order of the tuples is the order of the menus."""

from regdash.optimizers.adam import Adam
from regdash.optimizers.base import Optimizer, Schedule, numbers
from regdash.optimizers.constant import Constant
from regdash.optimizers.exponential import Exponential
from regdash.optimizers.momentum import Momentum
from regdash.optimizers.rmsprop import RMSprop
from regdash.optimizers.sgd import SGD

OPTIMIZERS: tuple[type[Optimizer], ...] = (Adam, SGD, Momentum, RMSprop)
SCHEDULES: tuple[type[Schedule], ...] = (Constant, Exponential)

__all__ = [
    "OPTIMIZERS",
    "SCHEDULES",
    "SGD",
    "Adam",
    "Constant",
    "Exponential",
    "Momentum",
    "Optimizer",
    "RMSprop",
    "Schedule",
    "numbers",
]
