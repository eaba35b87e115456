"""Weight decay that is too strong, or there twice."""

from regdash.cautions.places import held
from regdash.experiment import Experiment
from regdash.optimizers import AdamW
from regdash.regularizers import WeightDecay


def decay_too_strong(experiment: Experiment) -> str:
    """Each step multiplies a weight by 1 - learning rate x weight decay, once for each decay; |factor| must be <= 1."""
    rate, own, added = experiment.optimizer.learning_rate, _own(experiment), experiment.regularizer(WeightDecay)
    factors = [] if held(experiment) else [(1 - rate * own) * (1 - rate * added.weight_decay)]
    factors.append((1 - rate * own) * (1 - rate * added.weight_decay * added.biases))  # of the biases
    worst = max(factors, key=abs)
    if abs(worst) <= 1:
        return ""
    decays = [decay for decay in (own, added.weight_decay) if decay]
    products = " and ".join(f"{rate:g} × {decay:g} = {rate * decay:.3g}" for decay in decays)
    return (
        f"Learning rate × weight decay = {products} is above 2: each step multiplies the weights by {worst:.3g} "
        f"and they grow without end. Take a weight decay below {2 / rate:.2g}."
    )


def decays_twice(experiment: Experiment) -> str:
    """Both decays of a step leave (1 - learning rate x own) (1 - learning rate x added) of a kernel."""
    rate, own, added = experiment.optimizer.learning_rate, _own(experiment), experiment.regularizer(WeightDecay)
    if not own or not added.active or decay_too_strong(experiment):
        return ""
    left = (1 - rate * own) * (1 - rate * added.weight_decay)
    return (
        f"Two decays shrink the kernels: AdamW's own {own:g} and the regulariser's {added.weight_decay:g}, together by "
        f"{1 - left:.2g} of their length per step. Set AdamW's to 0 to spare the biases, or the regulariser's to 0 for "
        "AdamW as Keras has it."
    )


def _own(experiment: Experiment) -> float:
    """The decay that the optimizer brings itself."""
    return experiment.optimizer.weight_decay if isinstance(experiment.optimizer, AdamW) else 0.0
