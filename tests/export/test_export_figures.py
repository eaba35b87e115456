"""Figures for paper and slides: sizes, words around them, and names that are only names."""

import pytest
from pictures import HOSTILE, loss_picture

from regdash.charts.theme import PALETTES
from regdash.experiment import Experiment
from regdash.export.captions import caption, versions_words
from regdash.export.figures import PX_PER_MM, SIZES, Words, framed, without_hidden
from regdash.export.files import Look, drawn
from regdash.regularizers import L2
from regdash.repeats import Setting

BY_NAME = {size.name: size for size in SIZES}


def layout_of(**look):
    return drawn(loss_picture(), Look(**look)).plain_layout


@pytest.mark.parametrize(("name", "millimetres"), [("column", 85), ("columns", 178)])
def test_paper_sizes_are_those_of_a_journal(name, millimetres):
    assert layout_of(size=BY_NAME[name])["width"] / PX_PER_MM == pytest.approx(millimetres, abs=0.2)


def test_a_slide_is_sixteen_to_nine_and_full_hd_by_default():
    drawing = drawn(loss_picture(), Look(BY_NAME["slide"]))
    assert Look(BY_NAME["slide"]).pixels(drawing) == (1920, 1080)


def test_letters_have_eight_to_nine_points_on_paper():
    layout = layout_of(size=BY_NAME["column"])
    axis = layout["template"]["layout"]["xaxis"]
    points = [72 / 96 * size for size in (axis["tickfont"]["size"], axis["title"]["font"]["size"])]
    assert all(8 <= size <= 9 for size in points)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_every_palette_stands_on_its_own_paper(theme):
    assert layout_of(theme=theme)["paper_bgcolor"] == PALETTES[theme].paper


def test_title_and_caption_are_wrapped_and_hold_no_markup_of_a_visitor():
    layout = layout_of(size=BY_NAME["column"], title=HOSTILE, caption=" ".join([HOSTILE] * 9))
    said = layout["title"]["text"] + layout["title"]["subtitle"]["text"]
    assert "<script" not in said
    assert "&lt;script&gt;" in said
    lines = layout["title"]["subtitle"]["text"].split("<br>")
    assert 2 < len(lines) <= 6
    assert lines[-1].endswith("…")


def test_an_empty_title_leaves_none_and_no_title_means_the_charts_own():
    assert layout_of(title="")["title"]["text"] == ""
    assert layout_of()["title"]["text"] == "<b>Loss</b>"


def test_what_waits_in_the_legend_is_not_on_paper():
    names = [trace["name"] for trace in without_hidden(framed_loss()).traces]
    assert "running loss" not in names


def framed_loss():
    picture = loss_picture()
    return framed(picture.draw("print"), "print", SIZES[0], Words("Loss"), picture.height)


def test_a_frame_is_a_figure_that_plotly_knows():
    figure = framed_loss().figure
    assert figure.layout.title.text == "<b>Loss</b>"
    assert len({trace.uid for trace in figure.data}) == len(figure.data)


def test_a_caption_tells_the_setting_its_seeds_and_folds():
    setting = Setting(Experiment(regularizers=(L2(l2=0.001),)).with_values({"training.seed": 3}), 5)
    told = caption({"Current": setting})
    assert told.startswith("Moons, ")
    assert "L2 strength 0.001" in told
    assert told.endswith("; seeds 3 to 7.")
    folded = Setting(Experiment().with_values({"split.folds": 4}), 1)
    assert caption({"a": folded}).endswith("seed 0, 4 folds.")
    assert caption({}) == ""
    two = caption({"Current": setting, "Baseline": folded})
    assert two.startswith("Current: Moons")
    assert "Baseline: Moons" in two


def test_versions_are_those_of_the_record_where_it_has_any():
    assert versions_words({"keras": "3.9", "tensorflow": "2.20"}).endswith(", Keras 3.9, TensorFlow 2.20")
    assert versions_words({"keras": "3.9", "jax": "0.7"}).endswith(", Keras 3.9, JAX 0.7")
