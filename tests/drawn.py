"""Hypothesis draws whatever the declarations allow: values, parts and whole experiments."""

from typing import Any

from hypothesis import strategies as st

from regdash.experiment import CHOICES, Experiment
from regdash.params import Param, params_of
from regdash.regularizers import REGULARIZERS, Dropout


def values(declared: Param) -> st.SearchStrategy[Any]:
    """Any allowed value of a hyper-parameter."""
    if declared.kind == "switch":
        return st.booleans()
    if declared.kind == "choice":
        return st.sampled_from(declared.choices)
    if declared.kind in ("integer", "integers"):
        one: st.SearchStrategy[Any] = st.integers(int(declared.low), int(declared.high))
    else:
        one = st.floats(declared.low, declared.high)
    if declared.off is not None:
        one = st.just(declared.off) | one
    return st.lists(one, max_size=declared.longest).map(tuple) if declared.kind.endswith("s") else one


def parts(kind: type[Any], **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any allowed value of a part, such as a data set."""
    return st.builds(kind, **({p.name: values(p) for p in params_of(kind)} | fixed))


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Any allowed experiment."""
    single = {place: draw(st.one_of([parts(kind) for kind in kinds])) for place, kinds in CHOICES.items()}
    layers = len(single["network"].widths_at(1)) - 1
    rates = st.just(()) | st.lists(st.floats(0.0, 0.9), min_size=layers, max_size=layers).map(tuple)
    kinds = draw(st.lists(st.sampled_from(REGULARIZERS), unique=True))
    chosen = [draw(parts(kind, rates=rates) if kind is Dropout else parts(kind)) for kind in kinds]
    return Experiment(**single, regularizers=tuple(chosen))
