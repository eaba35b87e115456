"""What the server answers to programs, and how it is started."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from asked import asked, body_of, headers_of
from prometheus_client.parser import text_string_to_metric_families
from starlette.routing import Router

from regdash.errors import RegdashError, StoreUnavailable
from regdash.jobs.engine import EngineView
from regdash.jobs.observer import Observer
from regdash.jobs.overview import Overview, ProcessView, QueueView, StoreView, Totals
from regdash.settings import Settings
from regdash.ui import operators, server

SEEN = Overview(
    (), QueueView(7, 2, 1, 3.5), Totals(9, 3, 4, 0, 0), StoreView("SQLite", 5, 10, 1, 1), ProcessView(1.0, 2.0, 3), {}
)


def ask(path, engine=("ready", "The engine is ready."), warning="", read=lambda: SEEN, figures=True):
    queue = SimpleNamespace(engine=lambda: EngineView(*engine), warning=warning)
    sent = asked(Router(operators.routes(lambda: queue, lambda: Observer(read), figures)), path)
    return sent[0]["status"], body_of(sent), headers_of(sent)


def broken():
    raise StoreUnavailable("The store cannot be used: the disk is full.")


def test_a_server_that_lives_says_so_whatever_else_is_wrong():
    status, text, headers = ask("/healthz", engine=("down", "The engine is not running."), read=broken)
    assert (status, text) == (200, "ok")
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("state", ["ready", "starting"])
def test_a_server_with_a_store_and_an_engine_is_ready(state):
    assert ask("/readyz", engine=(state, "The engine."))[:2] == (200, "ready")


@pytest.mark.parametrize(
    ("engine", "warning", "sentence"),
    [
        (("down", "The engine is not running."), "", "The engine is not running."),
        (("ready", ""), "The store cannot be written.", "The store cannot be written."),
    ],
)
def test_a_server_that_is_not_ready_says_why(engine, warning, sentence):
    assert ask("/readyz", engine=engine, warning=warning)[:2] == (503, sentence)


def test_the_figures_come_as_json_and_as_prometheus_reads_them():
    status, text, headers = ask("/status.json")
    assert (status, headers["content-type"]) == (200, "application/json")
    assert json.loads(text)["queue"] == {"waiting": 7, "running": 2, "sessions": 1, "oldest_seconds": 3.5} | {
        "searches": 0
    }
    status, text, headers = ask("/metrics")
    assert (status, headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    values = {s.name: s.value for each in text_string_to_metric_families(text) for s in each.samples if not s.labels}
    assert (values["regdash_runs_waiting"], values["regdash_web_sessions"]) == (7, 3)


@pytest.mark.parametrize("path", ["/status.json", "/metrics"])
def test_figures_that_are_turned_off_are_not_there(path):
    status, text, _ = ask(path, figures=False, read=broken)
    assert status == 404
    assert "REGDASH_METRICS" in text


@pytest.mark.parametrize("path", ["/status.json", "/metrics"])
def test_without_a_store_there_is_a_sentence_in_place_of_figures(path):
    assert ask(path, read=broken)[:2] == (503, "The store cannot be used: the disk is full.")


def test_what_was_given_to_streamlit_run_is_understood():
    given = ["run", "/x/app.py", "--server.port", "8600", "--server.address=127.0.0.1", "--server.headless", "true"]
    script, options = server.read_arguments(given)
    assert script.as_posix() == "/x/app.py"
    assert options == {"server.port": 8600, "server.address": "127.0.0.1", "server.headless": True}
    assert server.address(options) == "http://127.0.0.1:8600"


@pytest.mark.parametrize(
    "given", [[], ["run"], ["walk", "app.py"], ["run", "app.py", "--server.port"], ["run", "app.py", "8600", "1"]]
)
def test_anything_else_is_refused_with_how_it_is_done(given):
    with pytest.raises(RegdashError, match=r"run APP\.PY"):
        server.read_arguments(given)


def test_secrets_are_handed_over_only_where_visitors_may_sign_in(monkeypatch):
    assert server._secrets(Settings()) is None
    monkeypatch.setenv("REGDASH_OIDC_CLIENT_ID", "")
    with pytest.raises(RegdashError, match="REGDASH_OIDC_CLIENT_ID"):
        server._secrets(replace(Settings(), sign_in=True))
