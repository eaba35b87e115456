"""A lesson's link on the Train page: locked and hidden controls, and every way around them."""

import pytest
from test_train import button, draft, widget, words

from regdash.experiment import Experiment
from regdash.presets import PRESETS
from regdash.ui import session

LESSON = {"training.epochs": "80", "l2.l2": "0.001", "lock": "training.epochs", "hide": "l2"}


@pytest.fixture
def lesson(open_page):
    """The Train page, opened from the link of a lesson."""
    return open_page(**LESSON)


def keeps(page):
    values = draft(page).values
    return (values["training.epochs"], values["l2.l2"]) == (80, 0.001)


def test_a_locked_control_is_shown_and_cannot_be_moved(lesson):
    epochs = lesson.number_input(key="training.epochs")
    assert epochs.disabled
    assert epochs.label == "Epochs :material/lock:"
    assert epochs.help.startswith("Locked by the lesson. ")
    assert not lesson.slider(key="dropout.rate").disabled


def test_a_hidden_control_is_not_drawn_and_what_it_is_fixed_at_is_said(lesson):
    assert "l2.l2" not in {each.key for each in lesson.select_slider}
    assert "Fixed by the lesson: L2 strength 0.001." in words(lesson)


def test_a_hidden_group_leaves_no_trace(open_page):
    page = open_page(hide="network,data,split")
    assert [each.label for each in page.expander if each.label != "Scores"] == [
        "Regularisation",
        "Optimizer",
        "Training",
    ]
    assert "data" not in {each.key for each in page.selectbox}


def test_a_browser_that_moves_a_locked_control_all_the_same_moves_nothing(lesson, queue):
    lesson.number_input(key="training.epochs")._value = 900
    lesson.run()
    assert keeps(lesson)
    assert widget(lesson.number_input, "training.epochs").value == 80
    assert all(each.training.epochs == 80 for each in queue.asked)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.label)
def test_a_preset_changes_only_what_is_free(lesson, preset):
    button(lesson, preset.label).click().run()
    assert keeps(lesson)
    assert draft(lesson).data == preset.experiment.data


def test_undo_and_reset_stay_inside_the_lesson(lesson):
    lesson.slider(key="dropout.rate").set_value(0.4).run()
    button(lesson, "Undo").click().run()
    assert keeps(lesson)
    assert draft(lesson).values["dropout.rate"] == 0.0
    widget(lesson.slider, "dropout.rate").set_value(0.4).run()
    button(lesson, "Reset").click().run()
    assert draft(lesson) == Experiment().with_values({"training.epochs": 80, "l2.l2": 0.001})


def test_the_address_carries_the_lesson_so_that_a_reload_is_still_inside_it(lesson, open_page):
    lesson.slider(key="dropout.rate").set_value(0.4).run()
    again = open_page(**{key: text[0] if isinstance(text, list) else text for key, text in lesson.query_params.items()})
    assert keeps(again)
    assert again.number_input(key="training.epochs").disabled
    assert draft(again).values["dropout.rate"] == 0.4


def test_what_does_not_go_with_the_lesson_is_refused_with_a_sentence(open_page):
    page = open_page(**{"dropout.rates": "0.1-0.2", "network.widths": "8-4", "lock": "dropout"})
    widget(page.text_input, "network.widths").set_value("8").run()
    assert draft(page).values["network.widths"] == (8, 4)
    assert "The lesson does not allow this." in words(page)
    assert widget(page.text_input, "network.widths").value == "8-4"


def test_no_regulariser_is_added_or_taken_away_where_all_are_locked(open_page):
    page = open_page(**{"max_norm.max_value": "2", "lock": "regularizers"})
    assert "remove max_norm" not in {each.key for each in page.button}
    assert not any(each.label == "Add a regulariser" for each in page.selectbox)
    assert widget(page.slider, "dropout.rate").disabled


def test_seeds_can_be_locked_and_hidden(open_page):
    seeds = [each.disabled for each in open_page(lock="seeds").get("button_group")[:1]]
    assert seeds == [True]
    assert len(open_page(hide="seeds,split.folds").get("button_group")) == 0


def test_a_visitor_can_leave_the_lesson_and_keeps_what_there_is(lesson):
    button(lesson, "Leave lesson").click().run()
    assert keeps(lesson)
    assert not lesson.number_input(key="training.epochs").disabled
    assert "lock" not in lesson.query_params
    assert lesson.session_state[session.LESSON] is None
    assert 'data-testid="rd-lesson"' not in words(lesson)


def test_a_faulty_list_is_a_sentence_and_no_lesson(open_page):
    page = open_page(lock="training.epoch")
    assert "did you mean training.epochs?" in words(page)
    assert page.session_state[session.LESSON] is None
