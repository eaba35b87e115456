"""The Search page as a visitor meets it; the searches are made of formulas."""

import math
from dataclasses import replace

import pytest
from test_train import button, draft, widget, words

from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.search import Choice, Range
from regdash.search.presets import SEARCH_PRESETS
from regdash.search.tutorials import TUTORIALS, Candidate, Searched
from regdash.ui import search_state, search_tutorial, session

SEARCH = "pages/search.py"


@pytest.fixture
def page(open_page):
    return checked(open_page(SEARCH))


def checked(page):
    assert not page.exception
    return page


def press(page, label):
    return checked(button(page, label).click().run())


def tick(page, path, wanted=True):
    return checked(widget(page.checkbox, f"search tick {path}").set_value(wanted).run())


def choose(page, name, value):
    return checked(widget(page.get("segmented_control"), name).set_value(value).run())


def typed(page, name, text):
    return checked(widget(page.text_input, f"search {name}").set_value(text).run())


def only(queue, page):
    """The one search of this visitor."""
    (found,) = queue.searches.mine(page.session_state[session.VISITOR].sessions)
    return queue.searches.view(found.id)


def test_the_page_opens_with_a_grid_that_can_be_started_at_once(page, queue):
    assert "25 trials × 3 seeds = 75 runs, in one program: about" in words(page)
    assert "Which setting is best?" in words(page)
    press(page, "Start")
    view = only(queue, page)
    assert view.plan.strategy == "grid"
    assert [each.path for each in view.plan.space.dimensions] == ["dropout.rate", "l2.l2"]
    assert len(view.trials) == 25
    assert page.query_params["search"] in (view.id, [view.id])
    assert 'data-state="done"' in words(page)
    assert "The answer" in words(page)


def test_the_search_starts_from_the_draft_of_the_train_page(open_page, queue):
    page = open_page(SEARCH, **{"data": "circles", "training.epochs": "40"})
    assert "Circles" in words(page)
    press(page, "Start")
    base = only(queue, page).plan.space.base
    assert (base.data.name, base.training.epochs) == ("circles", 40)


