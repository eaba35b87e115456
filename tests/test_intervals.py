import math

import numpy as np
import pytest
from scipy import stats

from regdash.intervals import MOST_SEEDS, band, paired_change, seeds_to_decide, summary

CHANCE = np.random.default_rng(3)


def test_the_band_is_the_interval_of_a_one_sample_t_test_at_every_epoch():
    curves = CHANCE.normal(2.0, 0.5, size=(5, 7))
    found = band(list(curves))
    for epoch in range(7):
        peer = stats.ttest_1samp(curves[:, epoch], 0).confidence_interval(0.95)
        assert found.mean[epoch] == pytest.approx(curves[:, epoch].mean())
        assert (found.low[epoch], found.high[epoch]) == pytest.approx((peer.low, peer.high))


def test_runs_that_stopped_early_leave_the_mean_to_those_that_are_still_there():
    found = band([np.array([1.0, 2.0, 3.0]), np.array([3.0, 4.0]), np.array([5.0])])
    assert found.mean.tolist() == [3.0, 3.0, 3.0]
    assert found.count.tolist() == [3, 2, 1]
    peer = stats.ttest_1samp([2.0, 4.0], 0).confidence_interval(0.95)
    assert (found.low[1], found.high[1]) == pytest.approx((peer.low, peer.high))


def test_one_run_has_a_mean_but_no_band():
    found = band([np.array([0.5, 0.25])])
    assert found.mean.tolist() == [0.5, 0.25]
    assert np.isnan(found.low).all()
    assert np.isnan(found.high).all()


def test_no_run_gives_an_empty_band():
    assert len(band([]).mean) == 0
    assert len(band([np.zeros(0)]).mean) == 0


def test_values_that_are_not_finite_are_left_out_of_the_mean():
    found = band([np.array([1.0, np.nan, np.inf]), np.array([3.0, 3.0, np.nan])])
    assert found.mean[:2].tolist() == [2.0, 3.0]
    assert math.isnan(found.mean[2])
    assert found.count.tolist() == [2, 1, 0]


def test_a_change_is_the_interval_of_a_paired_t_test():
    baseline = CHANCE.normal(0.40, 0.05, 6)
    current = baseline - 0.03 + CHANCE.normal(0, 0.01, 6)
    peer = stats.ttest_rel(current, baseline).confidence_interval(0.95)
    change = paired_change(current, baseline)
    assert change.mean == pytest.approx(np.mean(current - baseline))
    assert (change.low, change.high) == pytest.approx((peer.low, peer.high))
    assert change.count == 6


def test_pairing_finds_a_small_steady_change_that_unpaired_runs_would_hide():
    baseline = np.array([0.2, 0.4, 0.6, 0.8])
    current = baseline + np.array([0.02, 0.03, 0.02, 0.03])
    assert stats.ttest_ind(current, baseline).pvalue > 0.05
    assert paired_change(current, baseline).within_noise is False


def test_a_change_is_within_noise_when_its_interval_holds_zero():
    assert paired_change([1.0, 2.0, 3.0], [2.0, 1.0, 3.1]).within_noise is True


def test_one_pair_leaves_nothing_to_judge_by():
    change = paired_change([0.3], [0.5])
    assert change.mean == pytest.approx(-0.2)
    assert change.within_noise is None


def test_pairs_with_a_diverged_run_are_left_out():
    change = paired_change([1.0, math.nan, 3.0], [0.0, 0.0, math.inf])
    assert (change.mean, change.count) == (1.0, 1)
    assert paired_change([math.nan], [1.0]).count == 0
    assert paired_change([], []).within_noise is None


def test_a_summary_is_the_mean_the_standard_deviation_and_the_t_interval():
    values = CHANCE.normal(0.9, 0.02, 7)
    peer = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    found = summary(values)
    assert (found.mean, found.sd, found.n) == (pytest.approx(values.mean()), pytest.approx(values.std(ddof=1)), 7)
    assert (found.low, found.high) == pytest.approx((peer.low, peer.high))


def test_a_summary_leaves_out_what_is_not_finite_and_says_how_many_are_left():
    found = summary([0.5, math.nan, math.inf])
    assert (found.mean, found.n) == (0.5, 1)
    assert np.isnan([found.sd, found.low, found.high]).all()
    assert summary([]).n == 0
    assert math.isnan(summary([math.nan]).mean)


def repeated(mean, sd, n):
    """N values with exactly this mean and standard deviation."""
    shape = np.arange(n) - (n - 1) / 2
    return mean + sd * shape / shape.std(ddof=1)


@pytest.mark.parametrize("ratio", [0.25, 0.5, 1.0, 3.0])
def test_the_seeds_that_decide_are_the_first_number_whose_t_test_finds_the_difference(ratio):
    found = seeds_to_decide([ratio - 1, ratio + 1] if ratio > 1 else list(repeated(ratio, 1.0, 4)))
    mean, sd = (ratio, math.sqrt(2)) if ratio > 1 else (ratio, 1.0)
    assert stats.ttest_1samp(repeated(mean, sd, found), 0).pvalue < 0.05
    assert found == 2 or stats.ttest_1samp(repeated(mean, sd, found - 1), 0).pvalue >= 0.05


def test_a_difference_that_a_hundred_seeds_would_not_show_has_no_number():
    border = stats.t.ppf(0.975, MOST_SEEDS - 1) / math.sqrt(MOST_SEEDS)
    assert seeds_to_decide(repeated(1.001 * border, 1.0, 5)) == MOST_SEEDS
    assert seeds_to_decide(repeated(0.999 * border, 1.0, 5)) is None
    assert seeds_to_decide([1.0, -1.0]) is None


def test_one_difference_or_none_does_not_tell_how_many_would_decide():
    assert seeds_to_decide([0.3]) is None
    assert seeds_to_decide([]) is None
    assert seeds_to_decide([0.3, math.nan]) is None


def test_differences_that_are_always_the_same_are_decided_by_two_seeds():
    assert seeds_to_decide([0.25, 0.25, 0.25]) == 2
