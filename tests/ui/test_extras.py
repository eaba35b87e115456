import pytest

from regdash.datasets import Diabetes, Digits
from regdash.experiment import Experiment
from regdash.networks import Convolutional
from regdash.regularizers import (
    L1,
    REGULARIZERS,
    Cutout,
    ImageFlip,
    ImageRotation,
    ImageShift,
    InputDropout,
    LabelSmoothing,
    MaxNorm,
    SpatialDropout,
)
from regdash.ui.extras import EVERYDAY, EXTRAS, GROUPS, added, fits, group_of, mild, offered, shown

FOR_IMAGES = {ImageShift, ImageFlip, ImageRotation, Cutout}
ANYWHERE = Experiment(data=Digits(), network=Convolutional())


@pytest.mark.parametrize("kind", REGULARIZERS, ids=lambda kind: kind.name)
def test_every_regulariser_has_a_mild_value_that_switches_it_on(kind):
    name, value = mild(kind)
    assert kind(**{name: value}).active
    assert added(ANYWHERE, kind).values[f"{kind.name}.{name}"] == value


@pytest.mark.parametrize("kind", EXTRAS, ids=lambda kind: kind.name)
def test_every_extra_regulariser_stands_in_a_group_with_plain_words(kind):
    assert group_of(kind) in GROUPS


def test_everyday_and_extra_regularisers_are_all_there_are():
    assert set(EVERYDAY) | set(EXTRAS) == set(REGULARIZERS)
    assert len(EVERYDAY) == 5


def test_groups_follow_each_other_in_the_menu():
    places = [GROUPS.index(group_of(kind)) for kind in offered(ANYWHERE, ())]
    assert places == sorted(places)
    assert set(offered(ANYWHERE, ())) == set(EXTRAS)
    assert group_of(InputDropout) == "Inputs"


def test_what_needs_images_classes_or_feature_maps_is_offered_only_with_them():
    assert set(EXTRAS) - set(offered(Experiment(), ())) == FOR_IMAGES | {SpatialDropout}
    assert set(EXTRAS) - set(offered(Experiment(data=Digits()), ())) == {SpatialDropout}
    assert set(EXTRAS) - set(offered(Experiment(data=Diabetes()), ())) == FOR_IMAGES | {SpatialDropout, LabelSmoothing}


def test_what_is_in_use_or_was_chosen_has_controls_and_is_offered_no_more():
    experiment = Experiment().with_values({"max_norm.max_value": 3.0, "l1.l1": 0.1})
    assert shown(experiment, ("input_dropout", "max_norm")) == (MaxNorm, InputDropout)
    assert not {MaxNorm, InputDropout, L1} & set(offered(experiment, ("input_dropout",)))
    assert shown(experiment, ("image_shift",)) == (MaxNorm,), "points cannot be shifted as images"
    assert fits(ImageShift, ANYWHERE)
