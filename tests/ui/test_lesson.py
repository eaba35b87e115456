"""What a lesson fixes stays fixed, whatever else is changed."""

import pytest
from drawn import experiments
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from regdash.errors import InvalidExperiment
from regdash.experiment import Experiment
from regdash.links import MOST_RUNS, Address, fixable
from regdash.networks import Linear
from regdash.params import params_of
from regdash.ui import lesson

some = settings(max_examples=25)
names = st.lists(st.sampled_from(sorted(fixable())), max_size=4, unique=True).map(tuple)


def changed(**values):
    return Experiment().with_values({path.replace("__", "."): value for path, value in values.items()})


@some
@given(experiments(), experiments(), names, names)
def test_whatever_the_visitor_chooses_fixed_settings_keep_the_values_of_the_lesson(mine, theirs, locked, hidden):
    given = Address(theirs, 1, None, 1, locked, hidden)
    try:
        found = lesson.obeying(Address(mine), given).experiment
    except InvalidExperiment:
        assume(False)
    fixed = (*locked, *hidden)
    for place, part in theirs.parts.items():
        if lesson.covers(fixed, place):
            assert found.parts[place] == part
            continue
        if not getattr(found.parts[place], "active", True):
            continue  # what is off has no settings; once it is on it obeys
        for each in params_of(type(found.parts[place])):
            path = f"{place}.{each.name}"
            if lesson.covers(fixed, path) and path in theirs.values:
                assert found.values[path] == theirs.values[path]


@some
@given(experiments(), experiments(), names)
def test_obeying_twice_is_obeying_once(mine, theirs, locked):
    given = Address(theirs, 1, None, 1, locked)
    try:
        once = lesson.obeying(Address(mine), given)
    except InvalidExperiment:
        assume(False)
    assert lesson.obeying(once, given) == once


def test_what_the_lesson_leaves_free_is_the_visitors():
    given = Address(changed(l2__l2=0.01, training__epochs=80), 1, None, 1, ("training.epochs",))
    found = lesson.obeying(Address(changed(l2__l2=0.5, training__epochs=900, dropout__rate=0.3), 3), given)
    assert found.experiment == changed(l2__l2=0.5, training__epochs=80, dropout__rate=0.3)
    assert (found.seeds, found.locked) == (3, ("training.epochs",))


def test_a_locked_part_brings_its_kind_and_all_of_its_settings():
    given = Address(Experiment(network=Linear()), 1, None, 1, ("network",))
    assert lesson.obeying(Address(changed(network__widths=(8,))), given).experiment.network == Linear()


def test_all_regularisers_can_be_locked_at_once():
    given = Address(changed(l2__l2=0.01), 1, None, 1, ("regularizers",))
    found = lesson.obeying(Address(changed(l1__l1=0.1, dropout__rate=0.4, max_norm__max_value=2.0)), given)
    assert found.experiment == changed(l2__l2=0.01)


def test_seeds_are_fixed_by_their_name_and_never_make_too_many_runs():
    assert lesson.obeying(Address(Experiment(), 1), Address(Experiment(), 5, None, 1, ("seeds",))).seeds == 5
    folds = Address(changed(split__folds=10), 1, None, 1, ("split.folds",))
    assert lesson.obeying(Address(Experiment(), 10), folds).seeds == MOST_RUNS // 10


def test_what_cannot_go_together_is_refused_with_a_sentence():
    given = Address(changed(dropout__rates=(0.1, 0.2)), 1, None, 1, ("dropout",))
    with pytest.raises(InvalidExperiment, match="one rate for each of the 1 hidden layers"):
        lesson.obeying(Address(changed(network__widths=(8,))), given)


def test_without_a_lesson_nothing_is_fixed_and_nothing_stays_fixed():
    assert lesson.obeying(Address(Experiment(), 2, None, 1, ("data",), ("l2",)), None) == Address(Experiment(), 2)


@some
@given(experiments(), st.integers(1, 5), names, names)
def test_a_lesson_survives_the_store_as_the_text_of_a_link(experiment, seeds, locked, hidden):
    assume(seeds * max(1, experiment.split.folds) <= MOST_RUNS)
    given = Address(experiment, seeds, None, 1, locked, hidden)
    text = lesson.written(given)
    assert text.isascii()
    assert lesson.read(text) == given


@pytest.mark.parametrize("text", ["", "v=99", "lock=%00", "<script>", "data=nothing-like-this", "%"])
def test_a_lesson_that_cannot_be_read_is_no_lesson(text):
    assert lesson.read(text) in (None, Address())


def test_a_lesson_is_told_in_words():
    given = Address(changed(l2__l2=0.01, training__epochs=200), 3, None, 1, ("data", "l2.l2"), ("training.epochs",))
    assert lesson.told(given) == (
        "The lesson: 3 seeds; L2 strength 0.01; Epochs 200. Locked: Data (all), L2 strength. Hidden: Epochs (training)."
    )
    assert lesson.hidden_in_words(given) == "Epochs 200"
    assert lesson.told(Address()) == "The lesson: the default experiment."


def test_what_is_hidden_at_its_default_is_not_worth_a_word():
    assert lesson.hidden_in_words(Address(Experiment(), 1, None, 1, (), ("training.epochs", "l2"))) == ""


@some
@given(experiments())
def test_a_teacher_is_offered_names_that_links_know_and_each_under_its_own_label(experiment):
    offered = lesson.fixable_here(experiment)
    assert set(offered) <= fixable()
    assert len(set(offered.values())) == len(offered)


def test_a_fixed_fold_fixes_the_number_of_folds_it_is_counted_in():
    given = Address(changed(split__folds=3, split__fold=2), 1, None, 1, (), ("split.fold",))
    found = lesson.obeying(Address(Experiment()), given).experiment
    assert (found.split.folds, found.split.fold) == (3, 2)
    assert lesson.covers(given.hidden, "split.folds")
