"""The objective as a formula with the visitor's numbers; a term that is off is not shown."""

from regdash.experiment import Experiment
from regdash.regularizers import L1, L2, ActivityL1, ActivityL2, ElasticNet, GroupLasso

_LOSSES = {"regression": r"\text{mean squared error}", "classification": r"\text{mean cross-entropy}"}
_SUM = r"{\textstyle\sum}"


def objective(experiment: Experiment) -> str:
    """What training makes small, as TeX: the mean data loss and a term for each penalty in use."""
    net = experiment.regularizer(ElasticNet)
    strengths = (
        (experiment.regularizer(L1).l1 + net.l1, "|w|"),
        (experiment.regularizer(L2).l2 + net.l2, "w^2"),
        (experiment.regularizer(GroupLasso).strength, r"\lVert w_i\rVert"),
        (experiment.regularizer(ActivityL1).strength, "|a|"),
        (experiment.regularizer(ActivityL2).strength, "a^2"),
    )
    terms = [rf"{number(strength)}\,{_SUM}\,{of}" for strength, of in strengths if strength]
    return r"J(w) \;=\; " + r" \;+\; ".join([_LOSSES[experiment.data.task], *terms])


def number(value: float) -> str:
    """A number as TeX: 0.001, or 10 to a power below a ten-thousandth."""
    digits, _, power = f"{value:g}".partition("e-")
    if not power:
        return digits
    ten = f"10^{{-{int(power)}}}"
    return ten if digits == "1" else rf"{digits}\cdot {ten}"
