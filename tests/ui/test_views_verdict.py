"""The button beside the verdict: what it would change, and when there is none."""

from regdash.experiment import Experiment
from regdash.ui.verdict import changed


def test_the_changes_of_a_verdict_are_made_to_the_draft():
    after = changed(Experiment(), {"dropout.rate": 0.3})
    assert after == Experiment().with_values({"dropout.rate": 0.3})


def test_without_changes_there_is_no_button():
    assert changed(Experiment(), {}) is None


def test_a_draft_that_has_the_change_already_has_no_button():
    assert changed(Experiment().with_values({"l2.l2": 0.002}), {"l2.l2": 0.002}) is None


def test_a_change_that_the_draft_cannot_have_has_no_button():
    assert changed(Experiment(), {"dropout.rate": 7.0}) is None
    assert changed(Experiment(), {"no.such": 1}) is None


def test_other_widths_keep_the_dropout_of_each_layer():
    apart = Experiment().with_values({"dropout.rates": (0.2,) * Experiment().hidden_places})
    after = changed(apart, {"network.widths": (32,)})
    assert after.values["dropout.rates"] == (0.2,)
