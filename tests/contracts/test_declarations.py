"""What every declared hyper-parameter of every catalogue keeps to."""

import dataclasses
import math
from typing import Any

import pytest

from regdash.experiment import CHOICES
from regdash.params import Param, params_of, problems
from regdash.regularizers import REGULARIZERS

KINDS = [*dict.fromkeys(kind for allowed in CHOICES.values() for kind in allowed), *REGULARIZERS]
DECLARED = [(kind, each) for kind in KINDS for each in params_of(kind)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_part_is_a_frozen_value_whose_defaults_are_allowed(kind: type[Any]) -> None:
    part = kind()
    assert problems(part) == {}
    assert part == kind()
    assert hash(part) == hash(kind())
    for field in dataclasses.fields(kind):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(part, field.name, 1)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_field_of_a_part_is_a_declared_hyper_parameter(kind: type[Any]) -> None:
    assert [field.name for field in dataclasses.fields(kind)] == [each.name for each in params_of(kind)]


@pytest.mark.parametrize(("kind", "each"), DECLARED, ids=lambda it: getattr(it, "name", None))
def test_a_declaration_has_words_and_finite_bounds(kind: type[Any], each: Param) -> None:
    assert each.label.strip()
    assert each.help.endswith(".")
    if each.kind in ("number", "integer", "numbers", "integers"):
        assert math.isfinite(each.low)
        assert math.isfinite(each.high)
        assert each.low < each.high
        assert each.off is None or not each.low <= each.off <= each.high
    if each.kind in ("numbers", "integers"):
        assert each.longest > 0
    if each.kind == "choice":
        assert each.default in each.choices
    if each.log:
        assert each.low > 0
        stops = each.stops(each.default)
        assert each.default in stops
        assert {each.low, each.high} <= set(stops)
        assert list(stops) == sorted(stops)
