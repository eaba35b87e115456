"""History, slices, importance and the race: where the marks of trials stand and what they name."""

from dataclasses import replace

import numpy as np
import pytest
from fake_trials import ACTIVATION, DROPOUT, FAILED, STRENGTH, named, outcome, plan_of, scattered, tried

from regdash.charts.search_history import alt_history, draw_history, read_history
from regdash.charts.search_importance import alt_importance, draw_importance, read_importance
from regdash.charts.search_race import alt_race, draw_race, read_race
from regdash.charts.search_race_clouds import alt_race_clouds, draw_race_clouds, read_race_clouds
from regdash.charts.search_slices import alt_slices, draw_slices, read_slices
from regdash.search import Range
from regdash.search.importance import Importance, Share

BOTH = plan_of(DROPOUT, STRENGTH)
LOSSES = [0.9, 0.7, None, 0.8, 0.4, 0.4, 0.6]


def at(dropout=0.3, strength=0.01):
    return {"dropout.rate": dropout, "l2.l2": strength}


def by_number(losses, **facts):
    return tried([(at(), loss) for loss in losses], **facts)


def test_the_best_so_far_falls_in_steps_at_the_trials_that_were_better():
    drawing = draw_history(read_history(BOTH, by_number(LOSSES)), "light")
    steps = named(drawing, "best so far")
    so_far = np.fmin.accumulate([0.9, 0.7, np.nan, 0.8, 0.4, 0.4, 0.6])
    drops = [0, *(np.flatnonzero(np.diff(so_far) < 0) + 1).tolist()]
    assert steps["x"] == [*drops, 6]
    assert steps["y"] == pytest.approx([*so_far[drops], 0.4])
    assert steps["line"]["shape"] == "hv"
    assert named(drawing, "improvements")["customdata"] == [[0], [1], [4]]


def test_a_higher_accuracy_is_a_better_one():
    data = read_history(plan_of(DROPOUT, STRENGTH, metric="val_accuracy"), by_number([0.5, 0.6, 0.55]))
    assert named(draw_history(data, "light"), "best so far")["y"] == pytest.approx([50, 60, 60])
    assert data.scores.axis == "Validation accuracy (%)"
    assert "60 %" in alt_history(data)


def test_failed_trials_stand_at_the_worse_edge_with_their_reason():
    for metric, end in (("val_loss", max), ("val_accuracy", min)):
        plan = plan_of(DROPOUT, STRENGTH, metric=metric)
        failed = named(draw_history(read_history(plan, by_number(LOSSES)), "dark"), "failed")
        scores = named(draw_history(read_history(plan, by_number(LOSSES)), "dark"), "rung 0")["y"]
        assert end([*failed["y"], *scores]) == failed["y"][0]
        assert failed["customdata"] == [[2]]
        assert "diverged at epoch 3" in failed["hovertext"][0]


def test_the_best_has_the_interval_over_its_runs():
    data = read_history(BOTH, by_number([(0.5, 0.7), (0.2, 0.4)]))
    bars = named(draw_history(data, "light"), "improvements")["error_y"]
    half = data.scores.high[-1] - data.scores.mean[-1]
    assert bars["array"] == pytest.approx([0, half], rel=1e-3)  # of the one before only the mark
    assert not named(draw_history(read_history(BOTH, by_number([0.5])), "light"), "improvements")["error_y"]["visible"]


def test_every_rung_of_a_halving_has_marks_of_its_own_and_only_the_longest_can_be_the_best():
    plan = plan_of(DROPOUT, STRENGTH, halving="halving")
    first = [replace(each, epochs=10) for each in by_number([0.3, 0.6, 0.9])]
    longer = replace(first[0], number=3, rung=1, epochs=30, outcome=outcome(0.5))
    data = read_history(plan, [*first, longer])
    drawing = draw_history(data, "light")
    assert [named(drawing, uid)["name"] for uid in ("rung 0", "rung 1")] == ["10 epochs", "30 epochs"]
    assert named(drawing, "rung 0")["marker"]["symbol"] != named(drawing, "rung 1")["marker"]["symbol"]
    assert named(drawing, "best so far")["x"] == [3, 3]
    assert "trial 3" in alt_history(data)


def test_outliers_are_open_triangles_at_the_edge():
    drawing = draw_history(read_history(BOTH, by_number([0.3, 0.31, 0.32, 0.33, 1e6])), "light")
    dots = named(drawing, "rung 0")
    assert max(dots["y"]) < 1
    assert dots["marker"]["symbol"] == ["circle"] * 4 + ["triangle-up-open"]
    assert dots["hovertext"][4].startswith("trial 4: 1e+06")


def test_a_slice_has_every_trial_in_every_panel():
    plan = plan_of(DROPOUT, STRENGTH, ACTIVATION)
    trials = scattered(plan, 40)
    data = read_slices(plan, trials)
    drawing = draw_slices(data, "light")
    good = [each for each in trials if each.outcome is not FAILED]
    dots = named(drawing, "dropout.rate dots")
    assert dots["x"] == pytest.approx([each.values["dropout.rate"] for each in good], rel=1e-3)
    assert dots["customdata"] == [[each.number] for each in good]
    off = named(drawing, "l2.l2 dots")["x"]
    assert sum(x < -4 for x in off) == sum(each.values["l2.l2"] == 0 for each in good)
    assert len(named(drawing, "network.activation failed")["x"]) == 40 - len(good)
    best = min(good, key=lambda each: each.score)
    assert named(drawing, "dropout.rate best")["customdata"] == [[best.number]]
    assert data.rows == 2
    assert f"{best.score:.4g}" in alt_slices(data)


