"""Penalties that are too strong, or that something else undoes."""

import numpy as np
from numpy.typing import NDArray

from regdash.cautions.places import choice, held, hidden, joined, l1_strength, l2_strength, proximal_strength
from regdash.datasets import Samples, samples
from regdash.experiment import Experiment
from regdash.optimizers import SGD, Momentum
from regdash.regularizers import L1, L2, ActivityL1, ElasticNet, GradientClipping, GroupLasso, UnitNorm, WeightDecay


def l2_bound(experiment: Experiment) -> float:
    """The largest learning rate x 2 x l2 at which the penalty's own pull is stable; infinite for other optimizers.

    On l2 * w^2 alone: SGD w <- (1 - c) w needs c < 2; momentum m needs c < 2 (1 + m), and with Nesterov
    c < 2 (1 + m) / (1 + 2 m), where c = learning rate x 2 x l2. Those that scale the gradient bound their step.
    """
    optimizer = experiment.optimizer
    if isinstance(optimizer, Momentum):
        m = optimizer.momentum
        return 2 * (1 + m) / (1 + 2 * m) if optimizer.nesterov else 2 * (1 + m)
    return 2.0 if isinstance(optimizer, SGD) else float("inf")


def l1_that_kills(data: Samples) -> float:
    """The smallest l1 at which every weight of a linear network is exactly zero at the optimum.

    It is the largest |slope| of the data loss at w = 0 with the best bias: max |2/n X'(y - mean y)| for the squared
    error and max |1/n X'(Y - mean Y)| for cross-entropies, Y [N, O] the classes as 0 and 1.
    """
    return float(np.abs(_slopes(data)).max())


def group_that_kills(data: Samples) -> float:
    """The smallest group lasso strength that does the same: the greatest length of an input's slopes to all outputs."""
    return float(np.linalg.norm(_slopes(data), axis=1).max())


def l2_too_strong(experiment: Experiment) -> str:
    """Learning rate x 2 x l2 above `l2_bound`; clipped gradients and limited lengths cannot grow."""
    rate, strength, bound = experiment.optimizer.learning_rate, l2_strength(experiment), l2_bound(experiment)
    pull = rate * 2 * strength
    if pull <= bound or held(experiment) or experiment.regularizer(GradientClipping).active:
        return ""
    return (
        f"Learning rate × 2 × L2 strength = {rate:g} × 2 × {strength:g} = {pull:.3g} is above {bound:.3g}: every step "
        f"overshoots zero by more than it corrects, and the weights grow without end. "
        f"Take an L2 strength below {bound / 2 / rate:.2g}{_in_all(experiment, L2)} or a smaller learning rate."
    )


def l1_kills(experiment: Experiment) -> str:
    """l1 >= `l1_that_kills` on a linear network, l1 >= 0.1 (measured) on one with hidden layers."""
    strength = l1_strength(experiment)
    if not strength or experiment.regularizer(UnitNorm).active:
        return ""
    if hidden(experiment):
        if strength < 0.1:
            return ""
        return (
            f"An L1 strength of {strength:g}{_in_all(experiment, L1)} drives every weight of a network with hidden "
            "layers to zero, so that it answers the same for every row. Try 0.01 or less."
        )
    return _linear_killed("an L1 strength", strength, l1_that_kills(samples(experiment.data, experiment.split)))


def groups_killed(experiment: Experiment) -> str:
    """Group lasso >= `group_that_kills` on a linear network, >= 0.1 (measured) on one with hidden layers."""
    strength = experiment.regularizer(GroupLasso).strength
    if not strength or experiment.regularizer(UnitNorm).active:
        return ""
    if hidden(experiment):
        if strength < 0.1:
            return ""
        return (
            f"A group lasso strength of {strength:g} drives all weights of a network with hidden layers to zero, so "
            "that it answers the same for every row. Try 0.01 or less."
        )
    most = group_that_kills(samples(experiment.data, experiment.split))
    return _linear_killed("a group lasso strength", strength, most)


