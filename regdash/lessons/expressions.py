"""Expressions over runs, such as val_accuracy(dropout) - val_accuracy(plain): never run as Python, only read as such."""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.errors import InvalidExperiment, RegdashError
from regdash.experiment import Experiment
from regdash.lessons.measures import CURVES, MEASURES, SHORT, At, value_of
from regdash.params import nearest, params_of
from regdash.record import RunRecord

Array = NDArray[np.float64]
Evidence = Callable[[Experiment], Sequence[RunRecord]]
"""The finished runs of a setting, one list of all folds and seeds in the order of its members."""
Facts = Callable[[str, str, Mapping[str, float]], float]
"""A number that a figure or a demonstration computes: (its name, the number's name, settings) -> value."""

LONGEST = 300
OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.Gt: operator.gt,
    ast.LtE: operator.le,
    ast.GtE: operator.ge,
}
WHOLE = {"abs": np.abs, "log10": np.log10, "sqrt": np.sqrt}
EPOCHS = ("last", "best", "highest", "lowest")


@dataclass(frozen=True)
class Names:
    """What an expression may speak of: a lesson's experiments by name, the first of them being meant when none is named.

    `known` lists what figures and demonstrations compute: name -> names of numbers.
    """

    experiments: Mapping[str, Experiment] = field(default_factory=dict)
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def base(self) -> Experiment | None:
        return next(iter(self.experiments.values()), None)


@dataclass(frozen=True)
class Expression:
    """A number for each seed: `value(evidence, facts)` gives an array [S], or of one entry where no run is asked."""

    text: str
    needs: tuple[Experiment, ...]
    value: Callable[[Evidence, Facts], Array]


@dataclass(frozen=True)
class Condition:
    """Something that holds or not for each seed: `holds` gives truths [S]; `sides` are the numbers it compares."""

    text: str
    sides: tuple[Expression, ...]
    compare: Callable[[Sequence[Any]], Any]

    @property
    def needs(self) -> tuple[Experiment, ...]:
        return tuple(dict.fromkeys(each for side in self.sides for each in side.needs))

    def holds(self, evidence: Evidence, facts: Facts) -> NDArray[np.bool_]:
        """For each seed whether it holds."""
        values = np.broadcast_arrays(*(side.value(evidence, facts) for side in self.sides))
        return np.asarray(self.compare(values), bool)

    def holds_on_average(self, evidence: Evidence, facts: Facts) -> bool:
        """Whether it holds between the means over seeds."""
        return bool(self.compare([float(np.mean(side.value(evidence, facts))) for side in self.sides]))


def parse_expression(text: str, names: Names) -> Expression:
    """Read a number; raises RegdashError with a sentence when it cannot be read."""
    return _expression(_tree(text), names, text.strip())


def parse_condition(text: str, names: Names) -> Condition:
    """Read a comparison a < b, a < b < c or a ~ b +- c; raises RegdashError with a sentence when it cannot be read."""
    if "~" in text:
        left, _, rest = text.partition("~")
        right, mark, about = rest.partition("+-")
        if not mark:
            raise RegdashError(f"after ~ must come a value and its tolerance, such as 0.36 +- 0.02, got {rest.strip()}")
        parts = tuple(parse_expression(each, names) for each in (left, right, about))
        return Condition(text.strip(), parts, lambda v: np.abs(np.subtract(v[0], v[1])) <= v[2])
    tree = _tree(text)
    if not isinstance(tree, ast.Compare):
        raise RegdashError(f"a claim must compare two numbers by <, >, <=, >= or ~, got {text.strip()}")
    unknown = [each for each in tree.ops if type(each) not in COMPARISONS]
    if unknown:
        raise RegdashError("a claim must compare by <, >, <=, >= or ~; for equal write ~ value +- tolerance")
    sides = tuple(_expression(each, names, ast.unparse(each)) for each in (tree.left, *tree.comparators))
    tests = [COMPARISONS[type(each)] for each in tree.ops]

    def compare(values: Sequence[Any]) -> Any:
        found = [test(values[at], values[at + 1]) for at, test in enumerate(tests)]
        return np.logical_and.reduce(found)

    return Condition(text.strip(), sides, compare)


def by_seed(records: Sequence[RunRecord], name: str, at: At) -> Array:
    """A measure for each seed, mean over its folds."""
    values: dict[int, list[float]] = {}
    for record in records:
        values.setdefault(record.experiment.training.seed, []).append(value_of(record, name, at))
    return np.array([float(np.mean(each)) for each in values.values()])


