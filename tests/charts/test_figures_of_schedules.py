"""The figure of schedules against their closed forms."""

import numpy as np
import pytest

from regdash.charts.figure_schedule_shapes import ScheduleShapes, read_schedule_shapes
from regdash.charts.figures import figure_number
from regdash.optimizers import SCHEDULES


@pytest.mark.parametrize(
    ("schedule", "half", "end"),
    [
        ("constant", 1.0, 1.0),
        ("exponential", 0.2**2, 0.2**4),
        ("linear", 0.6, 0.2),
        ("cosine", 0.6, 0.2),
        ("step", 0.2, 0.2**3),  # a boundary belongs to its left
        ("inverse_time", 1 / 9, 1 / 17),  # 1 / (1 + 4 * step / 250)
        ("reduce_on_plateau", 1.0, 0.2**2),  # 25 epochs after step 300, and again after 25
    ],
)
def test_what_is_left_half_way_and_at_the_end_is_that_of_the_formula(schedule, half, end):
    given = {"schedule": schedule, "share": 0.2, "stretch": 250}
    assert figure_number("schedule_shapes", "half", given) == pytest.approx(half)
    assert figure_number("schedule_shapes", "end", given) == pytest.approx(end)


def test_a_warm_up_grows_evenly_and_the_schedule_begins_after_it():
    data = read_schedule_shapes(ScheduleShapes("cosine", share=0.0, warmup=200))
    for kind in SCHEDULES:
        np.testing.assert_allclose(data.rates[kind.name][:200], np.arange(1, 201) / 200)
        assert data.rates[kind.name][200] == 1
    assert data.rates["cosine"][600] == pytest.approx(0.5)
    assert data.rates["cosine"][1000] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_shares_that_a_schedule_does_not_allow_become_the_nearest_that_it_allows(share):
    data = read_schedule_shapes(ScheduleShapes("step", share=share))
    drop = {0.0: 0.05, 1.0: 0.95}[share]
    assert data.rates["step"][260] == pytest.approx(drop)
    assert all(np.isfinite(rates).all() and rates.max() <= 1 for rates in data.rates.values())
