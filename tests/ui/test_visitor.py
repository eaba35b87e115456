"""Who a browser is, from what its cookie says."""

import re
from hashlib import sha256

import pytest
import streamlit as streamlit_module

from regdash.ui import visitor
from regdash.ui.cookies import COOKIE, new_secret


@pytest.fixture
def cookie(monkeypatch):
    """Let the browser send this cookie."""

    def sent(text):
        class Context:
            cookies = {} if text is None else {COOKIE: text}

        monkeypatch.setattr(streamlit_module, "context", Context)
        return visitor.recognise()

    return sent


def test_the_same_secret_is_the_same_session_and_another_secret_is_another(cookie):
    secret, other = new_secret(), new_secret()
    assert cookie(secret).sessions == cookie(secret).sessions
    assert cookie(secret).sessions != cookie(other).sessions


def test_the_session_is_made_from_the_secret_and_does_not_tell_it(cookie):
    secret = new_secret()
    (session,) = cookie(secret).sessions
    assert session == "a-" + sha256(secret.encode()).hexdigest()[:32]
    assert secret not in session


@pytest.mark.parametrize(
    "text", [None, "", "x", "a" * 21, "a" * 23, "a" * 21 + "é", "a" * 21 + "\n", "../../../../etc/passwd", "a" * 10_000]
)
def test_a_missing_or_edited_cookie_gives_a_new_visitor_and_never_an_error(cookie, text):
    found = cookie(text)
    assert re.fullmatch(r"a-[0-9a-f]{32}", found.sessions[0])
    assert cookie(text).sessions != found.sessions


def test_a_session_seen_in_the_store_or_a_log_does_not_let_one_act_as_it(cookie):
    (session,) = cookie(new_secret()).sessions
    for tried in (session, session[2:], session[2:24]):
        assert cookie(tried).sessions[0] != session


def test_an_account_is_the_same_session_in_every_browser_and_keeps_that_of_the_browser(cookie, monkeypatch):
    monkeypatch.setattr(visitor.sign_in, "who", lambda: ("https://id.example", "42"))
    one, other = cookie(new_secret()), cookie(new_secret())
    assert one.sessions[0] == other.sessions[0] == "u-" + sha256(b"https://id.example\n42").hexdigest()[:32]
    assert one.sessions[1] != other.sessions[1]
    assert one.sessions[1].startswith("a-")
