"""A space of ours in Optuna's words: every setting with its own value, not its place in the unit cube."""

from collections.abc import Callable, Sequence
from typing import Any

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from regdash.params import Param
from regdash.search.dimension import Choice, Dimension, Range
from regdash.search.space import Space, Values

Described = tuple[dict[str, Any], dict[str, BaseDistribution]]
SWITCH = "{}.on"  # beside a range with an "off"


def described(space: Space, tried: Sequence[Values]) -> Callable[[Values], Described]:
    """A function that tells a point's parameters and their distributions.

    Of a range with an "off" the switch `<path>.on` stands beside, and the number is only there where it is on. Lists,
    such as widths of layers, are written 64-64. Ranges are as wide as the values that were tried.
    """
    known = {
        each.path: _distribution(each, param, [values[each.path] for values in tried])
        for each, param in zip(space.dimensions, space.params, strict=True)
    }

    def of(values: Values) -> Described:
        params: dict[str, Any] = {}
        distributions: dict[str, BaseDistribution] = {}
        for each, param in zip(space.dimensions, space.params, strict=True):
            value, path = values[each.path], each.path
            if isinstance(each, Range) and each.off:
                switch = SWITCH.format(path)
                params[switch] = value != param.off
                distributions[switch] = CategoricalDistribution((False, True))
                if value == param.off:
                    continue
            params[path] = _written(value)
            distributions[path] = known[path]
        return params, distributions

    return of


def _distribution(each: Dimension, param: Param, tried: Sequence[Any]) -> BaseDistribution:
    if isinstance(each, Choice):
        return CategoricalDistribution(tuple(_written(value) for value in each.values(param)))
    inside = [value for value in tried if not (each.off and value == param.off)]
    low, high = min((each.low, *inside)), max((each.high, *inside))  # six digits may lie a little outside
    if param.kind == "integer":
        return IntDistribution(int(low), int(high), log=each.log)
    return FloatDistribution(float(low), float(high), log=each.log)


def _written(value: Any) -> Any:
    return "-".join(map(str, value)) if isinstance(value, tuple) else value
