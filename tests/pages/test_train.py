import pytest
from fake_queue import FakeQueue

from regdash.datasets import Digits, OwnTable, Split, available
from regdash.errors import RegdashError
from regdash.experiment import CHOICES, Experiment
from regdash.jobs.queue import EngineView
from regdash.links import from_address, to_link
from regdash.networks import Convolutional
from regdash.params import params_of
from regdash.presets import PRESETS
from regdash.regularizers import REGULARIZERS, Dropout
from regdash.ui import form, frame, session
from regdash.ui.extras import mild


def words(page):
    """Everything the page says in its own HTML."""
    return " ".join(each.proto.body for each in page.get("html"))


def draft(page):
    return page.session_state[session.DRAFT].experiment


def button(page, label):
    return next(each for each in page.button if each.label == label)


def widget(kind, name):
    """The widget of that name, however often it was replaced because the draft changed without it."""
    return next(each for each in kind if each.key.partition(":")[0] == name)


def keys(page):
    drawn = [*page.slider, *page.select_slider, *page.number_input, *page.selectbox, *page.toggle, *page.text_input]
    return {each.key for each in drawn}


@pytest.mark.parametrize("path", [path for path, _ in frame.PAGES])
def test_every_page_is_complete_by_itself(open_page, path):
    opened = open_page(path)
    assert not opened.exception
    assert opened.query_params["v"] == "1"
    links = [each.proto.label for each in opened.get("page_link")]
    assert links[: len(frame.PAGES)] == [label for _, label in frame.PAGES]


def test_the_default_experiment_is_trained_at_once_and_drawn(open_page, queue):
    page = open_page()
    assert queue.asked == [Experiment()]
    assert 'data-state="done"' in words(page)
    assert "Best validation loss" in words(page)
    assert len(page.get("bidi_component")) == 6  # five charts, and the keeper of the visitor's name


def test_a_moved_slider_changes_draft_address_and_runs(open_page, queue):
    page = open_page()
    page.slider(key="dropout.rate").set_value(0.5).run()
    assert draft(page).values["dropout.rate"] == 0.5
    assert page.query_params["dropout.rate"] == "0.5"
    assert queue.asked[-1].values["dropout.rate"] == 0.5


def test_an_exact_zero_can_be_had_beside_a_logarithmic_range(open_page):
    page = open_page(**{"l2.l2": "0.001"})
    assert page.select_slider(key="l2.l2").value == 0.001
    page.select_slider(key="l2.l2").set_value(0.0).run()
    assert draft(page) == Experiment()
    assert "l2.l2" not in page.query_params


def test_the_same_setting_is_asked_for_only_once(open_page, queue):
    page = open_page()
    page.run()
    page.slider(key="dropout.rate").set_value(0.5).run()
    page.slider(key="dropout.rate").set_value(0.0).run()
    assert len(queue.asked) == 2


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.label)
def test_a_preset_sets_draft_widgets_and_address(open_page, preset):
    page = open_page()
    button(page, preset.label).click().run()
    assert not page.exception
    assert draft(page) == preset.experiment
    assert widget(page.selectbox, "data").value == preset.experiment.data.name
    assert from_address(dict(page.query_params)).experiment == preset.experiment


def test_undo_takes_the_last_change_back_in_the_widgets_too(open_page):
    page = open_page()
    page.slider(key="dropout.rate").set_value(0.5).run()
    button(page, "Undo").click().run()
    assert draft(page) == Experiment()
    assert widget(page.slider, "dropout.rate").value == 0.0
    assert button(page, "Undo").disabled


def test_widgets_start_from_the_draft_so_that_a_browser_without_their_state_reports_nothing_else(open_page):
    page = open_page(**{"dropout.rate": "0.35", "l2.l2": "0.003", "network.widths": "8-4", "data": "xor", "seeds": "5"})
    shown = [*page.slider, *page.select_slider, *page.number_input, *page.toggle, *page.text_input]
    defaults = {each.key: each.proto.default for each in shown}
    assert list(defaults["dropout.rate"]) == [0.35]
    assert page.select_slider(key="l2.l2").proto.options[int(defaults["l2.l2"][0])] == "0.003"
    assert defaults["network.widths"] == "8-4"
    assert defaults["training.epochs"] == Experiment().training.epochs
    assert page.selectbox(key="data").proto.default == [kind.name for kind in CHOICES["data"]].index("xor")


