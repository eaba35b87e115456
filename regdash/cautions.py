"""Settings that are known to fail, said in a sentence before they are run; each rule states its formula."""

from collections.abc import Callable
from math import prod

import numpy as np

from regdash.datasets import Samples, samples, shape_of
from regdash.experiment import Experiment
from regdash.networks import MLP
from regdash.optimizers import SGD, Momentum
from regdash.regularizers import L1, L2, Dropout, InputDropout, WeightDecay


def warnings_before(experiment: Experiment) -> tuple[str, ...]:
    """What is known to go wrong with these settings; empty when nothing is."""
    return tuple(sentence for rule in RULES if (sentence := rule(experiment)))


def l2_bound(experiment: Experiment) -> float:
    """The largest learning rate x 2 x l2 at which the penalty's own pull is stable; infinite for Adam and RMSprop.

    On l2 * w^2 alone: SGD w <- (1 - c) w needs c < 2; momentum m needs c < 2 (1 + m), and with Nesterov
    c < 2 (1 + m) / (1 + 2 m), where c = learning rate x 2 x l2.
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
    y = data.train.y[:, None]
    if data.task == "multiclass":
        y = y == np.arange(data.outputs)
    slopes = data.train.x.T @ (y - y.mean(axis=0)) / len(data.train)
    return float((2 if data.task == "regression" else 1) * np.abs(slopes).max())


def _l2_too_strong(experiment: Experiment) -> str:
    rate, strength, bound = experiment.optimizer.learning_rate, experiment.regularizer(L2).l2, l2_bound(experiment)
    pull = rate * 2 * strength
    if pull <= bound:
        return ""
    return (
        f"Learning rate × 2 × L2 strength = {rate:g} × 2 × {strength:g} = {pull:.3g} is above {bound:.3g}: every step "
        f"overshoots zero by more than it corrects, and the weights grow without end. "
        f"Take an L2 strength below {bound / 2 / rate:.2g} or a smaller learning rate."
    )


def _decay_too_strong(experiment: Experiment) -> str:
    rate, decay = experiment.optimizer.learning_rate, experiment.regularizer(WeightDecay).weight_decay
    if rate * decay <= 2:
        return ""
    return (
        f"Learning rate × weight decay = {rate:g} × {decay:g} = {rate * decay:.3g} is above 2: each step multiplies "
        f"the weights by {1 - rate * decay:.3g} and they grow without end. Take a weight decay below {2 / rate:.2g}."
    )


def _l1_kills(experiment: Experiment) -> str:
    strength = experiment.regularizer(L1).l1
    if _hidden(experiment):
        if strength < 0.1:
            return ""
        return (
            f"An L1 strength of {strength:g} drives every weight of a network with hidden layers to zero, so that it "
            "answers the same for every row. Try 0.01 or less."
        )
    most = l1_that_kills(samples(experiment.data, experiment.split))
    if strength < most:
        return ""
    return (
        f"From an L1 strength of {most:.2g} on, the best linear network on these rows has no weight left; "
        f"{strength:g} is at or above that. Try {most / 10:.1g}."
    )


def _l2_flattens(experiment: Experiment) -> str:
    strength = experiment.regularizer(L2).l2
    if strength < 0.3 or not _hidden(experiment) or _l2_too_strong(experiment):
        return ""
    return (
        f"An L2 strength of {strength:g} flattens a network with hidden layers until it answers nearly the same for "
        "every row. Try 0.01 or less."
    )


def _layer_switched_off(experiment: Experiment) -> str:
    hidden = _hidden(experiment)
    rates = experiment.regularizer(Dropout).per_layer(len(hidden))
    chances = [(rate**width, rate, width) for rate, width in zip(rates, hidden, strict=True)]
    chance, rate, width = max(chances, default=(0.0, 0.0, 0))
    if chance < 0.05:
        return ""
    return (
        f"With dropout {rate:g} a layer of {width} units is switched off as a whole for {chance:.0%} of the rows "
        f"({rate:g} to the power of {width}), and nothing passes through. Use a smaller rate or more units."
    )


def _inputs_hidden(experiment: Experiment) -> str:
    rate, inputs = experiment.regularizer(InputDropout).rate, experiment.data.features
    touched = 1 - (1 - rate) ** inputs
    if inputs > 4 or touched <= 0.5:
        return ""
    return (
        f"Input dropout {rate:g} hides at least one of the {inputs} inputs for {touched:.0%} of the rows; with so few "
        "inputs most of what there is to learn is hidden. Try 0.1 or less."
    )


def _dropout_without_layers(experiment: Experiment) -> str:
    if _hidden(experiment) or not experiment.regularizer(Dropout).active:
        return ""
    return "Dropout changes nothing here: the network has no hidden layer. Use input dropout, or add a hidden layer."


def _batch_too_large(experiment: Experiment) -> str:
    rows, batch = len(samples(experiment.data, experiment.split).train), experiment.training.batch_size
    if batch <= rows:
        return ""
    return (
        f"A batch of {batch} rows is more than the {rows} training rows: every epoch is one single step on all of "
        f"them. Take a smaller batch for more steps."
    )


def _deep_sigmoid(experiment: Experiment) -> str:
    network, layers = experiment.network, len(_hidden(experiment))
    if not isinstance(network, MLP) or network.activation != "sigmoid" or layers < 4:
        return ""
    return (
        f"A sigmoid's slope is at most 1/4, so {layers} layers of them shrink the gradient up to {4**layers:,} times "
        "on its way back and the first layers hardly learn. Use relu or fewer layers."
    )


def _hidden(experiment: Experiment) -> tuple[int, ...]:
    return tuple(prod(station) for station in experiment.network.stations(shape_of(experiment.data))[1:])


RULES: tuple[Callable[[Experiment], str], ...] = (
    _l2_too_strong,
    _decay_too_strong,
    _l1_kills,
    _l2_flattens,
    _layer_switched_off,
    _inputs_hidden,
    _dropout_without_layers,
    _batch_too_large,
    _deep_sigmoid,
)
