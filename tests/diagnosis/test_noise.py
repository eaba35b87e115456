import math

import numpy as np
from curves import levels, record
from scipy import stats

from regdash.datasets import Blobs, Diabetes, PureNoise, Split, samples
from regdash.diagnosis import diagnose, loss_of_knowing_nothing, measure
from regdash.diagnosis.noise import OFFERED
from regdash.experiment import Experiment
from regdash.links import MOST_SEEDS


def seeds(bests, first=0, experiment=None):
    """Runs that end well, one per seed, with these best validation losses."""
    experiment = experiment or Experiment()
    return [
        levels(0.3, best, experiment.with_values({"training.seed": first + seed})) for seed, best in enumerate(bests)
    ]


NEAR = ([0.31, 0.33, 0.30, 0.32], [0.32, 0.31, 0.31, 0.325])


def test_a_change_within_seed_noise_is_said_before_anything_else_with_its_seeds_and_interval():
    current, before = NEAR
    found = diagnose(seeds(current), seeds(before))
    assert found.kind == "noise"
    assert "over 4 seeds" in found.sentence
    peer = stats.ttest_rel(current, before).confidence_interval(0.95)
    for end in peer:
        assert f"{end:+.3g}".replace("-", "−") in found.sentence
    assert diagnose(seeds(current)).kind == "good"


def test_a_setting_that_keeps_what_its_baseline_loses_after_the_best_epoch_is_not_within_noise():
    kept = seeds(NEAR[0])
    lost = [
        record(run.history["loss"], np.append(run.history["val_loss"][:-1], 0.9 + 0.01 * seed), run.experiment)
        for seed, run in enumerate(seeds(NEAR[1]))
    ]
    assert diagnose(kept, lost).kind == "good"


def test_the_seeds_that_would_decide_come_from_the_t_interval():
    def sentence(wanted):
        """Four differences whose test would decide from `wanted` pairs on."""
        deviations = np.array([-0.03, -0.01, 0.01, 0.03])
        half = stats.t.ppf(0.975, wanted - 1) * deviations.std(ddof=1) / math.sqrt(wanted)
        return diagnose(seeds(0.4 + deviations + 1.001 * half), seeds([0.4] * 4)).next_step

    assert "Repeat both with 8 seeds" in sentence(8)
    assert "Repeat both with 10 seeds" in sentence(10)
    assert "about 11 seeds to decide, and a setting has at most 10" in sentence(11)
    assert "about 100 seeds" in sentence(100)
    assert "more than 100 seeds" in sentence(101)


def test_the_seeds_that_are_advised_can_be_chosen():
    assert OFFERED == MOST_SEEDS


def test_a_change_whose_interval_does_not_hold_zero_is_judged_by_its_curves():
    before = [0.42, 0.40, 0.45, 0.41]
    assert stats.ttest_rel(NEAR[0], before).pvalue < 0.05
    assert diagnose(seeds(NEAR[0]), seeds(before)).kind == "good"


def test_runs_are_paired_by_their_seed_and_not_by_their_order():
    bests = [0.2, 0.3, 0.4, 0.5]
    shifted = [best + 0.01 + 0.001 * place for place, best in enumerate(bests)]
    assert diagnose(seeds(shifted), seeds(bests)[::-1]).kind == "good"
    assert diagnose(seeds(shifted), seeds(bests, first=100)).kind == "good"  # no pair at all
    assert "over 2 seeds" in diagnose(seeds([0.3, 0.4], 2), seeds([0.3, 0.3, 0.31, 0.38])).sentence


def test_one_pair_or_other_data_leave_nothing_to_compare():
    assert diagnose(seeds([0.31]), seeds([0.31])).kind == "good"
    assert diagnose(seeds(NEAR[0]), seeds(NEAR[1], experiment=Experiment(data=Blobs()))).kind == "good"


def test_a_setting_that_changes_nothing_is_the_same_as_its_baseline():
    found = diagnose(seeds(NEAR[0]), seeds(NEAR[0]))
    assert found.kind == "noise"
    assert "equal for all 4 seeds" in found.sentence


def test_a_diverged_run_is_said_even_before_the_noise():
    runs = seeds(NEAR[0])
    runs[1] = levels(0.3, 0.3, status="diverged at epoch 9")
    assert diagnose(runs, seeds(NEAR[1])).kind == "diverged"
    assert diagnose(seeds(NEAR[0]), [*seeds(NEAR[1])[:3], record(np.zeros(0), np.zeros(0))]).kind == "noise"


def test_more_seeds_are_not_advised_where_there_is_nothing_to_learn():
    noise = Experiment(data=PureNoise())
    found = diagnose(seeds(NEAR[0], experiment=noise), seeds(NEAR[1], experiment=noise))
    assert found.kind == "noise"
    assert "No number of seeds" in found.next_step


def folds(bests, **changes):
    experiments_ = [Experiment(split=Split(folds=4, fold=fold)).with_values(changes) for fold in range(4)]
    return [levels(0.3, best, experiment) for best, experiment in zip(bests, experiments_, strict=True)]


def test_folds_are_paired_and_named_as_folds():
    found = diagnose(folds(NEAR[0]), folds(NEAR[1]))
    assert "Within fold noise" in found.sentence
    assert "over 4 folds" in found.sentence
    seeds_too = [*folds(NEAR[0]), *folds(NEAR[0], **{"training.seed": 1})]
    both = diagnose(seeds_too, [*folds(NEAR[1]), *folds(NEAR[1], **{"training.seed": 1})])
    assert "over 8 runs" in both.sentence


def test_folds_are_judged_by_their_median_each_against_its_own_rows():
    data, runs = Diabetes(), []
    for fold in range(3):
        split = Split(folds=3, fold=fold)
        own = loss_of_knowing_nothing(samples(data, split))
        runs.append(record(np.full(100, own), np.full(100, own), Experiment(data=data, split=split)))
    own = sorted(float(run.history["loss"][0]) for run in runs)
    assert len(set(own)) == 3
    assert measure(runs).ignorant == own[1]
    assert diagnose(runs).kind == "underfitting"
