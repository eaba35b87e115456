"""A page within another page: one chart, its controls, and nothing else."""

import pytest
from test_train import draft, keys, words

from regdash.experiment import Experiment
from regdash.ui import chart_grid, frame, session


@pytest.fixture
def embed(open_page):
    """The Train page as another page shows it."""

    def opened(**params):
        page = open_page(**params)
        page.context = {"is_embedded": True, "url": "http://school.example/regdash/"}
        return page.run()

    return opened


@pytest.fixture
def drawn(monkeypatch):
    """The names of the charts that are drawn."""
    names = []
    show = chart_grid.draw_one
    monkeypatch.setattr(chart_grid, "draw_one", lambda *given: (names.append(given[3]), show(*given)))
    return names


def test_there_are_one_chart_its_controls_the_settings_in_words_and_nothing_else(embed, queue, drawn):
    page = embed(chart="loss", controls="dropout.rate,l2.l2,data", **{"l1.l1": "0.001"})
    assert not page.exception
    assert keys(page) == {"dropout.rate", "l2.l2", "data"}
    assert drawn == ["loss"]
    assert len(page.sidebar) == 0
    assert len(page.get("page_link")) == 0
    assert "Settings: L1 strength 0.001." in words(page)
    assert "rd-figure" not in words(page).replace("rd-figures {", "").split("</style>")[-1]
    assert queue.asked == [Experiment().with_values({"l1.l1": 0.001})]


def test_the_way_to_the_whole_page_has_the_same_settings(embed):
    page = embed(controls="dropout.rate")
    page.slider(key="dropout.rate").set_value(0.5).run()
    assert draft(page).values["dropout.rate"] == 0.5
    link = page.get("link_button")[0].proto
    assert (link.label, link.url) == ("Open in Regdash", "http://school.example/regdash/?v=1&dropout.rate=0.5")
    assert "dropout.rate" in page.query_params["controls"]


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"chart": "los"}, "there is no chart called &#x27;los&#x27;; did you mean loss?"),
        ({"controls": "dropout.rat"}, "there is no control called &#x27;dropout.rat&#x27;; did you mean dropout.rate?"),
        ({"chart": "<b>"}, "there is no chart called &#x27;&lt;b&gt;&#x27;"),
    ],
)
def test_a_name_that_means_nothing_is_a_sentence_and_the_usual_is_shown(embed, drawn, params, sentence):
    page = embed(**params)
    assert sentence in words(page)
    assert drawn == ["loss"]
    assert keys(page) == {"dropout.rate"}


@pytest.mark.parametrize(
    ("data", "chart", "shows"),
    [
        ("moons", "boundary", "boundary"),
        ("digits", "boundary", "confusion"),
        ("moons", "answers", "boundary"),
        ("diabetes", "accuracy", "r2"),
        ("diabetes", "score", "r2"),
        ("moons", "weights", "norms"),
        ("moons", "objective", "objective"),
    ],
)
def test_a_chart_that_the_settings_do_not_have_is_replaced_by_one_of_its_kind(embed, drawn, data, chart, shows):
    page = embed(data=data, chart=chart)
    assert drawn == [shows]
    assert ("so another is shown" in words(page)) == (chart not in (shows, "answers", "score", "weights"))


def test_controls_that_the_settings_do_not_have_are_left_out(embed):
    assert keys(embed(data="iris", controls="data.noise,network.widths")) == {"network.widths"}


def test_a_long_run_waits_for_a_click(embed, queue):
    page = embed(**{"training.epochs": "2000", "data.samples": "5000"})
    assert queue.asked == []
    page.button[0].click().run()
    assert [each.training.epochs for each in queue.asked] == [2000]


def test_the_words_of_a_lesson_stand_above_it_and_its_locks_hold(embed):
    page = embed(controls="dropout.rate", lock="dropout.rate", text="Look at <i>this</i>.")
    assert "<p>Look at &lt;i&gt;this&lt;/i&gt;.</p>" in words(page)
    assert page.slider(key="dropout.rate").disabled


def test_what_the_curves_say_is_told_on_demand_and_without_a_button(embed):
    assert 'rd-verdict"' not in words(embed())
    page = embed(verdict="on")
    assert 'data-testid="rd-verdict"' in words(page)
    assert not any(each.label == "Try it" for each in page.button)


def test_other_pages_keep_what_an_embedded_page_asks_for_out_of_the_settings(open_page):
    page = open_page("pages/guide.py", chart="loss", controls="dropout.rate")
    assert page.session_state[session.BROKEN] == ""
    assert [each.proto.label for each in page.get("page_link")][: len(frame.PAGES)] == [name for _, name in frame.PAGES]
