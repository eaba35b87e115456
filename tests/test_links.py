import re
from contextlib import suppress
from urllib.parse import parse_qsl, urlencode

import pytest
from drawn import experiments
from hypothesis import given
from hypothesis import strategies as st

from regdash.datasets import Circles, OwnTable
from regdash.errors import BrokenLink
from regdash.experiment import Experiment
from regdash.links import (
    MOST_CONTROLS,
    MOST_LETTERS,
    MOST_RUNS,
    Address,
    Embedding,
    fixable,
    from_address,
    from_embedding,
    from_link,
    lesson_text,
    to_address,
    to_embedding,
    to_link,
)
from regdash.networks import Linear
from regdash.presets import PRESETS
from regdash.regularizers import L2, Dropout
from regdash.settings import settings


@given(experiments())
def test_any_experiment_survives_its_link(experiment):
    through_the_address_bar = dict(parse_qsl(urlencode(to_link(experiment))))
    assert from_link(through_the_address_bar) == experiment


def most_seeds(experiment):
    return min(10, MOST_RUNS // max(1, experiment.split.folds))


some_names = st.lists(st.sampled_from(sorted(fixable())), max_size=5, unique=True).map(tuple)


@given(experiments(), st.integers(1, 10), st.none() | experiments(), st.integers(1, 10), some_names, some_names)
def test_the_whole_page_survives_its_address(experiment, seeds, baseline, baseline_seeds, locked, hidden):
    seeds = min(seeds, most_seeds(experiment))
    baseline_seeds = min(baseline_seeds, most_seeds(baseline)) if baseline else 1
    address = Address(experiment, seeds, baseline, baseline_seeds, locked, hidden)
    through_the_address_bar = dict(parse_qsl(urlencode(to_address(address))))
    assert from_address(through_the_address_bar) == address


def test_a_lesson_names_settings_of_any_data_set_since_the_pupil_may_choose_another():
    link = {"data": "digits", "lock": "data.noise,network", "hide": "seeds,regularizers"}
    address = from_address(link)
    assert address.locked == ("data.noise", "network")
    assert address.hidden == ("seeds", "regularizers")


@given(experiments())
def test_every_link_of_an_experiment_is_below_the_size_limit(experiment):
    assert len(urlencode(to_address(Address(experiment, 10, experiment, 10)))) < settings().max_link_bytes


def test_a_link_holds_only_what_differs_from_the_defaults():
    assert to_link(Experiment()) == {"v": "1"}
    experiment = Experiment(data=Circles(noise=0.25), regularizers=(Dropout(0.3), L2(0.001)))
    assert to_link(experiment) == {
        "v": "1",
        "data": "circles",
        "data.noise": "0.25",
        "dropout.rate": "0.3",
        "l2.l2": "0.001",
    }


def test_lists_switches_and_kinds_are_readable():
    experiment = Experiment().with_values({"network.widths": (32, 16), "dropout.rates": (0.1, 1e-05)})
    assert to_link(experiment)["network.widths"] == "32-16"
    assert to_link(experiment)["dropout.rates"] == "0.1-1e-05"
    assert from_link(to_link(experiment)) == experiment
    assert to_link(Experiment(network=Linear()))["network"] == "linear"
    assert from_link({"optimizer": "momentum", "optimizer.nesterov": "on"}).values["optimizer.nesterov"] is True


def test_the_mark_of_a_table_stays_text_even_if_it_looks_like_a_number():
    for mark in ("1" * 32, "1e10" + "0" * 28, ""):
        assert from_link(to_link(Experiment(data=OwnTable(table=mark)))).data.table == mark


def test_what_belongs_to_the_page_is_passed_over_by_the_experiment():
    assert from_link({"v": "1", "seeds": "5", "base.v": "1", "base.dropout.rate": "0.3"}) == Experiment()


def test_a_baseline_with_the_default_settings_is_still_pinned():
    address = Address(Experiment(), 1, Experiment(), 1)
    assert to_address(address) == {"v": "1", "base.v": "1"}
    assert from_address({"v": "1", "base.v": "1"}) == address


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"v": "2"}, "version 2"),
        ({"v": "one"}, "got 'one'"),
        ({"drpout.rate": "0.3"}, "did you mean dropout.rate?"),
        ({"data": "mons"}, "did you mean moons?"),
        ({"data": "iris", "data.noise": "0.1"}, "data.noise"),
        ({"dropout.rate": "7"}, "between 0 and 0.9, got 7"),
        ({"l2.l2": "nan"}, "got nan"),
        ({"l1.l1": "inf"}, "got inf"),
        ({"training.epochs": "9" * 5000}, "Epochs must be"),
        ({"training.epochs": "1.5"}, "whole number, got 1.5"),
        ({"network.widths": "64-abc"}, "got 'abc'"),
        ({"network.widths": "64-" * 500 + "64"}, "at most 6 entries"),
        ({"dropout.rates": "0.1-0.2-0.3"}, "one rate for each of the 2 hidden layers"),
        ({"data.noise": "\ud800"}, "must be a number"),
        ({"x": "a" * 9000}, "at most 8192 bytes"),
        ({"seeds": "99"}, "between 1 and 10, got '99'"),
        ({"seeds": "-1"}, "between 1 and 10"),
        ({"lock": "dropout.rat"}, "lock: there is no setting called 'dropout.rat'; did you mean dropout.rate?"),
        ({"hide": "<script>alert(1)</script>"}, "hide: there is no setting called '<script>"),
        ({"lock": ",".join(f"x{i}" for i in range(61))}, "lock may name at most 60 settings, got 61"),
        ({"base.dropout.rate": "5"}, "between 0 and 0.9"),
        ({"split.folds": "11"}, "Folds must be 0 or between 2 and 10, got 11"),
        ({"split.folds": "3", "split.fold": "3"}, "Fold must be below Folds (3), got 3"),
        ({"seeds": "10", "split.folds": "10"}, "at most 50 runs, got 10 seeds of 10 folds"),
        ({"base.seeds": "6", "base.split.folds": "9"}, "at most 50 runs, got 6 seeds of 9 folds"),
        ({"data": "own", "data.table": "../../etc"}, "32 hexadecimal digits or nothing"),
        ({"data": "iris", "network": "convolutional"}, "looks at images"),
        ({"image_shift.pixels": "1"}, "changes images"),
        ({"data": "diabetes", "label_smoothing.smoothing": "0.1"}, "needs classes"),
    ],
)
def test_a_faulty_link_is_refused_with_a_sentence(link, words):
    with pytest.raises(BrokenLink) as refused:
        from_address(link)
    assert words in str(refused.value)
    assert len(str(refused.value)) < 500


