import numpy as np
import pytest
from fake_runs import diverged, history
from scipy import stats

from regdash.record import History
from regdash.ui.figures import draw_figures, read_figures

CHANCE = np.random.default_rng(11)


def read(current, baseline=()):
    return {figure.name: figure for figure in read_figures(current, baseline)}


def seeds(gaps):
    """One run per seed whose generalisation gap at the last epoch is given."""
    return [history(loss=np.full(20, 0.5), val_loss=np.full(20, 0.5 + gap)) for gap in gaps]


def test_the_figures_of_one_run_are_read_from_its_curves():
    run = history(
        epochs=4,
        loss=np.array([0.9, 0.5, 0.3, 0.1]),
        val_loss=np.array([1.0, 0.625, 0.75, 0.8]),
        accuracy=np.array([0.5, 0.6, 0.8, 1.0]),
        val_accuracy=np.array([0.5, 0.7, 0.75, 0.725]),
        **{"l2_norm/all": np.array([1.0, 2.0, 3.0, 4.256]), "near_zero/all": np.array([0.0, 0.0, 0.1, 0.25])},
    )
    found = read([run])
    assert (found["best"].value, found["best"].note) == ("0.625", "at epoch 2")
    assert (found["gap"].value, found["gap"].note) == ("0.700", "at the last epoch")
    assert (found["score"].value, found["score"].note) == ("72.5 %", "100.0 % in training")
    assert (found["norm"].value, found["norm"].note) == ("4.26", "of 2 layers")
    assert found["near-zero"].value == "25.0 %"
    assert {figure.change + figure.verdict for figure in found.values()} == {""}


def test_a_regression_is_judged_by_r2():
    run = history(regression=True, r2=np.linspace(0, 0.9, 20), val_r2=np.linspace(0, -0.125, 20))
    assert read([run])["score"].label == "Validation R²"
    assert (read([run])["score"].value, read([run])["score"].note) == ("-0.125", "0.900 in training")


def test_several_seeds_become_their_mean_and_the_range_of_their_best_epochs():
    falls = [np.array([1.0, 0.25, 0.5, 0.75]), np.array([1.0, 0.75, 0.625, 0.5])]
    found = read([history(epochs=4, val_loss=each) for each in falls])
    assert found["best"].value == f"{np.mean([fall.min() for fall in falls]):.3f}"
    assert found["best"].note == "at epochs 2 to 4"


def test_a_change_is_the_mean_of_the_differences_paired_by_seed():
    before, after = CHANCE.uniform(0.1, 1, 5), CHANCE.uniform(0.1, 1, 5)
    mean = (after - before).mean()
    sign = "+" if mean > 0 else "−"
    assert read(seeds(after), seeds(before))["gap"].change == f"{sign}{abs(mean):.3f}"


@pytest.mark.parametrize("shift", [0.0, 0.02, 0.05, 0.1, 0.4])
def test_a_verdict_agrees_with_the_paired_t_test(shift):
    before = CHANCE.uniform(0.2, 0.8, 6)
    after = before + shift + CHANCE.normal(0, 0.05, 6)
    verdict = "within seed noise" if stats.ttest_rel(after, before).pvalue > 0.05 else "beyond seed noise"
    assert read(seeds(after), seeds(before))["gap"].verdict == verdict


def test_one_seed_leaves_nothing_to_judge_a_change_by():
    found = read(seeds([0.25]), seeds([0.5]))["gap"]
    assert (found.change, found.verdict) == ("−0.250", "")


def test_shares_change_by_points_and_not_by_per_cent():
    first, second = (history(**{"near_zero/all": np.full(20, share)}) for share in (0.5, 0.625))
    assert read([second], [first])["near-zero"].change == "+12.5 points"


def test_a_change_too_small_to_be_written_is_unchanged():
    assert read(seeds([0.5]), seeds([0.5]))["gap"].change == "unchanged"
    assert read(seeds([0.5001]), seeds([0.5]))["gap"].change == "unchanged"


def test_seeds_without_a_partner_count_for_the_value_only():
    found = read(seeds([0.25, 0.5]), seeds([0.5]))["gap"]
    assert (found.value, found.change) == ("0.375", "−0.250")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_run_without_a_finite_number_shows_a_dash(value):
    lost = History({name: np.full(3, value) for name in history()})
    assert {figure.value for figure in read_figures([lost], [history()])} == {"–"}


def test_a_diverged_seed_is_left_out_of_the_mean():
    alone, both = read([history()]), read([history(), diverged()])
    assert {name: figure.value for name, figure in both.items()} == {n: figure.value for n, figure in alone.items()}


@pytest.mark.parametrize("runs", [[], [History({name: column[:0] for name, column in history().items()})]])
def test_before_the_first_epoch_every_figure_is_a_dash(runs):
    assert [figure.value for figure in read_figures(runs)] == ["–"] * 5


def test_large_losses_are_written_short():
    assert read([history(val_loss=np.full(20, 1234567.0))])["best"].value == "1.23e+06"


def test_the_cards_name_every_figure_and_escape_its_texts():
    figures = read_figures(seeds([0.5, 0.25]), seeds([0.5, 0.5]))
    drawn = draw_figures(figures)
    assert drawn.count('class="rd-figure"') == len(figures) == 5
    assert all(f'data-testid="rd-{figure.name}"' in drawn for figure in figures)
    hostile = draw_figures([type(figures[0])("x", "<b>", '"><script>', "<i>1</i>", "<u>", "<s>", "<em>")])
    assert not any(tag in hostile for tag in ("<b>", "<script>", "<i>", "<u>", "<s>"))


def test_numbers_that_grew_without_end_still_fit_their_card():
    wild = history(epochs=2, val_loss=np.array([9.888e17, 9.888e17]), **{"l2_norm/all": np.array([1.0, 22_770_254.0])})
    found = read([wild])
    assert (found["norm"].value, found["best"].value) == ("2.28e+07", "9.89e+17")
