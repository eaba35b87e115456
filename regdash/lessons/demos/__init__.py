"""Demonstrations: small programs of tutorials that are run as they are printed, on the spot."""

from regdash.lessons.demos.adagrad_and_rmsprop import ADAGRAD_AND_RMSPROP
from regdash.lessons.demos.base import Demo, Output
from regdash.lessons.demos.best_of_many import BEST_OF_MANY
from regdash.lessons.demos.dropout_rate_rule import DROPOUT_RATE_RULE
from regdash.lessons.demos.dropped_unit import DROPPED_UNIT
from regdash.lessons.demos.epsilon_no_penalty import EPSILON_NO_PENALTY
from regdash.lessons.demos.l2_gradient_by_sign import L2_GRADIENT_BY_SIGN
from regdash.lessons.demos.mae_and_mse import MAE_AND_MSE
from regdash.lessons.demos.no_such_class import NO_SUCH_CLASS
from regdash.lessons.demos.nothing_to_learn import NOTHING_TO_LEARN
from regdash.lessons.demos.penalty_on_predictions import PENALTY_ON_PREDICTIONS
from regdash.lessons.demos.printed_code import PRINTED_CODE
from regdash.lessons.demos.same_alpha import SAME_ALPHA
from regdash.lessons.demos.scored_on_seen_rows import SCORED_ON_SEEN_ROWS
from regdash.lessons.demos.searched_tutorials import LBFGS_HAS_NO_L1, RANDOM_OVER_LISTS
from regdash.lessons.demos.smaller_not_smoother import SMALLER_NOT_SMOOTHER
from regdash.lessons.demos.tuned_on_training import TUNED_ON_TRAINING
from regdash.lessons.demos.window_batches import WINDOW_BATCHES

DEMOS: tuple[Demo, ...] = (
    PENALTY_ON_PREDICTIONS,
    L2_GRADIENT_BY_SIGN,
    SAME_ALPHA,
    SMALLER_NOT_SMOOTHER,
    DROPPED_UNIT,
    DROPOUT_RATE_RULE,
    EPSILON_NO_PENALTY,
    WINDOW_BATCHES,
    ADAGRAD_AND_RMSPROP,
    NOTHING_TO_LEARN,
    SCORED_ON_SEEN_ROWS,
    TUNED_ON_TRAINING,
    LBFGS_HAS_NO_L1,
    RANDOM_OVER_LISTS,
    NO_SUCH_CLASS,
    BEST_OF_MANY,
    MAE_AND_MSE,
    PRINTED_CODE,
)
"""Every demonstration; a new one is one file and one line."""

__all__ = ["DEMOS", "Demo", "Output"]
