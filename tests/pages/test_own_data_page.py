"""The section for a table of one's own, as a visitor meets it."""

import pytest
from streamlit.testing.v1 import AppTest

from regdash.datasets import OwnTable
from regdash.datasets.table_limits import LIMITS
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.settings import settings
from regdash.ui import own_preview, session

LINES = [f"{i / 2},{'abc'[i % 3]},{'' if i % 9 else i},{'yes<b>' if i % 2 else 'no'}" for i in range(40)]
CSV = "\n".join(["x,letter,gaps,label", *LINES]).encode()
NUMBERS = "\n".join(["x,y", *(f"{i / 2},{i * 1.5}" for i in range(40))]).encode()


def page():
    import streamlit as st

    from regdash.ui import own_data, session

    session.start()
    with st.sidebar:
        own_data.draw(session.draft().experiment)
    session.write_address()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch, queue):
    monkeypatch.setenv("REGDASH_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield tmp_path / "tables"
    settings.cache_clear()


def opened(**params):
    test = AppTest.from_function(page, default_timeout=30)
    for key, text in ({"data": "own"} | params).items():
        test.query_params[key] = text
    return checked(test.run())


def checked(test):
    assert not test.exception
    return test


def given(data, name="people.csv", **params):
    test = opened(**params)
    test.file_uploader[0].set_value((name, data, "text/csv"))
    return checked(test.run())


def words(test):
    return " ".join(each.proto.body for each in test.get("html"))


def own(test):
    return test.session_state[session.DRAFT].experiment.data


def select(test, label):
    return next(each for each in test.selectbox if each.label == label)


def button(test, label):
    return next(each for each in test.button if each.label == label)


def test_before_an_upload_it_says_what_to_do():
    test = opened()
    assert "No table has been uploaded yet. Choose a CSV or Parquet file." in words(test)
    assert not test.selectbox
    assert not test.button


def test_another_data_set_has_no_such_section():
    assert not opened(data="moons").file_uploader


def test_the_uploader_takes_as_much_as_the_limit_says():
    assert opened().file_uploader[0].proto.max_upload_size_mb == LIMITS.upload_bytes // 2**20


def test_an_upload_is_read_and_target_inputs_and_task_are_proposed():
    test = given(CSV)
    assert select(test, "Target").value == "label"
    assert select(test, "Predict").value == "classification"
    assert select(test, "Missing cells").value == "impute"
    assert test.multiselect[0].value == ["x", "letter", "gaps"]
    assert own(test) == OwnTable(), "nothing is used before it is said so"


def test_a_table_is_used_on_a_click_and_stands_in_the_address(folder):
    test = given(CSV, **{"split.train": "0.1"})
    button(test, "Use this table").click()
    checked(test.run())
    mark = own(test).table
    assert (folder / f"{mark}.npz").is_file()
    assert own(test) == OwnTable(table=mark, rows=40)
    assert test.session_state[session.DRAFT].experiment.split.train == OwnTable.default_train
    assert test.query_params["data.table"] == mark
    assert "In use: 40 rows, 5 inputs, predicting <em>label</em> (2 classes)." in words(test)
    assert button(test, "This table is in use").disabled


def test_after_a_reload_the_link_finds_the_table_again():
    test = given(CSV)
    button(test, "Use this table").click()
    mark = own(checked(test.run())).table
    again = opened(**{"data.table": mark, "data.rows": "40"})
    assert own(again) == own(test)
    assert "In use: 40 rows" in words(again)


def test_a_link_to_a_table_of_another_machine_says_what_to_do():
    assert "is not on this machine (its mark is ab12...)" in words(opened(**{"data.table": "ab12" + "f" * 28}))


def test_inputs_may_be_left_out_and_the_task_changed():
    test = given(CSV)
    select(test, "Target").select("x")
    checked(test.run())
    assert select(test, "Predict").value == "regression"
    assert test.multiselect[0].value == ["letter", "gaps", "label"]
    test.multiselect[0].set_value(["letter"])
    checked(test.run())
    button(test, "Use this table").click()
    checked(test.run())
    data = own(test)
    assert (data.task, data.features, data.classes) == ("regression", 3, 0)


def test_wrong_labels_are_taken_back_where_there_are_no_classes():
    test = given(NUMBERS, **{"split.label_noise": "0.2"})
    button(test, "Use this table").click()
    checked(test.run())
    assert own(test).task == "regression"
    assert test.session_state[session.DRAFT].experiment.split.label_noise == 0.0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda test: test.multiselect[0].set_value([]), "At least one input is needed, got none."),
        (lambda test: select(test, "Predict").select("regression"), "“label” holds words. Choose classification."),
        (lambda test: select(test, "Missing cells").select("refuse"), "35 cells are missing, in gaps (35)."),
    ],
)
def test_a_fault_is_said_and_the_table_cannot_be_used_until_it_is_gone(change, sentence):
    test = given(CSV)
    change(test)
    checked(test.run())
    assert sentence in words(test)
    assert 'role="alert"' in words(test)
    assert button(test, "Use this table").disabled


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "this is an Excel workbook or a zip archive"),
        (b"x,y\n1,2\n", "A table needs at least 20 rows, got 1."),
        (CSV + b"\n1,2,3,4,5", "as the first, 4; line 42 has 5. Correct that line."),
    ],
)
def test_a_file_that_is_no_table_is_a_sentence_below_the_uploader(data, sentence):
    test = given(data)
    assert sentence in words(test)
    assert not test.button