def test_all_faults_of_a_link_are_said_at_once():
    with pytest.raises(BrokenLink) as refused:
        from_link({"dropout.rate": "7", "l2.l2": "x", "nonsense": "1"})
    assert all(path in str(refused.value) for path in ("dropout.rate", "l2.l2", "nonsense"))


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=60), max_size=8))
def test_hostile_links_give_an_experiment_or_a_sentence(params):
    with suppress(BrokenLink):
        assert isinstance(from_address(params), Address)


pages_own = ["v", "seeds", "base.v", "lock", "hide", "text"]
paths = st.sampled_from([*Experiment().values, "data", "network", "optimizer", "schedule", *pages_own])


@given(st.dictionaries(paths, st.text(alphabet="0123456789.-+eEnaif_x ,∞٣", max_size=12), max_size=5))
def test_hostile_values_of_known_settings_give_an_experiment_or_a_sentence(params):
    with suppress(BrokenLink):
        assert isinstance(from_address(params), Address)


lesson_letters = st.characters(
    exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"), include_characters="\n "
)
lesson_words = st.text(lesson_letters, max_size=600).map(str.strip)


@given(lesson_words)
def test_the_text_of_a_lesson_survives_its_link(text):
    through_the_address_bar = dict(parse_qsl(urlencode(to_address(Address(text=text)))))
    assert from_address(through_the_address_bar) == Address(text=text)


@given(st.text(max_size=700))
def test_any_text_is_tidied_once_or_refused_with_a_sentence(text):
    with suppress(BrokenLink):
        tidy = lesson_text(text)
        assert lesson_text(tidy) == tidy
        assert len(tidy) <= MOST_LETTERS


def test_a_text_keeps_its_lines_and_gets_plain_blanks():
    assert lesson_text("  Watch\tthe\u00a0gap.\r\n\r\nThen\rgo on. ") == "Watch the gap.\n\nThen\ngo on."
    assert lesson_text("نمی\u200cخواهم") == "نمی\u200cخواهم"  # Persian needs the joiner


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a" * 601, "at most 600 letters, this one has 601"),
        ("\x00", "the control letter U+0000"),
        ("abc\u202edef", "the control letter U+202E"),
    ],
)
def test_a_text_that_is_too_long_or_turns_the_words_around_it_is_refused(text, words):
    with pytest.raises(BrokenLink, match=re.escape(words)):
        from_address({"text": text})


CHARTS = ("loss", "boundary", "norms")
some_controls = st.lists(st.sampled_from(sorted(fixable())), max_size=MOST_CONTROLS, unique=True).map(tuple)


@given(st.sampled_from(CHARTS), some_controls, st.booleans())
def test_what_an_embedded_page_shows_survives_its_link(chart, controls, verdict):
    embedding = Embedding(chart, controls, verdict)
    link = to_address(Address()) | to_embedding(embedding)
    assert from_embedding(dict(parse_qsl(urlencode(link), keep_blank_values=True)), CHARTS) == embedding


def test_without_a_word_an_embedded_page_shows_the_loss_and_the_dropout():
    assert from_embedding({}, CHARTS) == Embedding("loss", ("dropout.rate",), False)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"chart": "los"}, "no chart called 'los'; did you mean loss?"),
        ({"chart": "<script>alert(1)</script>"}, "no chart called '<script>"),
        ({"controls": "dropout.rat"}, "no control called 'dropout.rat'; did you mean dropout.rate?"),
        ({"controls": ",".join(sorted(fixable())[:9])}, "at most 8 controls may be shown, got 9"),
        ({"verdict": "maybe"}, "verdict must be on or off, got 'maybe'"),
    ],
)
def test_what_an_embedded_page_cannot_show_is_a_sentence(link, words):
    with pytest.raises(BrokenLink, match=re.escape(words)):
        from_embedding(link, CHARTS)


def test_a_baseline_that_is_much_like_the_experiment_is_told_by_what_it_has_otherwise():
    experiment = Experiment(data=Circles(noise=0.25), regularizers=(Dropout(0.3), L2(0.001)))
    address = Address(experiment, 3, experiment.with_values({"l2.l2": 0.0}), 3)
    assert to_address(address) == to_link(experiment) | {"seeds": "3", "vs.l2.l2": "0.0"}
    assert from_address(to_address(address)) == address
    same = Address(experiment, 3, experiment, 1)
    assert to_address(same) == to_link(experiment) | {"seeds": "3", "vs.seeds": "1"}
    assert from_address(to_address(same)) == same


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.label)
def test_links_of_typical_experiments_are_short(preset):
    address = Address(preset.experiment, preset.seeds, preset.baseline, preset.seeds)
    assert len(urlencode(to_link(preset.experiment))) < 200
    assert len(urlencode(to_address(address))) < 220
