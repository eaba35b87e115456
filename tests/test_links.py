from contextlib import suppress
from urllib.parse import parse_qsl, urlencode

import pytest
from drawn import experiments
from hypothesis import given
from hypothesis import strategies as st

from regdash.datasets import Circles, OwnTable
from regdash.errors import BrokenLink
from regdash.experiment import Experiment
from regdash.links import MOST_RUNS, Address, fixable, from_address, from_link, to_address, to_link
from regdash.networks import Linear
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


pages_own = ["v", "seeds", "base.v", "lock", "hide"]
paths = st.sampled_from([*Experiment().values, "data", "network", "optimizer", "schedule", *pages_own])


@given(st.dictionaries(paths, st.text(alphabet="0123456789.-+eEnaif_x ,∞٣", max_size=12), max_size=5))
def test_hostile_values_of_known_settings_give_an_experiment_or_a_sentence(params):
    with suppress(BrokenLink):
        assert isinstance(from_address(params), Address)
