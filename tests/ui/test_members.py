from fake_runs import history

from regdash.experiment import Experiment
from regdash.jobs.queue import EngineView, RunView
from regdash.record import History
from regdash.ui.members import Runs, Setting, pairs
from regdash.ui.status import sentence

FOLDED = Experiment().with_values({"split.folds": 3, "training.seed": 7})
BEGUN = History({name: column[:0] for name, column in history().items()})


def runs(seeds, experiment=FOLDED, without=()):
    setting = Setting(experiment, seeds)
    histories = [BEGUN if at in without else history(seed=at) for at in range(len(setting.members))]
    views = [
        RunView("id", m, "running", 1, 2, None, 0, h, None, None, "")
        for m, h in zip(setting.members, histories, strict=True)
    ]
    return Runs(setting, tuple(views))


def losses(histories):
    return [float(each["val_loss"][-1]) if len(each) else None for each in histories]


def test_every_seed_trains_every_fold():
    members = Setting(FOLDED, 2).members
    assert [(m.training.seed, m.split.fold) for m in members] == [(7, 0), (7, 1), (7, 2), (8, 0), (8, 1), (8, 2)]
    assert {m.split.folds for m in members} == {3}
    assert len(set(Setting(FOLDED, 2).ids)) == 6


def test_without_folds_there_is_one_run_for_each_seed():
    members = Setting(Experiment(), 3).members
    assert [(m.training.seed, m.split.folds, m.split.fold) for m in members] == [(0, 0, 0), (1, 0, 0), (2, 0, 0)]


def test_the_seed_after_the_last_is_the_first():
    last = Experiment().with_values({"training.seed": 1_000_000})
    assert [m.training.seed for m in Setting(last, 2).members] == [1_000_000, 0]


def test_what_is_repeated_is_said_in_words():
    assert [Setting(FOLDED, seeds).repeats for seeds in (1, 2)] == ["3 folds", "2 seeds × 3 folds"]
    assert [Setting(Experiment(), seeds).repeats for seeds in (1, 2)] == ["", "2 seeds"]


def test_the_line_says_how_many_seeds_and_folds_train():
    words = sentence(runs(2), EngineView("ready", "", "CPU"), False)
    assert words == "Training: epoch 1 of 2 (2 seeds × 3 folds)."


def test_runs_with_the_same_seed_and_fold_are_a_pair_however_many_seeds_there_are():
    current, baseline = runs(2), runs(1)
    expected = losses(view.history for view in baseline.views)
    assert losses(pairs(current, baseline)) == [*expected, None, None, None]
    assert losses(pairs(baseline, current)) == expected


def test_a_pair_is_not_lost_when_another_run_has_no_curve_yet():
    current, baseline = runs(1, without={1}), runs(1)
    assert losses(pairs(current, baseline)) == [losses([baseline.views[at].history])[0] for at in (0, 2)]
    assert len(pairs(current, baseline)) == len(current.histories)


def test_other_folds_are_other_rows_and_have_no_pairs():
    assert pairs(runs(1), runs(3, Experiment())) == ()
    assert pairs(runs(1), None) == ()
