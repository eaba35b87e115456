import pytest

from regdash.datasets import samples
from regdash.experiment import Experiment
from regdash.ui.estimate import SECONDS_PER_STEP, SHORT, is_short, seconds

ROWS = len(samples(Experiment().data, Experiment().split).train)


def setting(**values):
    return Experiment().with_values({path.replace("__", "."): value for path, value in values.items()})


def test_twice_the_epochs_last_twice_as_long():
    assert seconds(setting(training__epochs=300), 1) == pytest.approx(2 * seconds(setting(training__epochs=150), 1))


def test_smaller_batches_cost_their_additional_steps_and_nothing_else():
    whole, single = (setting(training__epochs=10, training__batch_size=size) for size in (ROWS, 1))
    assert seconds(single, 1) - seconds(whole, 1) == pytest.approx(10 * (ROWS - 1) * SECONDS_PER_STEP)


def test_a_last_batch_that_is_not_full_is_a_step_too():
    part, full = (setting(training__epochs=10, training__batch_size=size) for size in (ROWS - 1, ROWS))
    assert seconds(part, 1) - seconds(full, 1) == pytest.approx(10 * SECONDS_PER_STEP)


def test_each_further_seed_costs_the_same_and_less_than_the_first():
    one, two, three = (seconds(Experiment(), seeds) for seeds in (1, 2, 3))
    assert three - two == pytest.approx(two - one)
    assert 0 < two - one < one


def test_more_units_cost_in_proportion_to_the_multiplications():
    def of_a_seed(width):
        experiment = setting(network__widths=(width,))
        return seconds(experiment, 2) - seconds(experiment, 1)

    products = [2 * width + width for width in (10, 200)]  # two inputs, one output
    assert of_a_seed(200) / of_a_seed(10) == pytest.approx(products[1] / products[0])


def test_the_default_is_trained_on_every_change_and_a_long_training_is_not():
    assert is_short(Experiment(), 1)
    long = setting(training__epochs=2000, network__widths=(256, 256), training__batch_size=8, data__samples=5000)
    assert not is_short(long, 1)


def test_short_means_at_most_the_seconds_that_are_bearable():
    pace = seconds(setting(training__epochs=1, training__batch_size=1), 1)
    most = int(SHORT / pace)
    assert is_short(setting(training__epochs=most, training__batch_size=1), 1)
    assert not is_short(setting(training__epochs=most + 1, training__batch_size=1), 1)
