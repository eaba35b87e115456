"""The regularisers that are added one by one, and what a change of data or network takes back."""

import pytest
from test_train import draft, keys, widget, words

from regdash.regularizers import REGULARIZERS, ElasticNet
from regdash.ui import extras, form


def add(page, name):
    return widget(page.selectbox, form.ADD).set_value(name).run()


def remove(page, name):
    return page.button(key=f"remove {name}").click().run()


def typed_in(page, text):
    """Type into the menu of batch sizes; the test's own page knows only what the menu offers."""
    box = page.selectbox(key="training.batch_size")
    box.options.append(text)
    return box.set_value(text).run()


def offered(page):
    return widget(page.selectbox, form.ADD).options


def test_only_the_everyday_ones_are_there_at_first(open_page):
    page = open_page()
    there = {path.partition(".")[0] for path in keys(page) if path.partition(".")[0] in draft(page).parts}
    everyday = {kind.name for kind in extras.EVERYDAY}
    assert there & {kind.name for kind in REGULARIZERS} == everyday
    assert "Weights: Elastic net" in offered(page)
    assert "Labels: Label smoothing" in offered(page)


@pytest.mark.parametrize("kind", extras.EXTRAS, ids=lambda kind: kind.name)
def test_each_can_be_added_with_a_mild_value_trained_and_removed(open_page, queue, kind):
    page = open_page(data="digits", network="convolutional", **{"data.rows": "200", "training.epochs": "10"})
    add(page, kind.name)
    assert not page.exception
    name, value = extras.mild(kind)
    path = f"{kind.name}.{name}"
    assert draft(page).values[path] == queue.asked[-1].values[path] == value
    assert path in keys(page)
    assert kind.name not in [each.partition(": ")[2] for each in offered(page)]
    remove(page, kind.name)
    assert path not in keys(page)
    assert draft(page).regularizers == ()
    assert f"remove {kind.name}" not in {each.key for each in page.button}


def test_all_settings_of_one_in_use_are_shown_and_one_at_zero_keeps_its_first(open_page):
    page = open_page()
    add(page, "elastic_net")
    assert {"elastic_net.strength", "elastic_net.l1_ratio"} <= keys(page)
    page.slider(key="elastic_net.l1_ratio").set_value(0.2).run()
    assert draft(page).regularizers == (ElasticNet(0.001, 0.2),)
    widget(page.select_slider, "elastic_net.strength").set_value(0.0).run()
    assert draft(page).regularizers == ()
    assert "elastic_net.strength" in keys(page)
    assert "elastic_net.l1_ratio" not in keys(page)
    widget(page.select_slider, "elastic_net.strength").set_value(0.01).run()
    assert draft(page).regularizers == (ElasticNet(0.01),)


def test_one_in_a_link_has_its_controls(open_page):
    page = open_page(**{"mixup.alpha": "0.4"})
    assert page.slider(key="mixup.alpha").value == 0.4
    remove(page, "mixup")
    assert "mixup.alpha" not in page.query_params


def test_undo_reset_and_a_preset_leave_no_controls_at_zero_behind(open_page):
    for label in ("Undo", "Reset", "Nothing to learn"):
        page = open_page()
        add(page, "max_norm")
        next(each for each in page.button if each.label == label).click().run()
        assert not page.exception
        assert draft(page).regularizers == ()
        assert not any(key.startswith("max_norm") for key in keys(page))


def test_several_can_be_added_after_each_other(open_page):
    page = open_page()
    for name in ("max_norm", "input_noise", "unit_norm", "gradient_clipping"):
        add(page, name)
        assert widget(page.selectbox, form.ADD).value is None
    assert [each.name for each in draft(page).regularizers] == [
        "max_norm",
        "unit_norm",
        "input_noise",
        "gradient_clipping",
    ]


def test_of_the_ways_of_clipping_only_one_is_set(open_page):
    page = open_page()
    add(page, "gradient_clipping")
    widget(page.select_slider, "gradient_clipping.clipvalue").set_value(0.5).run()
    assert draft(page).values["gradient_clipping.clipvalue"] == 0.5
    assert draft(page).values["gradient_clipping.clipnorm"] == 0.0
    assert widget(page.select_slider, "gradient_clipping.clipnorm").value == 0.0
    assert not page.exception


def test_early_stopping_can_watch_another_curve(open_page):
    page = open_page(**{"early_stopping.patience": "10"})
    watched = page.selectbox(key="early_stopping.monitor")
    assert watched.options == ["validation loss", "validation accuracy", "training loss"]
    watched.set_value("val_accuracy").run()
    page.number_input(key="early_stopping.start_epoch").set_value(5).run()
    page.toggle(key="early_stopping.restore_best").set_value(False).run()
    assert not page.exception
    stopping = draft(page).parts["early_stopping"]
    assert (stopping.monitor, stopping.start_epoch, stopping.restore_best) == ("val_accuracy", 5, False)


def test_a_network_for_images_is_refused_beside_the_menu_until_there_are_images(open_page):
    page = open_page()
    page.selectbox(key="network").set_value("convolutional").run()
    assert draft(page).network.name == "mlp"
    assert widget(page.selectbox, "network").value == "mlp"
    assert "Convolutional (CNN) looks at images, and a row of Moons is 2 numbers" in words(page)
    page.selectbox(key="data").set_value("digits").run()
    assert "looks at images" not in words(page)
    widget(page.selectbox, "network").set_value("convolutional").run()
    assert draft(page).network.name == "convolutional"


def test_without_images_the_network_gives_way_and_the_page_says_so(open_page):
    page = open_page(data="digits", network="convolutional", **{"image_shift.pixels": "1", "l2.l2": "0.001"})
    page.selectbox(key="data").set_value("moons").run()
    assert not page.exception
    assert draft(page).network.name == "mlp"
    assert [each.name for each in draft(page).regularizers] == ["l2"]
    assert "needs images, so the network is now Dense layers (MLP)." in words(page)
    assert "Shift images does not fit here and was taken back." in words(page)
    page.slider(key="dropout.rate").set_value(0.1).run()
    assert "needs images" not in words(page)


@pytest.mark.parametrize(
    ("typed", "size"), [("all rows", 0), ("All", 0), ("64", 64), ("20", 20), (" 7 ", 7), ("1024", 1024)]
)
def test_the_batch_is_chosen_typed_or_all_rows(open_page, typed, size):
    page = open_page()
    typed_in(page, typed)
    assert draft(page).values["training.batch_size"] == size
    assert widget(page.selectbox, "training.batch_size").value.strip().lower() in (str(size), "all rows", "all")
    assert not page.exception


@pytest.mark.parametrize("typed", ["many", "-3", "5000", "1e9", "٣", ""])
def test_a_batch_that_is_none_is_said_beside_it(open_page, typed):
    page = open_page()
    typed_in(page, typed)
    assert not page.exception
    assert draft(page).values["training.batch_size"] == 32
    assert "Batch size must be" in words(page)
    widget(page.selectbox, "training.batch_size").set_value("all rows").run()
    assert "Batch size must be" not in words(page)
    assert widget(page.selectbox, "training.batch_size").value == "all rows"
