"""The cookie and the headers that the server puts around Streamlit's answers, and the websockets that it refuses."""

import pytest
from asked import asked, headers_of
from starlette.responses import PlainTextResponse

from regdash.ui.cookies import COOKIE, VisitorCookie, is_secret, new_secret
from regdash.ui.protection import OwnOrigin, SafeHeaders, connections, content_policy

PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ANSWER = PlainTextResponse("hello")


def cookie_for(**request):
    return headers_of(asked(VisitorCookie(ANSWER, days=60.0), **request)).get("set-cookie", "")


def secret_in(cookie):
    return cookie.split(";")[0].removeprefix(f"{COOKIE}=")


def test_a_new_browser_gets_a_secret_that_scripts_cannot_read():
    cookie = cookie_for(**PAGE)
    assert is_secret(secret_in(cookie))
    parts = set(cookie.split("; ")[1:])
    assert parts == {"Path=/", "HttpOnly", "SameSite=Lax", f"Max-Age={60 * 24 * 3600}"}
    assert secret_in(cookie_for(**PAGE)) != secret_in(cookie)


def test_a_browser_keeps_its_secret_for_as_long_as_it_comes_back():
    known = new_secret()
    assert secret_in(cookie_for(**PAGE, cookie=f"other=1; {COOKIE}={known}; more=2")) == known


@pytest.mark.parametrize("forged", ["", "short", "a" * 23, "ä" * 22, "<script>alert(1)</scrip", "a b" * 7 + "c"])
def test_what_is_not_a_secret_is_replaced(forged):
    found = secret_in(cookie_for(**PAGE, cookie=f"{COOKIE}={forged}"))
    assert is_secret(found)
    assert found != forged


@pytest.mark.parametrize(
    "request_", [{"scheme": "https"}, {"x_forwarded_proto": "https"}, {"x_forwarded_proto": "https, http"}]
)
def test_by_https_the_cookie_goes_back_by_https_only(request_):
    assert "Secure" in cookie_for(**PAGE, **request_)


@pytest.mark.parametrize("request_", [{"accept": "*/*"}, {}, {"accept": "text/html", "method": "POST"}])
def test_files_checks_and_uploads_carry_no_cookie(request_):
    assert cookie_for(**request_) == ""


def test_a_page_with_a_cookie_is_kept_by_no_cache_on_the_way():
    assert headers_of(asked(VisitorCookie(ANSWER, days=1.0), **PAGE))["cache-control"] == "private, no-cache"


def test_secrets_are_different_and_have_128_bits():
    secrets = {new_secret() for _ in range(1_000)}
    assert len(secrets) == 1_000
    assert all(is_secret(each) and len(each) * 6 >= 128 for each in secrets)


def test_every_answer_says_what_browsers_may_do_with_it():
    found = headers_of(asked(SafeHeaders(ANSWER)))
    assert found["x-content-type-options"] == "nosniff"
    assert found["referrer-policy"] == "same-origin"
    policy = {part.split()[0]: part.split()[1:] for part in found["content-security-policy"].split("; ")}
    assert policy["default-src"] == ["'self'"]
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]
    assert policy["connect-src"] == ["'self'", "ws://127.0.0.1:8501", "wss://127.0.0.1:8501"]
    assert "frame-ancestors" not in policy  # courses show the page in a frame
    assert "x-frame-options" not in found


@pytest.mark.parametrize("host", ["", "a b", "x; script-src *", "x\r\nset-cookie: a", "[::1"])
def test_a_forged_host_is_not_repeated_in_the_policy(host):
    assert content_policy(host) == content_policy("")


def test_an_address_of_six_numbers_is_a_host():
    assert "ws://[::1]:8501" in content_policy("[::1]:8501")


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://127.0.0.1:9000", "null", "http://[", ""])
def test_a_websocket_from_another_site_is_refused_before_streamlit_sees_it(origin):
    async def never(*_):
        raise AssertionError("a stranger came through")

    assert asked(OwnOrigin(never), kind="websocket", origin=origin) == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("headers", [{"origin": "http://127.0.0.1:8501"}, {"origin": "https://lms.example"}, {}])
def test_a_websocket_of_our_own_page_comes_through_and_is_counted_while_it_is_open(headers):
    counted = []

    async def open_(*_):
        counted.append(connections())

    before = connections()
    asked(OwnOrigin(open_, allowed=lambda: {"https://lms.example"}), kind="websocket", **headers)
    assert counted == [before + 1]
    assert connections() == before


def test_a_websocket_that_fails_is_counted_no_longer():
    async def broken(*_):
        raise OSError

    before = connections()
    with pytest.raises(OSError, match=r"^$"):
        asked(OwnOrigin(broken), kind="websocket")
    assert connections() == before


def test_pages_are_shown_whatever_site_links_to_them():
    sent = asked(OwnOrigin(ANSWER), origin="https://elsewhere.example")
    assert sent[0]["status"] == 200
