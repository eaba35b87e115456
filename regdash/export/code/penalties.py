"""What holds the kernels of each layer small: penalties and constraints, Keras' own where it has them."""

from collections.abc import Sequence
from dataclasses import dataclass

from regdash.experiment import Experiment
from regdash.export.code.pieces import Constant, call
from regdash.regularizers import L1, L2, ElasticNet, GroupLasso, MaxNorm, ProximalL1, UnitNorm

GROUP = '''
class GroupLasso(keras.regularizers.Regularizer):
    """strength * the sum over the inputs of a layer of the length of all weights that leave one."""

    def __call__(self, kernel):
        axes = (*range(len(kernel.shape) - 2), len(kernel.shape) - 1)
        squares = ops.sum(ops.square(kernel), axis=axes)
        return GROUP_LASSO * ops.sum(ops.sqrt(ops.maximum(squares, 1e-24)))  # finite slope at 0
'''
SUM = '''
class Sum(keras.regularizers.Regularizer):
    """Several penalties at once."""

    def __init__(self, *parts):
        self.parts = parts

    def __call__(self, kernel):
        return sum(part(kernel) for part in self.parts)
'''
PROXIMAL = '''
class Proximal(keras.constraints.Constraint):
    """Moves each weight by learning rate * strength towards 0, at most to 0, after each step."""

    def __call__(self, kernel):
        step = optimizer.learning_rate * PROXIMAL_L1
        return ops.sign(kernel) * ops.maximum(ops.abs(kernel) - step, 0.0)
'''
IN_TURN = '''
class InTurn(keras.constraints.Constraint):
    """Several constraints one after another."""

    def __init__(self, *parts):
        self.parts = parts

    def __call__(self, kernel):
        for part in self.parts:
            kernel = part(kernel)
        return kernel
'''


@dataclass(frozen=True)
class Held:
    """The penalties of a layer as code, and its constraints with {axis} where the axes go."""

    penalties: tuple[str, ...]
    constraints: tuple[str, ...]
    blocks: tuple[str, ...]
    constants: tuple[Constant, ...]

    def options(self, axis: str) -> list[str]:
        """The arguments of a layer whose units are fed along these axes of the kernel."""
        constraints = [each.replace("{axis}", axis) for each in self.constraints]
        held = _option("kernel_constraint", "InTurn", constraints)
        return _option("kernel_regularizer", "Sum", self.penalties) + held


def held_by(experiment: Experiment) -> Held:
    """The penalties and constraints of an experiment."""
    penalties, first = _penalties(experiment)
    constraints, second = _constraints(experiment)
    blocks = [GROUP] if experiment.regularizer(GroupLasso).active else []
    blocks += _elastic(experiment)
    blocks += [SUM] if len(penalties) > 1 else []
    blocks += [PROXIMAL] if experiment.regularizer(ProximalL1).active else []
    blocks += [IN_TURN] if len(constraints) > 1 else []
    return Held(
        tuple(penalties),
        tuple(constraints),
        tuple(blocks),
        (*first, *second),
    )


def _option(name: str, several: str, parts: Sequence[str]) -> list[str]:
    if len(parts) < 2:
        return [f"{name}={part}" for part in parts]
    return [call(f"{name}={several}(", parts, "),", indent=2).strip().removesuffix(",")]


def _penalties(experiment: Experiment) -> tuple[list[str], list[Constant]]:
    r = experiment.regularizer
    l1, l2, net, group = r(L1).l1, r(L2).l2, r(ElasticNet), r(GroupLasso)
    constants = [Constant("L1", l1)] if l1 else []
    constants += [Constant("L2", l2)] if l2 else []
    if net.active:
        constants += [Constant("ELASTIC_NET", net.strength), Constant("L1_RATIO", net.l1_ratio)]
    both = (l1 + net.l1, l2 + net.l2)
    names = ("l1", "l2") if net.active else ("L1", "L2")
    used = [name for name, strength in zip(names, both, strict=True) if strength]
    found = [f"keras.regularizers.{''.join(used).upper()}({', '.join(used)})"] if used else []
    if group.active:
        constants.append(Constant("GROUP_LASSO", group.strength))
        found.append("GroupLasso()")
    return found, constants


def _elastic(experiment: Experiment) -> list[str]:
    """The elastic net adds to the strengths of L1 and of L2."""
    net = experiment.regularizer(ElasticNet)
    terms = (
        ("l1", "L1" if experiment.regularizer(L1).active else "", "ELASTIC_NET * L1_RATIO" if net.l1 else ""),
        ("l2", "L2" if experiment.regularizer(L2).active else "", "ELASTIC_NET * (1 - L1_RATIO)" if net.l2 else ""),
    )
    lines = [f"{name} = {' + '.join(filter(None, sums))}" for name, *sums in terms if any(sums)]
    return ["\n".join(lines)] if net.active else []


def _constraints(experiment: Experiment) -> tuple[list[str], list[Constant]]:
    """The constraints in the order in which they act."""
    r = experiment.regularizer
    found, constants = [], []
    if r(ProximalL1).active:
        found.append("Proximal()")
        constants.append(Constant("PROXIMAL_L1", r(ProximalL1).l1))
    if r(MaxNorm).active:
        found.append("keras.constraints.MaxNorm(MAX_NORM, axis={axis})")
        constants.append(Constant("MAX_NORM", r(MaxNorm).max_value))
    if r(UnitNorm).active:
        found.append("keras.constraints.UnitNorm(axis={axis})")
    return found, constants