def test_what_was_assumed_while_reading_is_said_beside_the_file():
    test = given(b"\xe9t\xe9" + CSV.replace(b"\n4.5,", b"\nabout 4,"))
    assert "read as Western European (Latin-1)" in words(test)
    assert "étéx: 1 cell is no number and counts as missing: row 10 “about 4”." in words(test)


def test_the_words_of_a_file_are_never_markup():
    data = CSV.replace(b"label", b"<img src=x onerror=alert(1)>")
    test = given(data, name="<script>x</script>.csv")
    button(test, "Use this table").click()
    checked(test.run())
    assert "‹img src=x" in words(test)
    assert not any(tag in words(test) for tag in ("<img", "<script", "<b>"))


def test_the_preview_opens_over_the_page(monkeypatch):
    drawn = []
    monkeypatch.setattr(own_preview, "draw", lambda table, prepared: drawn.append((table, prepared)))
    test = given(CSV)
    button(test, "Preview").click()
    checked(test.run())
    ((table, prepared),) = drawn
    assert table.rows == 40
    assert prepared.class_names == ("no", "yes‹b›")


def test_the_preview_can_be_drawn():
    test = given(CSV)
    button(test, "Preview").click()
    checked(test.run())
    assert len(test.dataframe) == 3


def test_a_machine_that_cannot_keep_the_table_says_so(folder):
    folder.write_text("a file where the folder should be")
    test = given(CSV)
    button(test, "Use this table").click()
    checked(test.run())
    assert "could not be kept on this machine" in words(test)
    assert own(test) == OwnTable()


def test_a_table_that_is_too_much_for_this_visitor_is_not_kept_and_said(folder, queue):
    queue.refusal = RegdashError("You may keep at most 20 tables.")
    test = given(CSV)
    button(test, "Use this table").click()
    checked(test.run())
    assert "You may keep at most 20 tables." in words(test)
    assert own(test) == OwnTable()
    assert list(folder.glob("*.npz")) == []


def test_what_the_session_keeps_is_small():
    test = given(CSV)
    button(test, "Use this table").click()
    checked(test.run())
    draft = test.session_state[session.DRAFT]
    assert draft.experiment == Experiment().with_part("data", own(test)).with_values({"split.train": 0.5})
    for key in (session.DRAFT, session.PAST, session.WRITTEN, session.FAULTS):
        assert len(repr(test.session_state[key])) < 20_000