def resolved(names: Names, positional: Sequence[str], changes: Mapping[str, Any]) -> Experiment:
    """The experiment that is meant: by its name, with changes such as dropout=0.75 or learning_rate=0.1."""
    if len(positional) > 1:
        raise RegdashError(f"one experiment is asked for at a time, got {', '.join(positional)}")
    if positional and positional[0] not in names.experiments:
        known = tuple(names.experiments)
        hint = nearest(positional[0], known) or (f"; there are {', '.join(known)}" if known else "; there is none")
        raise RegdashError(f"there is no experiment {positional[0]} in this lesson{hint}")
    found = names.experiments[positional[0]] if positional else names.base
    if found is None:
        raise RegdashError("this lesson has no experiments; list some, or ask a figure")
    try:
        return found.with_values({_path(found, key): value for key, value in changes.items()}) if changes else found
    except InvalidExperiment as error:
        raise RegdashError("; ".join(error.errors.values())) from None


def _path(experiment: Experiment, key: str) -> str:
    """The setting that a word means: dropout is dropout.rate, learning_rate is optimizer.learning_rate."""
    if key in experiment.parts:
        declared = params_of(type(experiment.parts[key]))
        if declared:
            return f"{key}.{declared[0].name}"
    found = [path for path in experiment.values if path.partition(".")[2] == key]
    if len(found) != 1:
        problem = f"could be {' or '.join(found[:3])}" if found else "is no setting of this experiment"
        words = tuple(path.partition(".")[2] for path in experiment.values)
        raise RegdashError(f"{key} {problem}{'' if found else nearest(key, words)}")
    return found[0]


def _tree(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise RegdashError(f"an expression may have at most {LONGEST} letters")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise RegdashError(f"this cannot be read as an expression: {text.strip()[:80]}") from None


def _expression(node: ast.expr, names: Names, text: str) -> Expression:
    needs: list[Experiment] = []
    value = _value(node, names, needs)
    return Expression(text, tuple(dict.fromkeys(needs)), value)


def _value(node: ast.expr, names: Names, needs: list[Experiment]) -> Callable[[Evidence, Facts], Array]:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        number = np.array([float(node.value)])
        return lambda evidence, facts: number
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _value(node.operand, names, needs)
        return lambda evidence, facts: -inner(evidence, facts)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        apply = OPERATORS[type(node.op)]
        left, right = _value(node.left, names, needs), _value(node.right, names, needs)
        return lambda evidence, facts: np.asarray(apply(left(evidence, facts), right(evidence, facts)))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _called(node, node.func.id, names, needs)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        return _fact(node, node.func.value.id, node.func.attr, names)
    raise RegdashError(f"numbers, + - * / and measures of runs may stand here, got {ast.unparse(node)[:60]}")


def _called(node: ast.Call, name: str, names: Names, needs: list[Experiment]) -> Callable[[Evidence, Facts], Array]:
    if name in WHOLE:
        if len(node.args) != 1 or node.keywords:
            raise RegdashError(f"{name} takes one number")
        inner = _value(node.args[0], names, needs)
        return lambda evidence, facts: np.asarray(WHOLE[name](inner(evidence, facts)))
    known = (*MEASURES, *SHORT, *CURVES)
    if name not in known:
        raise RegdashError(f"there is no measure {name}{nearest(name, known)}")
    if not all(isinstance(each, ast.Name) for each in node.args):
        raise RegdashError(f"in {name}(...) must stand the name of an experiment")
    given = {each.arg or "": _literal(each.value) for each in node.keywords}
    at = _epoch(given.pop("at", "last"))
    experiment = resolved(names, [each.id for each in node.args if isinstance(each, ast.Name)], given)
    needs.append(experiment)
    return lambda evidence, facts: by_seed(evidence(experiment), name, at)


def _fact(node: ast.Call, owner: str, name: str, names: Names) -> Callable[[Evidence, Facts], Array]:
    if owner not in names.known:
        raise RegdashError(f"there is no figure {owner}{nearest(owner, tuple(names.known))}")
    if name not in names.known[owner]:
        raise RegdashError(f"the figure {owner} computes no {name}{nearest(name, tuple(names.known[owner]))}")
    if node.args:
        raise RegdashError(f"settings of {owner} are given by name, such as rate=0.5")
    settings = {each.arg or "": _literal(each.value) for each in node.keywords}
    return lambda evidence, facts: np.array([facts(owner, name, settings)])


def _literal(node: ast.expr) -> Any:
    if isinstance(node, ast.Name):
        return node.id
    try:
        found = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        raise RegdashError(f"a number or a word must stand there, got {ast.unparse(node)[:60]}") from None
    return found


def _epoch(given: Any) -> At:
    if given in EPOCHS:
        return str(given)  # type: ignore[return-value]
    if isinstance(given, int) and not isinstance(given, bool) and given > 0:
        return given
    raise RegdashError(f"at must be an epoch from 1, or one of {', '.join(EPOCHS)}, got {given}")
