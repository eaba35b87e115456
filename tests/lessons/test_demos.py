"""What the programs of the demonstrations find, against formulas and independent solutions."""

import warnings

import numpy as np
import pytest
from scipy.stats import binom
from sklearn.datasets import load_diabetes
from sklearn.linear_model import lars_path

from regdash.lessons.demos import DEMOS
from regdash.lessons.demos.programs import program, run_parts
from regdash.lessons.demos.searched_tutorials import RANDOM_OVER_LISTS

SLOW = ("lbfgs_has_no_l1", "random_over_lists")  # they search with scikit-learn, once for the whole process


@pytest.fixture(scope="module")
def output():
    """What a demonstration has printed and found; each is run once."""
    found = {}

    def run(name):
        if name not in found:
            found[name] = next(each for each in DEMOS if each.name == name).run()
        return found[name]

    return run


@pytest.fixture
def numbers(output):
    return lambda name: output(name).numbers


@pytest.mark.parametrize("demo", DEMOS, ids=lambda demo: demo.name)
def test_a_demonstration_finds_the_numbers_that_it_names_and_prints_something_readable(demo, output):
    found = output(demo.name)
    assert set(found.numbers) == set(demo.numbers)
    assert all(np.isfinite(value) for value in found.numbers.values())
    assert len(found.lines) >= 4
    assert not any("/" in line and ".py" in line for line in found.lines)  # no path of this machine
    assert max(len(line) for line in demo.code.split("\n")) <= 110


@pytest.mark.parametrize("demo", [each for each in DEMOS if each.name not in SLOW], ids=lambda demo: demo.name)
def test_a_demonstration_is_the_same_every_time(demo, output):
    assert demo.run() == output(demo.name)


def test_a_program_runs_the_very_text_that_it_shows():
    demo = program("sum", "A sum", {"As printed": "x = 1 + 1\nprint('x is', x)", "Put right": "y = x"}, ("x",))
    assert demo.code == "# As printed\nx = 1 + 1\nprint('x is', x)\n\n\n# Put right\ny = x"
    found = demo.run()
    assert found.lines == ("As printed:", "  x is 2", "", "Put right:", "  NameError: name 'x' is not defined")
    assert found.numbers == {"x": 2.0}


def test_what_comes_first_is_shown_once_and_run_anew_for_each_program():
    demo = program("list", "A list", {"One": "kept.append(1)", "Two": "print(kept)"}, first="kept = []")
    assert demo.code == "# To begin with\nkept = []\n\n\n# One\nkept.append(1)\n\n\n# Two\nprint(kept)"
    assert demo.run().lines == ("One:", "", "Two:", "  []")


def test_an_error_is_printed_as_python_prints_it_without_a_path_or_a_trace():
    found = run_parts({"Import": "from sklearn import nothing", "Form": "x = = 1", "Sum": "print(1)\n[][0]"})
    assert found.lines[1] == "  ImportError: cannot import name 'nothing' from 'sklearn'"
    assert found.lines[4] == "  SyntaxError: invalid syntax (line 1)"
    assert found.lines[7:] == ("  1", "  IndexError: list index out of range")


def test_a_charge_on_predictions_multiplies_the_least_squares_weights_by_one_number(numbers):
    found = numbers("penalty_on_predictions")
    rng = np.random.default_rng(2)
    x = rng.normal(size=100)
    both = np.stack([x, x + 0.01 * rng.normal(size=100)], axis=1)
    y = both.sum(axis=1) + 0.5 * rng.normal(size=100)
    free = np.linalg.lstsq(both, y, rcond=None)[0]
    held = np.linalg.lstsq(np.vstack([both, np.sqrt(10) * np.eye(2)]), np.append(y, [0, 0]), rcond=None)[0]
    assert found["free_first"] == pytest.approx(free[0], rel=1e-6)
    assert found["printed_first"] == pytest.approx(free[0] / 1.1, rel=1e-6)
    assert [found["right_first"], found["right_second"]] == pytest.approx(held, rel=1e-6)


def test_a_gradient_with_the_sign_ends_at_the_soft_threshold_and_one_with_the_weight_at_ridge(numbers, output):
    rng = np.random.default_rng(0)
    x = rng.normal(size=100)
    y = 3 * x + 0.5 * rng.normal(size=100)
    xx, xy = x @ x / 100, x @ y / 100
    assert numbers("l2_gradient_by_sign")["with_sign"] == pytest.approx((xy - 0.5) / xx, rel=1e-6)
    assert numbers("l2_gradient_by_sign")["with_l2"] == pytest.approx(xy / (xx + 1), rel=1e-6)
    assert "ValueError: non-broadcastable output operand with shape (1,)" in output("l2_gradient_by_sign").lines[1]


