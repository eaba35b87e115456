"""Hypothesis draws whatever the declarations allow: values, parts and whole experiments."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from regdash.datasets import fold_clashes, shape_of
from regdash.experiment import CHOICES, Experiment
from regdash.networks import NETWORKS
from regdash.params import Param, params_of
from regdash.regularizers import (
    REGULARIZERS,
    Cutout,
    Dropout,
    GradientClipping,
    ImageFlip,
    ImageRotation,
    ImageShift,
    LabelSmoothing,
)


def values(declared: Param) -> st.SearchStrategy[Any]:
    """Any allowed value of a hyper-parameter."""
    if declared.kind == "switch":
        return st.booleans()
    if declared.kind == "key":
        return st.just("") | st.from_regex("[0-9a-f]{32}", fullmatch=True)
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
    """Any allowed experiment: what clashes is left out."""
    single = {place: draw(st.one_of([parts(kind) for kind in kinds])) for place, kinds in CHOICES.items()}
    split, shape = single["split"], shape_of(single["data"])
    single["split"] = replace(split, fold=split.fold % max(split.folds, 1))
    rows = getattr(single["data"], "samples", getattr(single["data"], "rows", 2**31))
    if fold_clashes(single["split"], rows):
        single["split"] = replace(split, folds=0, fold=0)
    if single["network"].images and len(shape) == 1:
        single["network"] = draw(st.one_of([parts(kind) for kind in NETWORKS if not kind.images]))
    layers = len(single["network"].stations(shape)) - 1
    rates = st.just(()) | st.lists(st.floats(0.0, 0.9), min_size=layers, max_size=layers).map(tuple)
    kinds = draw(st.lists(st.sampled_from(REGULARIZERS), unique=True))
    chosen = {
        kind: draw(parts(kind, rates=rates if layers <= 6 else st.just(()))) if kind is Dropout else draw(parts(kind))
        for kind in kinds
    }
    if len(shape) == 1:
        chosen = {
            kind: part for kind, part in chosen.items() if kind not in (ImageShift, ImageFlip, ImageRotation, Cutout)
        }
    if not single["data"].classes:
        chosen.pop(LabelSmoothing, None)
    if GradientClipping in chosen and chosen[GradientClipping].clash:
        chosen[GradientClipping] = GradientClipping(clipvalue=chosen[GradientClipping].clipvalue)
    return Experiment(**single, regularizers=tuple(chosen.values()))