def test_reset_brings_the_defaults_back_and_keeps_the_baseline(open_page):
    page = open_page(**{"dropout.rate": "0.3", "base.v": "1"})
    button(page, "Reset").click().run()
    assert draft(page) == Experiment()
    assert page.session_state[session.DRAFT].baseline == Experiment()


def test_a_pinned_baseline_is_compared_in_words_and_figures(open_page):
    page = open_page()
    button(page, "Pin as baseline").click().run()
    assert page.query_params["base.v"] == "1"
    page.slider(key="dropout.rate").set_value(0.3).run()
    assert "only Dropout changed: 0 → 0.3." in words(page)
    assert "rd-change" in words(page)
    button(page, "Unpin").click().run()
    assert "base.v" not in page.query_params


def test_repeats_are_asked_for_together_and_judged_against_seed_noise(open_page, queue):
    page = open_page(**{"seeds": "3", "base.v": "1", "base.seeds": "3", "dropout.rate": "0.5"})
    assert {each.training.seed for each in queue.asked} == {0, 1, 2}
    assert "3 seeds" in words(page)
    assert "seed noise" in words(page)


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"data": "mons"}, "did you mean moons?"),
        ({"v": "9"}, "version 9"),
        ({"dropout.rate": "<script>alert(1)</script>"}, "must be a number"),
        ({"training.epochs": "1e400"}, "Epochs must be"),
        ({"x" * 9000: "1"}, "at most 8192 bytes"),
    ],
)
def test_a_broken_link_gives_a_sentence_and_the_default_experiment(open_page, params, sentence):
    page = open_page(**params)
    assert not page.exception
    assert draft(page) == Experiment()
    assert sentence in words(page)
    assert "<script>" not in words(page)


def test_a_wrong_layer_text_is_said_beside_the_field_and_nothing_is_lost(open_page):
    page = open_page()
    page.text_input(key="network.widths").set_value("64-abc").run()
    assert page.text_input(key="network.widths").value == "64-abc"
    assert "must be a whole number" in words(page)
    assert draft(page) == Experiment()
    page.text_input(key="network.widths").set_value("32, 16").run()
    assert draft(page).values["network.widths"] == (32, 16)
    assert "rd-fault" not in words(page).replace(".rd-fault {", "")


def test_rates_per_layer_follow_the_layers(open_page):
    page = open_page(**{"dropout.rate": "0.4"})
    page.toggle(key="per layer").set_value(True).run()
    page.slider(key="dropout.rates.1").set_value(0.2).run()
    assert draft(page).values["dropout.rates"] == (0.4, 0.2)
    page.text_input(key="network.widths").set_value("32-32-32").run()
    assert draft(page).values["dropout.rates"] == (0.4, 0.2, 0.2)
    page.selectbox(key="network").set_value("linear").run()
    assert not page.exception
    assert draft(page).values["dropout.rates"] == ()


def test_a_changed_data_set_brings_its_training_share_and_loses_wrong_labels_without_classes(open_page):
    page = open_page(**{"split.label_noise": "0.2"})
    page.selectbox(key="data").set_value("high_dimensional_line").run()
    assert draft(page).split.train == type(draft(page).data).default_train
    assert draft(page).split.label_noise == 0.0
    assert not page.exception


@pytest.mark.parametrize("dataset", [kind.name for kind in CHOICES["data"] if available(kind())])
def test_every_data_set_can_be_drawn(open_page, dataset):
    page = open_page(data=dataset)
    assert not page.exception
    assert 'data-state="done"' in words(page)


