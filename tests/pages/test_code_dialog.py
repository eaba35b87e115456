"""The button "Code" of the Train page and what it opens."""

from streamlit.testing.v1 import AppTest

from regdash.errors import RegdashError
from regdash.ui import code_dialog


def button(page, label):
    return next(each for each in page.button if each.label == label)


def opened(open_page, **params):
    page = open_page(**params)
    return button(page, "Code").click().run()


def test_the_script_of_the_present_settings_is_shown(open_page):
    page = opened(open_page, **{"dropout.rate": "0.3"})
    assert not page.exception
    script, snippet = (block.value for block in page.code)
    assert "DROPOUT = 0.3" in script
    assert "'dropout.rate': '0.3'" in snippet
    assert "train(from_link(settings))" in snippet


def model_part():
    """A page with nothing but the part of the dialog that makes a model; the run has been trained."""
    from fake_queue import FakeQueue

    from regdash.api import Experiment
    from regdash.ui import code_dialog

    queue = FakeQueue()
    experiment = Experiment().with_values({"training.seed": 77})
    queue.submit("someone", [experiment])
    code_dialog._model(queue, experiment, "run")


def test_a_model_that_cannot_be_made_is_a_sentence(monkeypatch):
    def fail(record):
        raise RegdashError("The model could not be made <b>today</b>.")

    monkeypatch.setattr(code_dialog, "model_file", fail)
    page = AppTest.from_function(model_part).run()
    page = button(page, "Make the model (.keras)").click().run()
    assert not page.exception
    assert "not be made &lt;b&gt;today" in page.get("html")[0].proto.body


def test_a_model_is_made_once_and_offered(monkeypatch):
    made = []
    monkeypatch.setattr(code_dialog, "model_file", lambda record: made.append(record.id) or b"model")
    page = AppTest.from_function(model_part).run()
    page = button(page, "Make the model (.keras)").click().run()
    page.run()
    assert not page.exception
    assert len(made) == 1
    assert [each.label for each in page.button] == []