def test_a_ticked_strength_opens_a_range_that_can_be_typed(page, queue):
    tick(page, "l1.l1")
    assert widget(page.text_input, "search low l1.l1").value == "1e-5"
    typed(page, "low l1.l1", "2e-4")
    typed(page, "steps l1.l1", "3")
    checked(widget(page.checkbox, "search off l1.l1").set_value(True).run())
    tick(page, "dropout.rate", wanted=False)
    tick(page, "l2.l2", wanted=False)
    press(page, "Start")
    assert only(queue, page).plan.space.dimensions == (Range("l1.l1", 2e-4, 0.01, True, 3, True),)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("low l2.l2", "0", "A logarithmic range of L2 strength must be above 0, got 0"),
        ("low l2.l2", "5", "The lowest L2 strength must be below the highest, got 5 to 0.1"),
        ("high dropout.rate", "1.5", "Dropout must be between 0 and 0.9, got 1.5"),
        ("high dropout.rate", "much", "The highest Dropout must be a number, got &#x27;much&#x27;"),
        ("steps dropout.rate", "1", "The steps of Dropout must be between 2 and 1,000, got 1"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_stays_as_it_was_typed(page, name, text, said):
    typed(page, name, text)
    assert said in words(page)
    assert 'data-ready="false"' in words(page)
    assert widget(page.text_input, f"search {name}").value == text
    assert button(page, "Start").disabled


def test_a_grid_of_a_million_points_is_refused_with_its_size(page):
    typed(page, "steps dropout.rate", "1000")
    typed(page, "steps l2.l2", "1000")
    assert "The grid has 1,000,000 points, and at most 10,000 are tried" in words(page)
    assert button(page, "Start").disabled


def test_a_page_where_nothing_is_ticked_says_so(page):
    tick(page, "dropout.rate", wanted=False)
    tick(page, "l2.l2", wanted=False)
    assert "There is nothing to search: tick at least one setting" in words(page)
    assert button(page, "Start").disabled


def test_kinds_and_lists_are_searched_as_choices_and_split_into_programs(page, queue):
    tick(page, "dropout.rate", wanted=False)
    tick(page, "l2.l2", wanted=False)
    tick(page, "optimizer")
    tick(page, "network.widths")
    typed(page, "list network.widths", "32-32, 64-64, 128")
    assert "which splits into 6 programs" in words(page)
    press(page, "Start")
    view = only(queue, page)
    assert {each.path: each.choices for each in view.plan.space.dimensions} == {
        "optimizer": ("adam", "sgd"),
        "network.widths": ((32, 32), (64, 64), (128,)),
    }


def test_a_list_without_a_value_is_a_sentence(page):
    tick(page, "training.batch_size")
    typed(page, "list training.batch_size", " , ")
    assert "Choose at least one value, or take the tick away." in words(page)
    typed(page, "list training.batch_size", "16 many")
    assert "Batch size must be a whole number, got &#x27;many&#x27;" in words(page)


def test_strategy_budget_objective_and_repeats_go_into_the_plan(page, queue):
    checked(widget(page.selectbox, "search strategy").set_value("random").run())
    checked(widget(page.number_input, "search trials").set_value(12).run())
    checked(widget(page.selectbox, "search metric").set_value("val_accuracy").run())
    choose(page, "search epoch", "last")
    choose(page, "search seeds", 2)
    checked(widget(page.number_input, "search seed").set_value(7).run())
    press(page, "Start")
    plan = only(queue, page).plan
    assert (plan.strategy, plan.trials, plan.seed, plan.seconds) == ("random", 12, 7, 0.0)
    assert (plan.objective.metric, plan.objective.epoch, plan.objective.seeds) == ("val_accuracy", "last", 2)


def test_a_budget_in_seconds_proposes_until_the_time_is_over(page, queue):
    queue.searches.slow = True
    checked(widget(page.selectbox, "search strategy").set_value("random").run())
    choose(page, "search budget", "seconds")
    checked(widget(page.number_input, "search seconds").set_value(5).run())
    assert "As many trials as 5 s allow, 3 runs each, in one program." in words(page)
    press(page, "Start")
    assert only(queue, page).plan.seconds == 5.0


def test_a_refusal_is_said_and_nothing_typed_is_lost(page, queue):
    queue.searches.refusal = RegdashError("You have 3 searches under way already.")
    typed(page, "high dropout.rate", "0.4")
    press(page, "Start")
    assert "You have 3 searches under way already." in words(page)
    assert widget(page.text_input, "search high dropout.rate").value == "0.4"


def test_a_running_search_is_watched_paused_resumed_and_cancelled(page, queue):
    queue.searches.slow = True
    press(page, "Start")
    (search,) = queue.searches.mine(page.session_state[session.VISITOR].sessions)
    assert "No trial has ended yet." in words(page)
    queue.searches.advance(search.id, told=5)
    page.run()
    assert 'data-told="5"' in words(page)
    assert "Best so far" in words(page)
    press(page, "Pause")
    assert 'data-state="paused"' in words(page)
    press(page, "Resume")
    assert 'data-state="running"' in words(page)
    press(page, "Cancel")
    assert 'data-state="cancelled"' in words(page)


def test_a_reload_finds_the_search_going_on_and_the_form_as_it_was(open_page, page, queue, monkeypatch):
    queue.searches.slow = True
    typed(page, "high dropout.rate", "0.4")
    press(page, "Start")
    search = page.query_params["search"]
    visitor = page.session_state[session.VISITOR]
    monkeypatch.setattr(session.visitor, "recognise", lambda: visitor)
    again = checked(open_page(SEARCH, search=search if isinstance(search, str) else search[0]))
    assert 'data-state="running"' in words(again)
    assert widget(again.text_input, "search high dropout.rate").value == "0.4"
    assert button(again, "Pause")


def test_somebody_else_may_look_at_a_search_but_not_end_it(open_page, page, queue):
    press(page, "Start")
    other = checked(open_page(SEARCH, search=only(queue, page).id))
    assert "Somebody else has begun this search" in words(other)
    assert not {"Delete this search", "Cancel", "Pause"} & {each.label for each in other.button}
    assert button(other, "Open in Train")


@pytest.mark.parametrize("search", ["0" * 32, "f" * 31, "<script>", "../../etc"])
def test_an_address_of_no_search_is_no_fault(open_page, search):
    page = checked(open_page(SEARCH, search=search))
    assert ("This search is not on this server" in words(page)) == (len(search) == 32)
    assert "<script>" not in words(page)


def test_any_trial_opens_on_the_train_page(page, queue):
    press(page, "Start")
    press(page, "Open in Train")
    opened, best = draft(page), max(only(queue, page).trials, key=lambda each: -each.score)
    assert {path: opened.values[path] for path in best.values} == dict(best.values)
    assert page.session_state[session.DRAFT].seeds == 3


def test_a_trial_is_pinned_as_the_baseline_of_the_train_page(page):
    press(page, "Start")
    press(page, "Pin as baseline")
    assert page.session_state[session.DRAFT].baseline is not None
    assert draft(page) == Experiment()


def test_trials_that_were_clicked_are_listed_with_their_scores(page, queue):
    press(page, "Start")
    page.session_state[search_state.PICKED] = (only(queue, page).id, "2 trials at this place", (3, 4, 999))
    checked(page.run())
    assert "2 trials at this place" in words(page)
    assert "<strong>Trial 3</strong>" in words(page)
    assert "<strong>Trial 4</strong>" in words(page)
    press(page, "Close")
    assert "2 trials at this place" not in words(page)


def test_every_view_of_a_search_is_drawn_and_only_one_at_a_time(page):
    press(page, "Start")
    for name in ("path", "parallel", "slices", "importance", "history", "table"):
        choose(page, "search look view", name)
    frame = page.dataframe[0].value
    assert list(frame.columns[:5]) == ["Trial", "Validation loss", "Standard error", "Dropout", "L2 strength"]
    assert frame["Validation loss"].is_monotonic_increasing
    assert set(frame["State"]) == {"done"}


def test_a_brush_keeps_some_trials_lists_them_and_is_taken_back(page, queue):
    press(page, "Start")
    choose(page, "search look view", "parallel")
    press(page, "Best quarter")
    assert search_state_of(page, only(queue, page).id)
    assert "6 trials kept" in words(page)
    press(page, "Keep all again")
    assert not search_state_of(page, only(queue, page).id)
    assert "trials kept" not in words(page)


def search_state_of(page, search):
    """What is kept in the parallel coordinates of a search."""
    of, brushes = page.session_state[search_state.BRUSHED]
    assert of == search
    return brushes


def test_settings_that_do_not_vary_are_left_out_of_the_table(page):
    tick(page, "network.activation")
    checked(widget(page.multiselect, "search names network.activation").set_value(["relu"]).run())
    press(page, "Start")
    choose(page, "search look view", "table")
    assert "Activation" not in page.dataframe[0].value.columns


def test_the_test_part_is_opened_once_and_its_button_is_gone_then(page, queue):
    press(page, "Start")
    assert "It was 0.02 too good." not in words(page)
    press(page, "Open it for the best trial")
    assert "It was 0.02 too good." in words(page)
    assert "Open it for the best trial" not in {each.label for each in page.button}
    assert only(queue, page).revealed >= 0


def test_more_trials_are_added_to_a_random_search_but_not_to_a_grid(page, queue):
    press(page, "Start")
    assert "32 more trials" not in {each.label for each in page.button}
    checked(widget(page.selectbox, "search strategy").set_value("random").run())
    checked(widget(page.number_input, "search trials").set_value(5).run())
    press(page, "Start")
    press(page, "32 more trials")
    assert "of 37" in words(page)


def test_a_race_runs_the_same_budget_for_three_strategies(page, queue):
    typed(page, "steps dropout.rate", "2")
    typed(page, "steps l2.l2", "3")
    press(page, "Race")
    found = [queue.searches.view(each.id) for each in queue.searches.mine(page.session_state[session.VISITOR].sessions)]
    assert {each.plan.strategy for each in found} == {"grid", "random", "tpe"}
    assert {len(each.trials) for each in found} == {6}
    assert {each.race for each in found} == {found[0].race}
    assert "<strong>Random</strong> 6 trials, best" in words(page)


def test_a_search_is_reopened_from_the_list_and_deleted(page, queue):
    press(page, "Start")
    first = only(queue, page).id
    checked(widget(page.selectbox, "search strategy").set_value("random").run())
    press(page, "Start")
    page.button(key=f"search mine menu {first}").click().run()
    assert "Grid: Dropout × L2 strength" in words(page)
    press(page, "Delete this search")
    assert queue.searches.view(first) is None
    assert "Which setting is best?" in words(page)


@pytest.mark.parametrize("preset", SEARCH_PRESETS, ids=lambda preset: preset.label)
def test_a_ready_made_search_fills_the_form_so_that_start_begins_it(page, queue, preset):
    queue.searches.slow = True
    press(page, preset.label)
    assert draft(page) == preset.plan.space.base
    press(page, "Start")
    assert only(queue, page).plan == preset.plan


def test_the_tutorials_example_is_explained_and_can_be_loaded(page, queue, monkeypatch):
    tried = (Candidate({"C": 1, "penalty": "l1"}, math.nan), Candidate({"C": 1, "penalty": "l2"}, 0.97))
    found = Searched(tried, 10, 5, tried[1].settings, 0.97, math.nan, {"FitFailedWarning: <5 fits failed>": 2})
    quick = replace(TUTORIALS[0], run=lambda: found)
    monkeypatch.setattr(search_tutorial, "TUTORIALS", (quick, *TUTORIALS[1:]))
    page.session_state["search-tutorial"] = True
    checked(page.run())
    assert "lbfgs has no L1" in words(page)
    assert "It reports C 1, penalty l2 with 97.0%; 5 of 10 fits failed." in words(page)
    assert "FitFailedWarning: &lt;5 fits failed&gt; (2 times)" in words(page)
    press(page, "Search this here")
    assert draft(page).data.name == "iris"
    press(page, "Start")
    (_, share) = only(queue, page).plan.space.dimensions
    assert share == Choice("elastic_net.l1_ratio", (1.0, 0.0))


def test_a_locked_setting_cannot_be_searched_and_a_hidden_one_is_not_offered(open_page):
    page = checked(open_page(SEARCH, lock="dropout.rate,optimizer", hide="l2.l2"))
    assert widget(page.checkbox, "search tick dropout.rate").disabled
    assert widget(page.checkbox, "search tick optimizer").disabled
    assert "search tick l2.l2" not in {each.key.partition(":")[0] for each in page.checkbox}
    assert "Lesson." in words(page)
    press(page, SEARCH_PRESETS[0].label)
    assert "The lesson fixes" in words(page)
    assert not widget(page.checkbox, "search tick dropout.rate").value


def test_data_that_are_not_here_cannot_be_searched_and_the_reason_is_said(open_page):
    page = checked(open_page(SEARCH, data="fashion_mnist"))
    assert button(page, "Start").disabled
    assert "Fashion" in words(page)