def settings_drawn(page):
    """(kind of part, path) of every hyper-parameter that has a widget."""
    paths = [key for key in keys(page) if key in draft(page).values]
    return {(type(draft(page).parts[path.partition(".")[0]]), path) for path in paths}


@pytest.mark.slow
def test_every_hyper_parameter_of_every_catalogue_has_a_widget(open_page):
    on = {f"{kind.name}.{mild(kind)[0]}": mild(kind)[1] for kind in REGULARIZERS}
    images = to_link(Experiment(data=Digits(), network=Convolutional()).with_values(on))
    kinds = [(place, kind) for place, allowed in CHOICES.items() for kind in allowed]
    named = [(place, kind) for place, kind in kinds if place in form.LABELS]
    links = [images, *({place: kind.name} for place, kind in named if not getattr(kind, "images", False))]
    links += [{"data": "digits", place: kind.name} for place, kind in named if getattr(kind, "images", False)]
    drawn = set().union(*(settings_drawn(open_page(**link)) for link in links))
    kinds += [(kind.name, kind) for kind in REGULARIZERS]
    wanted = {(kind, f"{place}.{each.name}") for place, kind in kinds for each in params_of(kind)}
    assert wanted - drawn == {
        (Dropout, "dropout.rates"),  # a toggle and a slider for each layer instead
        (Split, "split.folds"),  # beside the seeds
        (Split, "split.fold"),  # all folds are trained
        (OwnTable, "data.table"),  # the file that was uploaded
    }


def test_a_long_run_waits_for_a_click_and_says_why(open_page, queue):
    page = open_page(data="digits", **{"network.widths": "512-512-512", "training.epochs": "500"})
    assert queue.asked == []
    assert any("so it starts on click" in each.value for each in page.caption)
    button(page, "Train").click().run()
    assert len(queue.asked) == 1
    assert 'data-state="done"' in words(page)


def test_training_on_click_leaves_the_runs_alone_until_the_click(open_page, queue):
    page = open_page()
    page.toggle(key="train mode").set_value(False).run()
    page.slider(key="dropout.rate").set_value(0.3).run()
    assert len(queue.asked) == 1
    assert "Press Train" in words(page)
    button(page, "Train").click().run()
    assert queue.asked[-1].values["dropout.rate"] == 0.3


def test_settings_that_are_known_to_fail_are_said_before_they_run(open_page):
    page = open_page(**{"optimizer": "sgd", "optimizer.learning_rate": "1", "l2.l2": "5"})
    assert "overshoots zero" in words(page)


def test_a_refused_run_a_warning_and_a_dead_engine_are_sentences(monkeypatch, open_page):
    down = EngineView("down", "The engine is not running. Start it with: regdash coordinator")
    refusal = RegdashError("At most 5 runs may wait <b>at once</b>.")
    fake = FakeQueue(warning="The store at /x cannot be written.", engine=down, refusal=refusal)
    monkeypatch.setattr(frame, "connect", lambda: fake)
    page = open_page()
    assert not page.exception
    assert "The store at /x cannot be written." in words(page)
    assert "At most 5 runs may wait &lt;b&gt;at once&lt;/b&gt;." in words(page)
    assert "The engine is not running." in words(page)


def test_a_long_run_shows_its_progress_and_can_be_cancelled(monkeypatch, open_page):
    fake = FakeQueue(seconds=60)
    monkeypatch.setattr(frame, "connect", lambda: fake)
    page = open_page()
    assert 'data-state="running"' in words(page)
    button(page, "Cancel").click().run()
    assert "Cancelled at epoch" in words(page)
    assert button(page, "Train again")


def test_a_long_baseline_in_a_link_is_trained_only_on_click(open_page, queue):
    page = open_page(**{"base.training.epochs": "2000", "base.training.batch_size": "1", "base.seeds": "10"})
    assert queue.asked == [Experiment()]
    page.slider(key="dropout.rate").set_value(0.3).run()
    assert all(each.training.epochs < 2_000 for each in queue.asked)
