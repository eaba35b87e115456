"""The proximal step beside optimizers for which it is not the Lasso."""

from regdash.cautions.places import proximal_strength
from regdash.experiment import Experiment
from regdash.optimizers import SGD, Momentum
from regdash.regularizers import ProximalL1


def weakened_by_momentum(experiment: Experiment) -> str:
    """Momentum m leads to the optimum of l1 (1 - m), see `proximal_strength`."""
    optimizer, strength = experiment.optimizer, experiment.regularizer(ProximalL1).l1
    if not isinstance(optimizer, Momentum) or not strength or not optimizer.momentum:
        return ""
    m, real = optimizer.momentum, proximal_strength(experiment)
    return (
        f"With momentum {m:g} the proximal step of strength {strength:g} ends where an L1 of {strength:g} × "
        f"(1 - {m:g}) = {real:.2g} would. Take SGD for the strength as it is written, or {strength / (1 - m):.2g} here."
    )


def beside_scaled_gradients(experiment: Experiment) -> str:
    """Threshold = learning rate x l1 in weights, while the optimizer has made all gradients about equally long."""
    optimizer, strength = experiment.optimizer, experiment.regularizer(ProximalL1).l1
    if isinstance(optimizer, SGD | Momentum) or not strength:
        return ""
    rate = optimizer.learning_rate
    return (
        f"Each proximal step takes {rate:g} × {strength:g} = {rate * strength:.2g} from every weight, while "
        f"{type(optimizer).label} scales the gradients to lengths of its own. The zeros are real, but their number is "
        "not that of the Lasso with this strength; for that take SGD."
    )
