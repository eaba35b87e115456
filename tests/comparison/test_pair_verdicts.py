import math

import numpy as np
import pytest
from scipy import stats
from side_by_side import imported, series

from regdash.comparison import BY_NAME, MEASURES, against, all_verdicts, figures, verdict
from regdash.comparison.welch import holm, unpaired
from regdash.datasets import Circles, Moons
from regdash.experiment import Experiment
from regdash.intervals import MOST_SEEDS

BEST = MEASURES[0]
CHANCE = np.random.default_rng(11)
BASE = CHANCE.normal(0.40, 0.05, 6)


def test_runs_with_equal_seeds_are_compared_by_the_paired_t_test():
    ours = BASE - 0.03 + CHANCE.normal(0, 0.01, 6)
    found = verdict(series("Dropout 0.5", ours), series("Baseline", BASE), BEST)
    peer = stats.ttest_rel(ours, BASE)
    interval = peer.confidence_interval(0.95)
    assert found.paired
    assert (found.change.low, found.change.high) == pytest.approx((interval.low, interval.high))
    assert found.p == pytest.approx(peer.pvalue)
    assert found.within_noise is False
    assert found.better == "Dropout 0.5"
    assert found.sentence.startswith("Dropout 0.5 has a lower best validation loss than Baseline by 0.0")
    assert "6 paired seeds" in found.sentence


def test_only_the_seeds_that_both_have_make_pairs():
    ours = BASE - 0.03 + CHANCE.normal(0, 0.01, 6)
    found = verdict(series("longer", ours), series("shorter", BASE[2:5], first=2), BEST)
    interval = stats.ttest_rel(ours[2:5], BASE[2:5]).confidence_interval(0.95)
    assert (found.paired, found.change.count) == (True, 3)
    assert (found.change.low, found.change.high) == pytest.approx((interval.low, interval.high))


@pytest.mark.parametrize("first", [0, 40])
def test_imported_curves_and_other_seeds_are_compared_by_the_t_test_of_welch(first):
    ours = CHANCE.normal(0.3, 0.02, 5)
    other = imported("theirs", BASE) if not first else series("theirs", BASE, first=first)
    found = verdict(series("ours", ours), other, BEST)
    peer = stats.ttest_ind(ours, BASE, equal_var=False)
    interval = peer.confidence_interval(0.95)
    assert not found.paired
    assert (found.change.low, found.change.high) == pytest.approx((interval.low, interval.high))
    assert found.p == pytest.approx(peer.pvalue)
    assert "5 and 6 unpaired runs" in found.sentence


def test_a_difference_whose_interval_holds_zero_is_within_seed_noise_and_says_how_many_seeds_would_decide():
    differences = np.array([0.03, -0.02, 0.05, -0.01])
    found = verdict(series("A", BASE[:4] + differences), series("B", BASE[:4]), BEST)
    assert found.within_noise is True
    assert found.better == ""
    needed = next(
        n
        for n in range(2, MOST_SEEDS + 1)
        if stats.t.ppf(0.975, n - 1) * differences.std(ddof=1) / np.sqrt(n) < abs(differences.mean())
    )
    assert found.seeds_needed == needed
    assert "A and B cannot be told apart" in found.sentence
    assert f"About {needed - 4} more seeds of each would decide it." in found.sentence


def test_a_difference_that_a_hundred_seeds_would_not_decide_says_so():
    found = verdict(series("A", BASE[:4] + np.array([0.1, -0.1, 0.1, -0.0999])), series("B", BASE[:4]), BEST)
    assert found.seeds_needed is None
    assert "more than 100 seeds" in found.sentence


def test_welch_needs_as_many_runs_as_bring_the_interval_below_the_difference():
    one, two = [0.1, 0.5, 0.3], [0.2, 0.6, 0.55]
    found = unpaired(one, two)
    n = found.needed
    variances = np.var(one, ddof=1), np.var(two, ddof=1)

    def half(n):
        error = math.sqrt(sum(variances) / n)
        freedom = error**4 / sum((v / n) ** 2 / (n - 1) for v in variances)
        return stats.t.ppf(0.975, freedom) * error

    assert half(n) < abs(np.mean(one) - np.mean(two)) <= half(n - 1)


def test_one_pair_cannot_tell_a_difference_from_noise():
    found = verdict(series("A", [0.2]), series("B", [0.3]), BEST)
    assert found.within_noise is None
    assert "a single run cannot tell this from seed noise" in found.sentence
    assert math.isnan(found.p)


