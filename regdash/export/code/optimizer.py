"""The optimizer with its learning rate, weight decay and clipping."""

from collections.abc import Mapping
from typing import Any

from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.export.code.pieces import Constant, Section, call
from regdash.export.code.schedule import Rate, rate_of
from regdash.optimizers import (
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    AMSGrad,
    Lion,
    Momentum,
    Nadam,
    RMSprop,
)
from regdash.params import params_of
from regdash.regularizers import GradientClipping, WeightDecay

NAMES: Mapping[type[Any], str] = {
    SGD: "SGD",
    Momentum: "SGD",
    RMSprop: "RMSprop",
    Adagrad: "Adagrad",
    Adadelta: "Adadelta",
    Adam: "Adam",
    AdamW: "AdamW",
    AMSGrad: "Adam",
    Nadam: "Nadam",
    Lion: "Lion",
}
ELSEWHERE = ("learning_rate", "weight_decay")
TWICE = '''
class TwiceDecayed(keras.optimizers.AdamW):
    """AdamW whose {kernels} shrink by another weight decay as well; Keras knows one for all."""

    def _apply_weight_decay(self, variables):
        for variable in variables:
            left = 1 - self.learning_rate * ADAMW_DECAY
            {condition}left *= 1 - self.learning_rate * WEIGHT_DECAY
            variable.assign(variable * left)
'''


def optimizer_section(experiment: Experiment) -> Section:
    """Code that leaves `optimizer`."""
    kind, rate = type(experiment.optimizer), rate_of(experiment)
    if kind not in NAMES:
        raise RegdashError(f"{experiment.optimizer.label} cannot be written as code yet; choose another optimizer.")
    decay, clipping = experiment.regularizer(WeightDecay), experiment.regularizer(GradientClipping)
    own = experiment.optimizer.weight_decay if isinstance(experiment.optimizer, AdamW) else 0.0
    arguments, constants = [rate.code, *_numbers(experiment.optimizer)], []
    blocks, name = [*rate.blocks], f"keras.optimizers.{NAMES[kind]}"
    if own and decay.active:
        blocks.append(_twice(decay.biases))
        name = "TwiceDecayed"
        constants += [Constant("ADAMW_DECAY", own), Constant("WEIGHT_DECAY", decay.weight_decay)]
    elif own or decay.active or kind is AdamW:
        arguments.append("weight_decay=WEIGHT_DECAY")
        constants.append(Constant("WEIGHT_DECAY", own or decay.weight_decay))
    for limit in ("clipnorm", "clipvalue", "global_clipnorm"):
        if value := getattr(clipping, limit):
            arguments.append(f"{limit}=CLIP")
            constants.append(Constant("CLIP", value, "of the gradient"))
    lines = [call(f"optimizer = {name}(", arguments)]
    if decay.active and not decay.biases and not own:
        lines.append('optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])')
    return Section(
        "Optimizer",
        _words(experiment, rate),
        (*blocks, "\n".join(lines)),
        (Constant("LEARNING_RATE", experiment.optimizer.learning_rate), *rate.constants, *constants),
    )


def _numbers(optimizer: Any) -> list[str]:
    """The numbers of the rule, where they are not those of Keras."""
    own = [p for p in params_of(type(optimizer)) if p.name not in ELSEWHERE]
    same = type(optimizer) is not Momentum
    given = [
        f"{p.name}={getattr(optimizer, p.name)!r}"
        for p in own
        if not (same and getattr(optimizer, p.name) == p.default) and getattr(optimizer, p.name) is not False
    ]
    return given + (["amsgrad=True"] if isinstance(optimizer, AMSGrad) else [])


def _twice(biases: bool) -> str:
    if biases:
        return TWICE.replace("{kernels}", "weights").replace("{condition}", "")
    kernels = TWICE.replace("{kernels}", "kernels")
    return kernels.replace("{condition}left *=", 'if variable.name == "kernel":\n                left *=')


def _words(experiment: Experiment, rate: Rate) -> str:
    return " ".join(filter(None, (f"**{experiment.optimizer.label}.** {experiment.optimizer.help}", rate.words)))
