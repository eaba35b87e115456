"""The chart of a class: where the dots stand, whose they are, and which one is best."""

import json
from statistics import mean

import pytest
from scipy.stats import t as student

from regdash.charts.room import Found, alt_room, draw_room, read_room, varying
from regdash.charts.room_axis import axis_of, spread_out
from regdash.experiment import Experiment
from regdash.networks import Linear
from regdash.optimizers import SGD


def found(name="Ada", best=(0.4,), gap=(0.1,), score=(0.8,), experiment=None, **values):
    start = experiment or Experiment()
    changed = start.with_values({path.replace("__", "."): value for path, value in values.items()})
    return Found(name, changed, best, (1,) * len(best), gap, score)


def dots(figure, name):
    return next(trace for trace in figure.data if trace.name == name)


def test_the_setting_with_most_values_stands_on_the_axis_and_seeds_and_folds_never_do():
    class_ = [found(l2__l2=s, dropout__rate=r, split__folds=3) for s, r in ((0.0, 0.1), (0.1, 0.2), (0.1, 0.3))]
    class_.append(found(training__seed=9))
    assert list(varying(class_)) == ["dropout.rate", "l2.l2"]
    assert read_room(class_).axis.label == "Dropout"
    assert read_room(class_, over="l2.l2").axis.label.startswith("L2 strength")


def test_a_dot_is_the_mean_over_seeds_with_its_interval():
    values = (0.3, 0.4, 0.8)
    figure = draw_room(read_room([found(best=values, dropout__rate=0.1), found(best=(0.9,))]), "light")
    trace = dots(figure, "the class")
    half = student.ppf(0.975, 2) * (sum((v - mean(values)) ** 2 for v in values) / 2) ** 0.5 / 3**0.5
    assert trace.y[0] == pytest.approx(mean(values), rel=1e-3)
    assert trace.error_y.array[0] == pytest.approx(half, rel=1e-3)
    assert trace.error_y.array[1] == 0


def test_own_dots_are_told_from_those_of_the_class():
    class_ = [found("Ada", dropout__rate=0.1), found("Bob", dropout__rate=0.2), found("Ada", dropout__rate=0.3)]
    figure = draw_room(read_room(class_), "light", own="Ada")
    assert len(dots(figure, "you").x) == 2
    assert len(dots(figure, "the class").x) == 1
    assert dots(figure, "you").marker.color != dots(figure, "the class").marker.color


@pytest.mark.parametrize(
    ("measure", "winner"), [("best", "low loss"), ("gap", "small gap"), ("accuracy", "right"), ("r2", "right")]
)
def test_the_best_setting_is_marked_by_what_is_better_for_the_measure(measure, winner):
    class_ = [
        found("low loss", (0.1,), (-0.5,), (0.5,), dropout__rate=0.1),
        found("small gap", (0.2,), (0.01,), (0.6,), dropout__rate=0.2),
        found("right", (0.3,), (0.4,), (0.9,), dropout__rate=0.3),
    ]
    data = read_room(class_, measure=measure)
    assert data.dots[data.best].nickname == winner
    ring = dots(draw_room(data, "dark"), "best setting")
    assert (ring.x[0], ring.y[0]) == (
        pytest.approx(data.dots[data.best].at),
        pytest.approx(data.dots[data.best].over.mean),
    )
    assert winner in alt_room(data)


def test_strengths_stand_by_powers_of_ten_and_an_exact_zero_one_step_to_the_left():
    axis = axis_of([0.0, 0.001, 0.01, 0.1], "L2", log=True)
    assert axis.places == pytest.approx({0.0: -4.0, 0.001: -3.0, 0.01: -2.0, 0.1: -1.0})
    assert [word for _, word in axis.ticks] == ["0", "0.001", "0.01", "0.1"]
    assert axis_of([0.0, 0.0], "L2", log=True).places == {0.0: 0.0}


def test_many_strengths_are_written_by_powers_of_ten_only():
    values = [0.0, *(float(f"{digit}e{power}") for power in (-4, -3, -2) for digit in (1, 2, 3, 5))]
    assert [word for _, word in axis_of(values, "L2", log=True).ticks] == ["0", "0.0001", "0.001", "0.01"]


def test_words_stand_in_a_row_and_numbers_to_scale():
    assert axis_of(["tanh", "relu"], "Activation").places == {"relu": 0.0, "tanh": 1.0}
    assert axis_of([(8,), (32, 16)], "Widths").ticks == ((0.0, "32-16"), (1.0, "8"))
    assert axis_of([100, 20, 60], "Epochs").places == {20: 20.0, 60: 60.0, 100: 100.0}


@pytest.mark.parametrize("number", [1, 2, 7, 200])
def test_equal_settings_stand_side_by_side_without_reaching_the_next_value(number):
    axis = axis_of([0.1, 0.2], "Dropout")
    places = spread_out([(0.1, f"pupil {k}") for k in range(number)], axis)
    assert len(set(places)) == number
    assert mean(places) == pytest.approx(0.1)
    assert max(abs(place - 0.1) for place in places) < 0.05


def test_another_network_or_optimizer_can_be_compared_too():
    class_ = [found(), found(experiment=Experiment(network=Linear())), found(experiment=Experiment(optimizer=SGD()))]
    assert {"network", "optimizer"} <= set(varying(class_))
    assert len(read_room(class_, over="network").axis.ticks) == 2
    assert len(read_room(class_, over="network.activation").dots) == 2


def test_names_are_only_names_on_hover_and_in_the_alternative_text():
    text = draw_room(read_room([found('<a href="x">Ada</a>'), found("%{x}", dropout__rate=0.1)]), "light").to_json()
    assert "<a href" not in text
    assert "&lt;a href" in text
    customs = [each for trace in json.loads(text)["data"] for each in trace.get("customdata", [])]
    assert ["%{x}", "Dropout 0.1", ""] in customs


def test_a_run_that_was_never_finite_is_no_dot():
    nan = float("nan")
    data = read_room([found(best=(nan,)), found(best=(nan, 0.5), dropout__rate=0.1)])
    assert [dot.over.n for dot in data.dots] == [1]