def test_equal_figures_are_the_same_and_not_decided_by_more_seeds():
    found = verdict(series("A", BASE), series("B", BASE), BEST)
    assert found.within_noise is True
    assert found.sentence == "A and B have the same best validation loss in all 6 paired seeds."
    assert found.p == 1.0


def test_settings_without_a_finished_run_have_no_verdict_yet():
    found = verdict(series("A", []), series("B", BASE), BEST)
    assert found.within_noise is None
    assert found.sentence == "There is no best validation loss of A yet: it has no finished run with such a curve."


def test_other_data_sets_do_not_compare():
    found = verdict(series("A", BASE, Experiment(data=Circles())), series("B", BASE), BEST)
    assert found.within_noise is None
    assert "A and B do not compare" in found.sentence
    assert "Circles and Moons" in found.sentence


def test_other_points_of_the_same_data_set_are_not_paired_and_the_verdict_says_so():
    found = verdict(series("A", BASE, Experiment(data=Moons(noise=0.1))), series("B", BASE), BEST)
    assert not found.paired
    assert "drawn differently" in found.sentence


def test_runs_that_diverged_are_mentioned():
    found = verdict(series("A", BASE, status="diverged at epoch 4"), series("B", BASE - 0.1), BEST)
    assert "6 of 6 runs of A diverged" in found.sentence


def test_more_accuracy_is_better_and_its_difference_is_told_in_percentage_points():
    ours = [series("A", BASE, val_accuracy=[0.5, 0.9, 0.8]), series("B", BASE + 0.1, val_accuracy=[0.5, 0.8, 0.8])]
    found = verdict(*ours, BY_NAME["best_accuracy"])
    assert found.better == "A"
    assert "by 10 percentage points" in found.sentence


def test_the_gap_is_the_last_validation_loss_less_the_last_training_loss():
    assert figures(series("A", [0.4], last=0.9, loss=0.2), BY_NAME["gap"]) == {(0, 0): pytest.approx(0.7)}


def test_curves_without_the_column_have_no_figure():
    assert figures(series("A", [0.4]), BY_NAME["best_r2"]) == {}
    assert figures(series("A", [math.nan], last=math.nan), BY_NAME["last_loss"]) == {}


def test_holm_multiplies_the_smallest_p_by_the_number_of_pairs_and_never_goes_down():
    # by hand: 4 * 0.01; max(0.04, 3 * 0.012) = 0.04; max(0.04, 2 * 0.03) = 0.06; max(0.06, 0.04) = 0.06
    assert holm([0.03, 0.01, 0.04, 0.012]) == pytest.approx([0.06, 0.04, 0.06, 0.04])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert np.isnan(holm([math.nan, 0.01])).tolist() == [True, False]
    assert holm([math.nan, 0.01])[1] == 0.01


def test_a_difference_that_holds_by_itself_may_not_remain_among_many_pairs():
    clear = series("clear", BASE - 0.2 + CHANCE.normal(0, 0.01, 6))
    barely = series("barely", BASE + np.array([0.01, 0.05, 0.02, 0.06, 0.0, 0.03]))
    same = [series(f"same {k}", BASE + CHANCE.normal(0, 0.03, 6)) for k in range(4)]
    assert 0.005 < verdict(barely, series("base", BASE), BEST).p < 0.05
    found = {each.first: each for each in against([series("base", BASE), clear, barely, *same], BEST)}
    assert found["clear"].remains is True
    assert found["barely"].within_noise is False
    assert found["barely"].remains is False


def test_a_single_pair_needs_no_correction():
    (found,) = against([series("A", BASE), series("B", BASE - 0.2)], BEST)
    assert found.remains is None
    assert (found.first, found.second) == ("B", "A")


def test_every_pair_is_compared_once():
    found = all_verdicts([series(name, BASE + k / 10) for k, name in enumerate("ABCD")], BEST)
    assert {frozenset((each.first, each.second)) for each in found} == {
        frozenset(pair) for pair in ("AB", "AC", "AD", "BC", "BD", "CD")
    }


def test_the_reference_can_be_any_setting():
    found = against([series(name, BASE + k / 10) for k, name in enumerate("ABC")], BEST, reference=2)
    assert [(each.first, each.second) for each in found] == [("A", "C"), ("B", "C")]