def l2_flattens(experiment: Experiment) -> str:
    """l2 >= 0.3 (measured) on a network with hidden layers."""
    strength = l2_strength(experiment)
    unit = experiment.regularizer(UnitNorm).active
    if strength < 0.3 or unit or not hidden(experiment) or l2_too_strong(experiment):
        return ""
    return (
        f"An L2 strength of {strength:g}{_in_all(experiment, L2)} flattens a network with hidden layers until it "
        "answers nearly the same for every row. Try 0.01 or less."
    )


def activations_silenced(experiment: Experiment) -> str:
    """Activity L1 >= 0.15 on a network with hidden layers (measured: 8 of 8 seeds; at 0.1 it is 4 of 8)."""
    strength = experiment.regularizer(ActivityL1).strength
    if strength < 0.15 or not hidden(experiment):
        return ""
    return (
        f"An activity L1 of {strength:g} silences all hidden units, so that the network answers the same for every "
        "row. Try 0.01 or less."
    )


def undone_by_unit_norm(experiment: Experiment) -> str:
    """Unit norm sets the sum of w^2 to 1 for every unit after each step: what acts on this length alone is undone."""
    names = [
        name
        for name, active in (
            ("L2", experiment.regularizer(L2).active),
            ("the elastic net's share of L2", experiment.regularizer(ElasticNet).l2 > 0),
            ("weight decay", experiment.regularizer(WeightDecay).active),
            ("max-norm", "max_norm" in {r.name for r in experiment.regularizers}),
        )
        if active
    ]
    if not names or not experiment.regularizer(UnitNorm).active:
        return ""
    does = "does" if len(names) == 1 else "do"
    return (
        f"Unit norm sets Σw² to 1 for every unit after each step, so {joined(names)} {does} next to nothing for the "
        "kernels. Switch unit norm off to see what they do."
    )


def undone_by_batch_normalization(experiment: Experiment) -> str:
    """norm(x (c W)) = norm(x W) for every c > 0: a shorter W changes no answer, and its steps turn it further.

    Source: van Laarhoven, L2 regularization versus batch and weight normalization, arXiv 1706.05350.
    """
    kinds = (L1, L2, ElasticNet, GroupLasso, WeightDecay)
    names = [kind.label for kind in kinds if experiment.regularizer(kind).active]
    if choice(experiment, "normalization") != "batch" or not hidden(experiment) or not names:
        return ""
    acts = "acts" if len(names) == 1 else "act"
    return (
        "Batch normalisation makes up for the length of the kernels before it: at half the length they answer the "
        f"same, and each step turns them further (fourfold under SGD, twofold under Adam). There {joined(names)} "
        f"{acts} like a larger learning rate; only the output layer is limited. Compare with normalisation off."
    )


def _linear_killed(what: str, strength: float, most: float) -> str:
    if strength < most:
        return ""
    return (
        f"From {what} of {most:.2g} on, the best linear network on these rows has no weight left; "
        f"{strength:g} is at or above that. Try {most / 10:.1g}."
    )


def _slopes(data: Samples) -> NDArray[np.floating]:
    """The derivative of the data loss by the weights [F, O] where these are 0 and the bias is the best, negated."""
    y = data.train.y[:, None]
    if data.task == "multiclass":
        y = y == np.arange(data.outputs)
    slopes: NDArray[np.floating] = data.train.x.T @ (y - y.mean(axis=0)) / len(data.train)
    return (2 if data.task == "regression" else 1) * slopes


def _in_all(experiment: Experiment, kind: type[L1] | type[L2]) -> str:
    """A note of what else is in the strength."""
    net = experiment.regularizer(ElasticNet)
    names = ["elastic net"] if (net.l1 if kind is L1 else net.l2) else []
    if kind is L1 and proximal_strength(experiment):
        names.append("proximal step")
    return f" ({joined(names)} included)" if names else ""