def test_panels_do_not_overlap():
    twelve = [Range(f"{name}", 0.1, 0.5) for name in ("dropout.rate", "input_dropout.rate", "gaussian_dropout.rate")]
    plan = plan_of(*twelve, STRENGTH, ACTIVATION)
    layout = draw_slices(read_slices(plan, scattered(plan, 10)), "light").plain_layout
    boxes = [(layout[f"xaxis{k}"]["domain"], layout[f"yaxis{k}"]["domain"]) for k in ("", "2", "3", "4", "5")]
    for turn, (x, y) in enumerate(boxes):
        assert 0 <= x[0] < x[1] <= 1
        assert 0 <= y[0] < y[1] <= 1
        assert all(x[1] < a[0] or a[1] < x[0] or y[1] < b[0] or b[1] < y[0] for a, b in boxes[:turn])


def test_importance_is_a_bar_each_with_its_interval_and_names_its_method():
    shares = {"dropout.rate": Share(0.2, 0.1, 0.35), "l2.l2": Share(0.8, 0.65, 0.9)}
    data = read_importance(BOTH, Importance("mdi", shares, 60, "L2 strength matters most."))
    bars = named(draw_importance(data, "light"), "shares")
    assert bars["x"] == pytest.approx([80, 20])
    assert bars["error_x"]["array"] == pytest.approx([10, 15])
    assert bars["error_x"]["arrayminus"] == pytest.approx([15, 10])
    assert "random forest" in data.title
    assert "L2 strength 80 %" in alt_importance(data)


def test_importance_says_why_it_is_hidden():
    data = read_importance(BOTH, Importance("ped_anova", {}, 20, "At least 50 trials are needed, and here are 20"))
    note = draw_importance(data, "dark").plain_layout["annotations"][0]["text"]
    assert note.replace("<br>", " ") == "At least 50 trials are needed, and here are 20."


def test_a_race_shows_the_best_so_far_of_each_by_trials_or_by_seconds():
    entries = [("grid", BOTH, by_number([0.9, 0.5, 0.7])), ("random", BOTH, by_number([0.6, 0.8, 0.4]))]
    drawing = draw_race(read_race(entries), "light")
    assert (named(drawing, "search 0")["x"], named(drawing, "search 0")["y"]) == ([1, 2, 3], [0.9, 0.5, 0.5])
    assert (named(drawing, "search 1")["x"], named(drawing, "search 1")["y"]) == ([1, 3, 3], [0.6, 0.4, 0.4])
    assert named(draw_race(read_race(entries, by="seconds"), "light"), "search 0")["x"] == [0.25, 0.5, 0.75]
    looks = [named(drawing, f"search {k}")["line"] for k in range(2)]
    assert looks[0]["dash"] != looks[1]["dash"]
    assert looks[0]["color"] != looks[1]["color"]


def test_a_replay_hides_later_trials_and_keeps_the_axes():
    entries = [("grid", BOTH, by_number([0.9, 0.5, 0.7])), ("random", BOTH, by_number([0.6, 0.8, 0.4]))]
    half, whole = (draw_race(read_race(entries, upto=upto), "light") for upto in (2, None))
    assert named(half, "search 1")["y"] == [0.6, 0.6]
    for axis in ("xaxis", "yaxis"):
        assert half.plain_layout[axis]["range"] == whole.plain_layout[axis]["range"]
    clouds = draw_race_clouds(read_race_clouds(entries, upto=2), "light")
    assert len(named(clouds, "dots 1")["x"]) == 2
    assert "no trial" in alt_race(read_race(entries, upto=0)).lower()


def test_clouds_of_all_searches_share_their_axes_and_colours():
    grid = plan_of(DROPOUT, STRENGTH, strategy="grid")
    entries = [("grid", grid, scattered(BOTH, 9)), ("random", BOTH, scattered(BOTH, 12, seed=1))]
    data = read_race_clouds(entries)
    drawing = draw_race_clouds(data, "dark")
    layout = drawing.plain_layout
    assert layout["xaxis"]["range"] == layout["xaxis2"]["range"]
    assert {named(drawing, f"dots {k}")["marker"]["coloraxis"] for k in (1, 2)} == {"coloraxis"}
    assert [note["text"] for note in layout["annotations"]] == ["grid", "random"]
    assert "12 points" in alt_race_clouds(data)
    flipped = read_race_clouds(entries, x="l2.l2")
    assert (flipped.x.path, flipped.y.path) == ("l2.l2", "dropout.rate")


def test_a_race_of_nothing_and_clouds_of_one_setting_are_empty():
    one = plan_of(DROPOUT)
    assert not draw_race(read_race([]), "light").traces
    assert not draw_race_clouds(read_race_clouds([]), "light").traces
    assert not draw_race_clouds(read_race_clouds([("grid", one, scattered(one, 5))]), "light").traces
