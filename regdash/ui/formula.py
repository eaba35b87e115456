"""The objective as a formula with the visitor's numbers; a term that is off is not shown."""

from regdash.experiment import Experiment
from regdash.regularizers import L1, L2, Dropout, EarlyStopping, InputDropout, WeightDecay

_LOSSES = {"regression": r"\text{mean squared error}", "classification": r"\text{mean cross-entropy}"}


def objective(experiment: Experiment) -> str:
    """What training makes small, as TeX: mean data loss + l1 sum |w| + l2 sum w^2."""
    terms = [_LOSSES[experiment.data.task]]
    if l1 := experiment.regularizer(L1).l1:
        terms.append(rf"{number(l1)}\,{{\textstyle\sum}}\,|w|")
    if l2 := experiment.regularizer(L2).l2:
        terms.append(rf"{number(l2)}\,{{\textstyle\sum}}\,w^2")
    return r"J(w) \;=\; " + r" \;+\; ".join(terms)


def beside(experiment: Experiment) -> tuple[str, ...]:
    """What regularises without being a term of the objective, each in a few words."""
    words = []
    dropout, stopping = experiment.regularizer(Dropout), experiment.regularizer(EarlyStopping)
    rates = dropout.rates or (dropout.rate,)
    if any(rates):
        words.append(f"dropout {' and '.join(f'{rate:g}' for rate in rates)}")
    if rate := experiment.regularizer(InputDropout).rate:
        words.append(f"input dropout {rate:g}")
    if decay := experiment.regularizer(WeightDecay).weight_decay:
        words.append(f"w shrinks by {experiment.optimizer.learning_rate * decay:.3g} of itself per step")
    if stopping.active:
        epochs = "1 epoch" if stopping.patience == 1 else f"{stopping.patience} epochs"
        words.append(f"stops after {epochs} without improvement")
    return tuple(words)


def number(value: float) -> str:
    """A number as TeX: 0.001, or 10 to a power below a ten-thousandth."""
    digits, _, power = f"{value:g}".partition("e-")
    if not power:
        return digits
    ten = f"10^{{-{int(power)}}}"
    return ten if digits == "1" else rf"{digits}\cdot {ten}"
