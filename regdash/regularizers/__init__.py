"""The regularisers; the order of REGULARIZERS is the order of the menu."""

from regdash.regularizers.base import Penalty, Regularizer
from regdash.regularizers.dropout import Dropout
from regdash.regularizers.early_stopping import EarlyStopping
from regdash.regularizers.input_dropout import InputDropout
from regdash.regularizers.l1 import L1
from regdash.regularizers.l2 import L2
from regdash.regularizers.weight_decay import WeightDecay

REGULARIZERS: tuple[type[Regularizer], ...] = (Dropout, L1, L2, InputDropout, WeightDecay, EarlyStopping)

__all__ = [
    "L1",
    "L2",
    "REGULARIZERS",
    "Dropout",
    "EarlyStopping",
    "InputDropout",
    "Penalty",
    "Regularizer",
    "WeightDecay",
]