def test_ridge_and_lasso_with_one_alpha_are_held_by_different_strengths(numbers):
    x, y = load_diabetes(return_X_y=True)
    x, y = (x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std()
    free = np.linalg.norm(np.linalg.lstsq(x, y, rcond=None)[0])

    def ridge(alpha):
        return np.linalg.norm(np.linalg.solve(x.T @ x + alpha * np.eye(10), x.T @ y)) / free

    def lasso(alpha):
        """From the exact path of least angle regression, which is straight between its corners."""
        alphas, _, path = lars_path(x, y, method="lasso")
        return np.linalg.norm([np.interp(alpha, alphas[::-1], row[::-1]) for row in path]) / free

    found = numbers("same_alpha")
    assert found["ridge_share"] == pytest.approx(ridge(0.1), rel=1e-6)
    assert found["right_share"] == pytest.approx(ridge(0.1 * 442), rel=1e-6)
    assert found["lasso_share"] == pytest.approx(lasso(0.1), rel=1e-3)
    assert found["right_lasso"] == pytest.approx(lasso(0.05), rel=1e-3)
    assert found["iterations"] == 0


def test_independent_weights_shrink_by_one_factor_and_keep_their_spread(numbers):
    found = numbers("smaller_not_smoother")
    assert found["shrunk"] == pytest.approx(1 / (1 + 1))
    assert found["after"] == pytest.approx(found["before"])
    assert found["calmer"] < 0.5


def test_a_dropped_unit_has_no_gradient_and_adam_moves_its_weight_all_the_same(numbers):
    found = numbers("dropped_unit")
    assert (found["forgotten"], found["gradient_dropped"], found["kept"]) == (1.5, 0, -1.5)
    m, v = 0.9 * 0.1 / (1 - 0.9**2), 0.999 * 0.001 / (1 - 0.999**2)
    assert found["moved"] == pytest.approx(-0.1 * m / np.sqrt(v), rel=1e-6)
    assert found["moved"] == pytest.approx(-0.067, abs=5e-4)  # measured with an independent program


def test_the_formula_for_the_rate_leaves_one_unit_and_often_none(numbers):
    found = numbers("dropout_rate_rule")
    assert found["rate"] == pytest.approx(0.984, abs=5e-4)
    assert found["mean_kept"] == pytest.approx(1, abs=4 / np.sqrt(20000))
    assert found["silent"] == pytest.approx(binom.pmf(0, 64, 1 / 64), abs=4 * 0.5 / np.sqrt(20000))


def test_epsilon_does_not_move_the_minimum_and_a_penalty_does(numbers):
    found = numbers("epsilon_no_penalty")
    assert (found["small"], found["large"]) == pytest.approx((3, 3), abs=1e-3)
    assert found["penalised"] == pytest.approx(2 * 3 / (2 + 2 * 0.5), abs=1e-3)  # 2(w - 3) + w = 0
    assert (found["variance"], found["moment"]) == pytest.approx((0, 1))


def test_windows_are_cut_off_and_prefer_the_middle(numbers):
    found = numbers("window_batches")
    assert found["truncated"] == pytest.approx(31 / 100)  # starts 69 to 99
    assert found["unfair"] == 32  # 32 windows hold row 50, one holds row 0
    assert found["changed"] == pytest.approx(1 - 0.1 * 2 * 1)
    assert found["fewest"] == found["most"] == 50


def test_adagrad_slows_down_with_the_root_of_the_steps_and_rmsprop_does_not(numbers):
    found = numbers("adagrad_and_rmsprop")
    assert found["adagrad"] == pytest.approx(0.01 / np.sqrt(1000))
    assert found["rmsprop"] == pytest.approx(0.01)
    assert found["vanished"] < 0.25**20 * 2**20  # slopes of at most 1/4, matrices that at most double


def test_noise_explains_its_share_of_the_rows_and_harms_on_others(numbers):
    found = numbers("nothing_to_learn")
    assert found["seen"] == pytest.approx(10 / 99, abs=4 * 0.042 / np.sqrt(50))  # a beta distribution
    assert found["unseen"] == pytest.approx(-11 / 88, abs=0.04)


def test_one_neighbour_knows_its_rows_by_heart_and_others_by_chance(numbers):
    found = numbers("scored_on_seen_rows")
    assert found["seen"] == 1
    assert found["unseen"] == pytest.approx(0.7**2 + 0.3**2, abs=0.03)
    assert found["calm"] == pytest.approx(0.7, abs=0.03)


def test_training_rows_choose_no_penalty_and_validation_rows_about_the_best(numbers):
    found = numbers("tuned_on_training")
    assert found["on_training"] == 0
    assert 0.3 <= found["on_validation"] <= 3  # theory: noise variance / weight variance / rows = 40 / 50


def test_the_best_of_many_settings_flatters_where_nothing_can_be_found(numbers):
    found = numbers("best_of_many")
    assert binom.ppf(0.9, 100, 0.5) / 100 < found["best_score"] <= 0.8
    assert found["test_score"] == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(5000))


def test_half_of_the_fits_fail_without_a_word_where_the_solver_has_no_l1(numbers):
    found = numbers("lbfgs_has_no_l1")
    assert (found["fits"], found["failed"], found["empty"]) == (12 * 5, 6 * 5, 6)
    assert found["failed_right"] == 0
    assert found["test"] > 0.9


def test_ten_draws_from_eight_settings_are_a_grid(numbers):
    found = numbers("random_over_lists")
    assert (found["tried"], found["failed"], found["different"]) == (4 * 2, 4 * 5, 10)


def test_what_scikit_learn_warns_of_is_printed_and_does_not_leak():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = RANDOM_OVER_LISTS.run()
    assert any("UserWarning: The total space of parameters 8 is smaller than n_iter=10" in line for line in found.lines)


def test_the_mean_absolute_error_is_two_where_the_mean_squared_error_is_seven(numbers):
    errors = np.array([1, 1, 1, 5])
    assert numbers("mae_and_mse") == {"mae": errors.mean(), "mse": np.square(errors).mean()}


def test_the_import_of_a_bayesian_search_fails(output):
    assert "ImportError: cannot import name 'BayesianOptimization'" in output("no_such_class").lines[1]
    assert output("no_such_class").numbers == {"bayesian": 0}


def test_a_space_within_an_operator_is_a_syntax_error_and_a_taken_name_is_overwritten(output):
    assert output("printed_code").lines[1].startswith("  SyntaxError")
    assert output("printed_code").numbers == {"kept": 0, "own": 1}
