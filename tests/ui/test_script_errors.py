"""A page that fails: what the log says and what the visitor reads."""

import io
import logging
import re
from dataclasses import replace

import pytest

from regdash.jobs.logs import configure
from regdash.links import from_address
from regdash.settings import Settings
from regdash.ui import script_errors


@pytest.fixture
def log():
    ours = logging.getLogger("regdash")
    before = ours.level, ours.propagate, list(ours.handlers)
    stream = io.StringIO()
    configure(replace(Settings(), log_format="text"), stream)
    yield stream
    ours.level, ours.propagate, ours.handlers[:] = before[0], before[1], before[2]


@pytest.fixture
def shown(monkeypatch):
    texts = []
    monkeypatch.setattr(script_errors.st, "html", texts.append)
    return texts


def failing(text):
    try:
        from_address(text)  # an address is no text: this fails inside the package
    except Exception as error:
        return error
    raise AssertionError("it did not fail")


def test_the_visitor_reads_a_number_that_stands_in_the_log_and_nothing_else(log, shown):
    error = failing("Anna <b>")
    assert script_errors.tell(error) is True
    number = re.search(r"number ([0-9a-f]{6})\.", shown[0])[1]
    line = log.getvalue()
    assert line.count("\n") == 1
    assert re.search(rf"error page failed id={number} error={type(error).__name__} place=\w+[\w/]*\.py:\d+$", line)
    assert "Anna" not in line + shown[0]
    assert type(error).__name__ not in shown[0]


def test_an_error_that_never_entered_the_package_has_a_place_too(log, shown):
    try:
        float("Anna")
    except ValueError as error:
        script_errors.tell(error)
    assert re.search(r"place=test_script_errors\.py:\d+$", log.getvalue())


def test_an_error_without_a_trace_has_no_place(log, shown):
    script_errors.tell(ValueError("Anna"))
    assert "error=ValueError" in log.getvalue()
    assert "Anna" not in log.getvalue()
