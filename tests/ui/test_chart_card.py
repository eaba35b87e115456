from base64 import b64decode
from importlib.resources import files

import numpy as np
import pytest

from regdash.charts.boundary import read_boundary
from regdash.datasets import Moons, Split, samples
from regdash.errors import RegdashError
from regdash.record import Probe
from regdash.ui.boundary_player import player_data
from regdash.ui.chart_card import box_of, numbers_of, plotly_source
from regdash.ui.plotly_js import FILE, ensure_plotly_js

ORIGINAL = files("plotly") / "package_data" / FILE


def boundary(frames=4, grid=3):
    answers = np.random.default_rng(0).integers(0, 256, (frames, grid, grid, 1)).astype(np.uint8)
    ticks = np.linspace(0, 1, grid)
    return read_boundary(Probe(10 * np.arange(frames), answers, ticks, ticks), samples(Moons(), Split()))


def test_plotly_js_is_copied_into_a_folder_that_does_not_exist_yet(tmp_path):
    ensure_plotly_js(tmp_path / "static")
    assert (tmp_path / "static" / FILE).read_bytes() == ORIGINAL.read_bytes()
    assert [path.name for path in (tmp_path / "static").iterdir()] == [FILE]


def test_another_plotly_js_is_replaced_and_the_right_one_left_alone(tmp_path):
    (tmp_path / FILE).write_text("old")
    ensure_plotly_js(tmp_path)
    written = (tmp_path / FILE).stat().st_mtime_ns
    ensure_plotly_js(tmp_path)
    assert (tmp_path / FILE).stat().st_mtime_ns == written
    assert (tmp_path / FILE).stat().st_size > 1_000_000


def test_a_folder_that_cannot_be_written_gives_a_sentence_with_its_place(tmp_path):
    (tmp_path / "static").write_text("a file where the folder should be")
    with pytest.raises(RegdashError, match=r"static.*could not be written.*Make the folder writable"):
        ensure_plotly_js(tmp_path / "static")


def test_frames_travel_as_bytes_and_come_back_the_same():
    data = boundary()
    sent = player_data(data, "run", 150)
    back = np.frombuffer(b64decode(sent["frames"]), np.uint8).reshape(-1, *sent["shape"])
    assert (back == data.frames).all()
    assert sent["epochs"] == [0, 10, 20, 30]
    assert sent["total"] == 150


def test_while_live_only_the_newest_frames_travel():
    data = boundary()
    sent = player_data(data, "run", 150, newest=2)
    assert sent["epochs"] == [20, 30]
    assert b64decode(sent["frames"]) == data.frames[2:].tobytes()


def test_before_training_no_frame_travels():
    sent = player_data(read_boundary(None, samples(Moons(), Split())), "run", 150)
    assert (sent["frames"], sent["epochs"]) == ("", [])


@pytest.mark.parametrize(("base", "start"), [("", "/app/"), ("lab", "/lab/app/"), ("/lab/reg/", "/lab/reg/app/")])
def test_plotly_js_is_fetched_below_the_base_path_of_the_server(base, start):
    assert plotly_source(base).startswith(f"{start}static/plotly.min.js?v=")


@pytest.mark.parametrize(
    ("sent", "numbers"),
    [([3, 4], (3, 4)), (7, (7,)), (None, ()), (["3", 2.5, True, 1], (1,)), ({"a": 1}, ()), ([], ())],
)
def test_a_click_hands_over_whole_numbers_and_nothing_else(sent, numbers):
    assert numbers_of(sent) == numbers


def test_a_click_hands_over_a_limited_number_of_them():
    assert len(numbers_of(list(range(10_000)))) == 200


@pytest.mark.parametrize(
    ("sent", "box"),
    [
        ([0, 1.5, -0.2, 0.3], (0, 1.5, -0.2, 0.3)),
        ([0, 1, 2], None),
        ([0, 1, 2, "3"], None),
        ([0, 1, 2, True], None),
        ([0, 1, 2, float("nan")], None),
        (None, None),
        ({"x": 1}, None),
    ],
)
def test_a_box_has_four_finite_ends_or_is_none(sent, box):
    assert box_of(sent) == box
