"""Expressions over runs, such as val_loss(dropout) - val_loss(plain): never run as Python, only read as such."""

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.lessons.facts import check_settings
from regdash.lessons.measures import CURVES, MEASURES, SHORT, At, unfit, value_of
from regdash.lessons.names import Names, resolved
from regdash.params import excerpt, nearest
from regdash.record import RunRecord

Array = NDArray[np.float64]
Evidence = Callable[[Experiment], Sequence[RunRecord]]
"""The finished runs of a setting, one list of all folds and seeds in the order of its members."""
Facts = Callable[[str, str, Mapping[str, float]], float]
"""A number that a figure or a demonstration computes: (its name, the number's name, settings) -> value."""

LONGEST = 300
DEEPEST = 20  # brackets and signs within each other
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
_STRANGE = re.compile(r"[^\w\s.,+\-*/()\[\]=<>!'\"]")


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
            what = f"after ~ must come a value and its tolerance, such as 0.36 +- 0.02, got {_short(rest)}"
            raise RegdashError(what)
        parts = tuple(parse_expression(each, names) for each in (left, right, about))
        return Condition(text.strip(), parts, lambda v: np.abs(np.subtract(v[0], v[1])) <= v[2])
    tree = _tree(text)
    if not isinstance(tree, ast.Compare):
        raise RegdashError(f"a claim must compare two numbers by <, >, <=, >= or ~, got {_short(text)}")
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
    """A measure for each seed, mean over its folds: [S]."""
    values: dict[int, list[float]] = {}
    for record in records:
        values.setdefault(record.experiment.training.seed, []).append(value_of(record, name, at))
    return np.array([float(np.mean(each)) for each in values.values()])


def _tree(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise RegdashError(f"an expression may have at most {LONGEST} letters, got {len(text)}")
    try:
        if strange := _STRANGE.search(text):
            raise RegdashError(f"{strange[0]!r} may not stand in an expression: {_short(text)}")
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise RegdashError(f"this cannot be read as an expression: {_short(text)}") from None
    if _depth(tree) > DEEPEST:
        raise RegdashError(f"an expression may be nested {DEEPEST} deep at most: {_short(text)}")
    return tree


def _depth(tree: ast.AST) -> int:
    """How deep a tree is, found without recursion."""
    deep, level = 0, [tree]
    while level:
        deep, level = deep + 1, [child for node in level for child in ast.iter_child_nodes(node)]
    return deep


def _short(text: str) -> str:
    found = " ".join(text.split())
    return (found if len(found) <= 60 else found[:57] + "...") or "nothing"


def _expression(node: ast.expr, names: Names, text: str) -> Expression:
    needs: list[Experiment] = []
    value = _value(node, names, needs)

    def quietly(evidence: Evidence, facts: Facts) -> Array:
        """A division by zero or a root of -1 gives inf or nan, of which nothing holds."""
        with np.errstate(all="ignore"):
            return value(evidence, facts)

    return Expression(text, tuple(dict.fromkeys(needs)), quietly)


def _value(node: ast.expr, names: Names, needs: list[Experiment]) -> Callable[[Evidence, Facts], Array]:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        number = np.array([_finite(node.value)])
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
    raise RegdashError(f"numbers, + - * / and measures of runs may stand here, got {_short(ast.unparse(node))}")


def _finite(value: float) -> float:
    found = float(value)  # of at most LONGEST digits, so it cannot overflow but to inf
    if not np.isfinite(found):
        raise RegdashError("a number in an expression must be finite")
    return found


def _called(node: ast.Call, name: str, names: Names, needs: list[Experiment]) -> Callable[[Evidence, Facts], Array]:
    if name in WHOLE:
        if len(node.args) != 1 or node.keywords:
            raise RegdashError(f"{name} takes one number")
        inner = _value(node.args[0], names, needs)
        return lambda evidence, facts: np.asarray(WHOLE[name](inner(evidence, facts)))
    known = (*MEASURES, *SHORT, *CURVES)
    if name not in known:
        raise RegdashError(f"there is no measure {name[:40]}{nearest(name, known)}")
    if not all(isinstance(each, ast.Name) for each in node.args):
        raise RegdashError(f"in {name}(...) must stand the name of an experiment")
    given = _settings(node, name)
    if "at" in given and name in MEASURES:
        raise RegdashError(f"{name} is one number of a whole run; leave at=... out")
    at = _epoch(given.pop("at", "last"))
    experiment = resolved(names, [each.id for each in node.args if isinstance(each, ast.Name)], given)
    if problem := unfit(name, experiment):
        raise RegdashError(problem)
    needs.append(experiment)
    return lambda evidence, facts: by_seed(evidence(experiment), name, at)


def _fact(node: ast.Call, owner: str, name: str, names: Names) -> Callable[[Evidence, Facts], Array]:
    if owner not in names.known:
        raise RegdashError(f"there is no figure {owner[:40]}{nearest(owner, tuple(names.known))}")
    if name not in names.known[owner]:
        raise RegdashError(f"the figure {owner} computes no {name[:40]}{nearest(name, tuple(names.known[owner]))}")
    if node.args:
        raise RegdashError(f"settings of {owner} are given by name, such as rate=0.5")
    settings = _settings(node, owner)
    check_settings(owner, settings)
    return lambda evidence, facts: np.array([facts(owner, name, settings)])


def _settings(node: ast.Call, name: str) -> dict[str, Any]:
    """What is given by name in a call."""
    given = [(each.arg, _literal(each.value)) for each in node.keywords]
    if any(key is None for key, _ in given) or len({key for key, _ in given}) < len(given):
        raise RegdashError(f"in {name}(...) every setting is given once, as setting=value")
    return {str(key): value for key, value in given}


def _literal(node: ast.expr) -> Any:
    if isinstance(node, ast.Name):
        return node.id
    try:
        found = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise RegdashError(f"a number or a word must stand there, got {_short(ast.unparse(node))}") from None
    return found


def _epoch(given: Any) -> At:
    if given in EPOCHS:
        return str(given)  # type: ignore[return-value]
    if isinstance(given, int) and not isinstance(given, bool) and given > 0:
        return given
    raise RegdashError(f"at must be an epoch from 1, or one of {', '.join(EPOCHS)}, got {excerpt(given)}")
