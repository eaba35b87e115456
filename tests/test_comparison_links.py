from contextlib import suppress
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest
from drawn import experiments
from hypothesis import given, settings
from hypothesis import strategies as st

from regdash.errors import BrokenLink
from regdash.experiment import Experiment
from regdash.links import MOST_ENTRIES, MOST_RUNS, Comparison, Entry, from_comparison, to_comparison
from regdash.links.comparison import LONGEST_NAME, MEASURES
from regdash.regularizers import L2, Dropout

some_names = st.text(max_size=LONGEST_NAME).filter(lambda text: text.isprintable() and text == text.strip())


@st.composite
def entries(draw):
    if draw(st.integers(0, 3)) == 0:
        return Entry(imported=f"{draw(st.integers(0, 16**32 - 1)):032x}", name=draw(some_names))
    experiment = draw(experiments()).with_values({"split.fold": 0})
    return Entry(experiment, draw(st.integers(1, MOST_RUNS // max(1, experiment.split.folds))), name=draw(some_names))


@st.composite
def comparisons(draw):
    found = draw(st.lists(entries(), max_size=3).map(tuple))
    return Comparison(
        found,
        smoothing=draw(st.sampled_from((0.0, 0.05, 0.6, 0.95))),
        log=draw(st.booleans()),
        log_epochs=draw(st.booleans()),
        members=draw(st.booleans()),
        measure=draw(st.sampled_from(("", *MEASURES))),
        reference=draw(st.integers(0, max(0, len(found) - 1))),
        view=draw(st.sampled_from(("", "norms", "gap"))),
    )


@settings(max_examples=40)
@given(comparisons())
def test_any_comparison_survives_its_link(comparison):
    through_the_address_bar = dict(parse_qsl(urlencode(to_comparison(comparison)), keep_blank_values=True))
    assert from_comparison(through_the_address_bar) == comparison


def test_a_link_of_two_settings_is_short_and_readable():
    pair = (Entry(Experiment(), 5), Entry(Experiment(regularizers=(Dropout(0.3), L2(0.001))), 5, name="both"))
    link = to_comparison(Comparison(pair, smoothing=0.6, log=True, measure="gap", reference=1))
    assert link == {
        "v": "1",
        "1.seeds": "5",
        "2.dropout.rate": "0.3",
        "2.l2.l2": "0.001",
        "2.seeds": "5",
        "2.name": "both",
        "smoothing": "0.6",
        "measure": "gap",
        "reference": "2",
        "log": "on",
    }
    assert len(urlencode(link)) < 200


def test_an_empty_link_is_an_empty_comparison():
    assert from_comparison({}) == Comparison()
    assert from_comparison(to_comparison(Comparison())) == Comparison()


def test_settings_may_be_numbered_with_gaps_and_keep_their_order():
    found = from_comparison({"7.seeds": "2", "3.l2.l2": "0.01"})
    assert [entry.seeds for entry in found.entries] == [1, 2]


def test_one_fold_of_a_link_stands_for_all():
    found = from_comparison({"1.split.folds": "3", "1.split.fold": "2", "1.seeds": "2"})
    assert found.entries[0].experiment.values["split.fold"] == 0


def test_a_name_with_markup_stays_text_and_control_characters_go():
    found = from_comparison({"1.seeds": "1", "1.name": "<b>mine</b>\u202e\x00" + "x" * 100})
    assert found.entries[0].name.startswith("<b>mine</b>x")
    assert len(found.entries[0].name) == LONGEST_NAME


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"1.l2.l2": "much"}, "setting 1: l2.l2"),
        ({"1.seeds": "1", "2.data": "moon"}, "setting 2: data"),
        ({"1.seeds": "0"}, "seeds must be a whole number between 1 and 50, got '0'"),
        ({"1.seeds": "²"}, "seeds must be a whole number"),
        ({"1.seeds": "20", "1.split.folds": "5"}, "at most 50 runs, got 20 seeds of 5 folds"),
        ({"1.imported": "../../etc/passwd"}, "imported must be the id"),
        ({"v": "99", "1.seeds": "1"}, "a newer Regdash can open it"),
        ({"data": "circles"}, "a comparison has no part called 'data'"),
        ({"0.seeds": "1"}, "a comparison has no part called '0.seeds'"),
        ({"1.seeds": "1", "smoothing": "1"}, "smoothing must be between 0 and 0.99"),
        ({"1.seeds": "1", "smoothing": "nan"}, "smoothing must be between 0 and 0.99"),
        ({"1.seeds": "1", "measure": "luck"}, "measure must be one of best_loss"),
        ({"1.seeds": "1", "reference": "2"}, "reference must be the number of a setting, between 1 and 1"),
        ({"1.seeds": "1", "view": "<script>"}, "view must be the name of a chart"),
        ({f"{n}.seeds": "1" for n in range(1, 201)}, "at most 20 settings, this link has 200"),
        ({f"{n}.seeds": "50" for n in range(1, 21)}, "at most 400 runs, this link has 1000"),
        ({"1.seeds": "1", "1.name": "x" * 9_000}, "at most 8192 bytes"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(link, said):
    with pytest.raises(BrokenLink) as found:
        from_comparison(link)
    assert said in str(found.value)


@settings(max_examples=60)
@given(st.dictionaries(st.text(max_size=12) | st.sampled_from(("1.seeds", "2.name", "log", "v")), st.text(max_size=20)))
def test_no_link_whatever_is_in_it_raises_anything_else(link):
    with suppress(BrokenLink):
        from_comparison(link)


def test_twenty_plain_settings_fit_into_one_link():
    many = tuple(
        Entry(Experiment(regularizers=(Dropout(k / 40), L2(0.001))), 5, name=f"setting {k}") for k in range(1, 21)
    )
    assert len(many) == MOST_ENTRIES
    comparison = replace(Comparison(many), members=True)
    assert from_comparison(to_comparison(comparison)) == comparison
