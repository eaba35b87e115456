"""Bringing curves and settings from files, as a visitor meets it; the curves are kept in a real store."""

import json

import pytest
from streamlit.testing.v1 import AppTest
from test_train import button, words

from regdash.codec import to_dict
from regdash.experiment import Experiment
from regdash.repeats import Setting
from regdash.settings import Settings
from regdash.store.database import open_store
from regdash.store.imported import ImportedStore
from regdash.ui import compare_state, session
from regdash.ui.labels import literal

LOG = "epoch,loss,val_loss\n0,0.9,1.0\n1,0.5,{}\n"
SETTING = Setting(Experiment(), 2)
EXPORT = json.dumps({"experiments": [to_dict(each) for each in SETTING.members]})


def page():
    from regdash.ui import frame, imports_panel, session

    session.start()
    imports_panel.panel(frame.connect(), "compare")


@pytest.fixture
def kept(queue, tmp_path):
    """The store in which the curves are kept."""
    database = open_store(f"sqlite:///{tmp_path / 'imports.sqlite'}")
    queue.imported = ImportedStore(database, Settings(max_imports=3))
    yield queue.imported
    database.close()


@pytest.fixture
def panel(kept):
    return checked(AppTest.from_function(page, default_timeout=30).run())


def checked(test):
    assert not test.exception
    return test


def bring(test, *files):
    return checked(test.file_uploader[0].set_value([(name, text.encode(), "text/csv") for name, text in files]).run())


def press(test, label):
    return checked(button(test, label).click().run())


def brought(test):
    return test.session_state[compare_state.COMPARISON].entries


def test_an_empty_panel_says_what_can_be_brought(panel):
    assert "Curves that were trained elsewhere" in words(panel)
    assert [each.label for each in panel.button] == []


def test_files_whose_names_differ_in_a_number_become_seeds_of_one_setting(panel, kept):
    test = bring(panel, ("run-0.csv", LOG.format(0.8)), ("run-1.csv", LOG.format(0.7)))
    assert "CSV of curves, 2 runs, 2 epochs: running_loss, val_loss." in words(test)
    assert "Keras&#x27; running mean" in words(test)
    test = press(test, "Add to comparison (1)")
    (entry,) = brought(test)
    assert entry.name == "run"
    assert len(kept.get([entry.imported])[entry.imported].histories) == 2
    assert "1 setting is now in the comparison." in words(test)
    assert not test.file_uploader[0].value


def test_seeds_are_only_grouped_where_the_visitor_says_so(panel, kept):
    test = bring(panel, ("run-0.csv", LOG.format(0.8)), ("run-1.csv", LOG.format(0.7)))
    box = next(each for each in test.checkbox if "seeds of one setting" in each.label)
    assert box.label == "run: these 2 are seeds of one setting"
    test = press(checked(box.uncheck().run()), "Add to comparison (2)")
    assert [each.name for each in brought(test)] == ["run-0", "run-1"]


def test_pasted_settings_are_put_into_the_comparison_to_be_trained(panel, kept):
    test = checked(panel.text_area[0].set_value(EXPORT).run())
    assert test.checkbox[0].label == "Default setting \\(2 seeds, to be trained\\)"
    (entry,) = brought(press(test, "Add to comparison (1)"))
    assert entry.setting == SETTING
    assert kept.list(session_ids(test)) == ()


def session_ids(test):
    return tuple(dict.fromkeys(test.session_state[session.VISITOR].sessions))


def test_a_file_that_cannot_be_read_is_a_sentence_and_the_others_stay(panel):
    test = bring(panel, ("bad.csv", "epoch,loss\n0,<b>\n"), ("good.csv", LOG.format(0.5)))
    assert "bad.csv, line 2: loss must be a number, got &#x27;&lt;b&gt;&#x27;." in words(test)
    assert button(test, "Add to comparison (1)")


def test_a_name_with_markup_is_text(panel, kept):
    test = bring(panel, ("<b>x</b>.csv", LOG.format(0.5)))
    assert "<b>x" not in words(test)
    name = next(each for each in test.text_input if each.label == "Name of curves 1")
    test = press(checked(name.set_value("<script>a</script>").run()), "Keep for later")
    assert "<script>" not in words(test)
    assert test.text_input[0].value == "<script>a</script>"
    assert literal("<b>*x*") == "\\<b\\>\\*x\\*"


def test_what_is_not_taken_is_not_kept(panel, kept):
    test = bring(panel, ("a.csv", LOG.format(0.5)), ("b.csv", LOG.format(0.4)))
    test = press(checked(test.checkbox[0].uncheck().run()), "Add to comparison (1)")
    assert [each.name for each in brought(test)] == ["b"]


def test_curves_are_renamed_compared_deleted_and_had_back(panel, kept):
    test = press(bring(panel, ("a.csv", LOG.format(0.5))), "Keep for later")
    assert "Imported before" in words(test)
    test = checked(test.text_input[0].set_value("better").run())
    assert test.text_input[0].value == "better"
    test = press(press(test, "Add to comparison"), "Delete")
    assert "better was deleted." in words(test)
    assert not kept.get([brought(test)[0].imported])
    test = press(test, "Undo")
    assert kept.get([brought(test)[0].imported])
    assert "was deleted" not in words(test)


def test_too_many_curves_are_a_sentence_and_nothing_that_was_chosen_is_lost(panel):
    files = [(f"{letter}.csv", LOG.format(number)) for number, letter in enumerate("abcd")]
    test = press(bring(panel, *files), "Add to comparison (4)")
    assert "You may keep at most 3 imported settings" in words(test)
    assert button(test, "Add to comparison (4)")
