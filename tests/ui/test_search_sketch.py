"""What is typed on the Search page becomes a plan, and a plan fills the fields again."""

import math

import pytest

from regdash.experiment import Experiment
from regdash.networks import Linear
from regdash.search import PLACES, Choice, InvalidSearch, Objective, Plan, Range, Space, searchable
from regdash.search.presets import SEARCH_PRESETS
from regdash.search.tutorials import corresponding_plan
from regdash.ui.search_sketch import Sketch, checked, first_sketch, metric_of, plan_of, present, sketch_of
from regdash.ui.search_typed import ListTyped, NamesTyped, RangeTyped, declared, dimension, prefilled

EXPERIMENT = Experiment()


@pytest.mark.parametrize("path", searchable(EXPERIMENT))
def test_every_setting_that_can_be_searched_is_pre_filled_with_what_can_be_searched(path):
    if path in ("dropout.rates", "image_flip.on", "image_shift.pixels", "image_rotation.degrees", "cutout.size"):
        return  # these need other layers or images
    Space(EXPERIMENT, (dimension(EXPERIMENT, path, prefilled(EXPERIMENT, path)),))


@pytest.mark.parametrize("path", [path for path in searchable(EXPERIMENT) if path not in PLACES])
def test_a_logarithmic_range_is_pre_filled_with_two_decades_or_more_inside_the_declared_one(path):
    param, typed = declared(EXPERIMENT, path), prefilled(EXPERIMENT, path)
    if isinstance(typed, RangeTyped) and typed.log:
        low, high = float(typed.low), float(typed.high)
        assert param.low <= low < high <= param.high
        assert math.log10(high / low) >= 2 or (low, high) == (param.low, param.high)


@pytest.mark.parametrize(
    ("path", "text", "choices"),
    [
        ("training.batch_size", "16, 32;64", (16, 32, 64)),
        ("training.batch_size", "16 all", (16, 0)),
        ("network.widths", "32-32, 64 64; none", ((32, 32), (64, 64), ())),
    ],
)
def test_lists_are_read_as_people_write_them(path, text, choices):
    assert dimension(EXPERIMENT, path, ListTyped(text)) == Choice(path, choices)


def test_what_is_no_number_is_named_by_its_setting():
    sketch = Sketch({"l2.l2": RangeTyped("a little", "much", log=True)})
    _, errors = checked(sketch, EXPERIMENT)
    assert errors == {"l2.l2": "The lowest L2 strength must be a number, got 'a little'"}


def test_names_without_any_chosen_are_a_sentence():
    with pytest.raises(InvalidSearch, match="Choose at least one value"):
        plan_of(Sketch({"optimizer": NamesTyped(())}), EXPERIMENT)


@pytest.mark.parametrize(
    "plan",
    [*(each.plan for each in SEARCH_PRESETS), corresponding_plan(), Plan(Space(EXPERIMENT, (Range("l2.l2", 0.1, 1),)))],
    ids=lambda plan: " ".join(each.path for each in plan.space.dimensions),
)
def test_a_plan_fills_the_fields_which_make_the_same_plan_again(plan):
    assert plan_of(sketch_of(plan), plan.space.base) == plan


def test_a_budget_in_seconds_survives_the_fields():
    plan = Plan(Space(EXPERIMENT, (Range("l2.l2", 0.1, 1),)), seconds=90.0, trials=1_000)
    assert plan_of(sketch_of(plan), EXPERIMENT).seconds == 90.0


def test_settings_of_another_network_wait_until_it_is_back():
    sketch = Sketch({"network.widths": ListTyped("8, 16"), "l2.l2": prefilled(EXPERIMENT, "l2.l2")})
    linear = EXPERIMENT.with_part("network", Linear())
    assert list(present(sketch, linear)) == ["l2.l2"]
    assert list(present(sketch, EXPERIMENT)) == ["network.widths", "l2.l2"]


def test_a_linear_network_begins_without_dropout():
    linear = EXPERIMENT.with_part("network", Linear())
    assert list(first_sketch(linear).searched) == ["l2.l2"]
    assert list(first_sketch(EXPERIMENT).searched) == ["dropout.rate", "l2.l2"]
    assert not first_sketch(EXPERIMENT, free=lambda path: False).searched


def test_a_metric_that_the_task_does_not_have_gives_way_to_the_first_one():
    diabetes = next(each.plan.space.base for each in SEARCH_PRESETS if not each.plan.space.base.data.classes)
    assert metric_of(Sketch(metric="val_accuracy"), diabetes) == "val_loss"
    assert plan_of(first_sketch(EXPERIMENT), EXPERIMENT).objective == Objective(seeds=3)
