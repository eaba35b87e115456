import io
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from regdash.jobs.logs import Fields, NotLoggable, configure, log_event
from regdash.settings import Settings

log = logging.getLogger("regdash.tests.logs")


@pytest.fixture
def written():
    """Configure the logs to be written into a text; the process gets its own back."""
    ours = logging.getLogger("regdash")
    before = ours.level, ours.propagate, list(ours.handlers)

    def configured(form):
        stream = io.StringIO()
        configure(replace(Settings(), log_format=form), stream)
        return stream

    yield configured
    ours.level, ours.propagate, ours.handlers[:] = before[0], before[1], before[2]


def test_a_line_of_text_names_the_event_and_its_fields(written):
    stream = written("text")
    log_event(log, "run finished", run="3f0c9b21aa90c1d2e3f4", status="diverged at epoch 12", seconds=0.42)
    time, line = stream.getvalue().split(" ", 1)
    assert line == 'info run finished run=3f0c9b21aa90c1d2e3f4 status="diverged at epoch 12" seconds=0.42\n'
    datetime.strptime(time, "%H:%M:%S").replace(tzinfo=UTC)


def test_a_line_of_json_is_an_object_with_its_time(written):
    stream = written("json")
    log_event(log, "worker lost", logging.WARNING, worker=2, runs=3)
    line = json.loads(stream.getvalue())
    assert line | {"time": ""} == {"time": "", "level": "warning", "event": "worker lost", "worker": 2, "runs": 3}
    assert abs((datetime.now(UTC) - datetime.fromisoformat(line["time"])).total_seconds()) < 60


@pytest.mark.parametrize("name", ["session", "nickname", "title", "experiment", "query", "message"])
def test_there_is_no_field_for_what_belongs_to_visitors(written, name):
    stream = written("text")
    with pytest.raises(NotLoggable, match=name):
        log_event(log, "run finished", **{name: "Anna"})
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("run", "3f0c 9b21"),
        ("run", "x" * 65),
        ("run", "a\nforged line"),
        ("status", "finished\nforged line"),
        ("error", "could not convert string to float: 'Anna'"),
        ("place", "live.py"),
        ("seconds", "Anna"),
        ("device", "é"),
    ],
)
def test_a_text_of_another_form_is_withheld(written, field, value):
    for form in ("text", "json"):
        stream = written(form)
        log_event(log, "run finished", **{field: value})
        assert stream.getvalue().count("\n") == 1
        assert "(withheld)" in stream.getvalue()
        assert not any(part in stream.getvalue() for part in ("Anna", "forged", "é", "x" * 65, "3f0c"))


def test_other_records_keep_one_line_and_lose_their_trace(written):
    stream = written("text")
    try:
        float("Anna")
    except ValueError:
        log.exception("the store is locked\nand more")
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().endswith("error the store is locked\n")


def test_to_configure_twice_writes_every_line_once(written):
    written("text")
    stream = written("json")
    log_event(log, "coordinator started", coordinator="ab12")
    assert stream.getvalue().count("\n") == 1


def test_every_text_field_has_a_form(written):
    stream = written("json")
    for name, kind in Fields.__annotations__.items():
        if kind is str:
            log_event(log, "run finished", **{name: "live.py:12" if name == "place" else "abc"})
    assert "withheld" not in stream.getvalue()
