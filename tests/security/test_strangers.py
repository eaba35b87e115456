"""The real server before strangers: forged cookies, replayed codes, floods, tricks in paths, and what it tells."""

import json
import socket as sockets
import time
from hashlib import sha256
from urllib.parse import urlsplit

import psutil
import pytest
from stranger import ask, form, page, token
from websockets.exceptions import WebSocketException

from regdash.settings import Settings
from regdash.store.rooms import RoomStore

TEACHER, PUPIL = "T" * 22, "P" * 22  # secrets in cookies
TITLE, NAME = "Ye Olde Class", "Nessie of the Loch"
MB = 2**20


def session(secret):
    return "a-" + sha256(secret.encode()).hexdigest()[:32]


@pytest.fixture
def rooms(server):
    return RoomStore(server[1])


@pytest.fixture
def room(rooms):
    made = rooms.open(session(TEACHER), TITLE, "v=1&l2.l2=0.0123", 1, Settings())
    rooms.join(made.code, session(PUPIL), NAME)
    yield made
    if rooms.get(made.id) is not None:
        rooms.delete(made.id, session(TEACHER))


def words(server, secret, path="class", query=""):
    with page(server[0], path, query, secret) as (_, found, _):
        return found


def test_the_cookies_own_visitor_sees_the_room(server, room):
    assert TITLE in words(server, TEACHER)
    assert "Delete this room for good" in words(server, TEACHER)
    pupil = words(server, PUPIL)
    assert TITLE in pupil
    assert NAME in pupil
    assert "Delete this room for good" not in pupil
    assert room.id not in pupil


@pytest.mark.parametrize(
    "forge",
    [
        lambda room: session(TEACHER),
        lambda room: session(TEACHER)[2:24],
        lambda room: TEACHER[:-1] + "U",
        lambda room: TEACHER + "T",
        lambda room: TEACHER.lower(),
        lambda room: f"{TEACHER}; regdash_visitor={'x' * 22}",
        lambda room: room.id,
        lambda room: "' OR 1=1 --",
        lambda room: "%00" * 8,
        lambda room: "x" * 7_000,
    ],
    ids=["id", "part of the id", "edited", "longer", "small", "twice", "room", "sql", "zeros", "oversized"],
)
def test_an_edited_forged_or_oversized_cookie_sees_nothing_of_it(server, room, forge):
    found = words(server, forge(room), query=f"room={room.id}&place={room.id}&session={session(TEACHER)}")
    assert "Join a class" in found
    assert not any(secret in found for secret in (TITLE, NAME, room.code, session(TEACHER), "rd-failed", "Traceback"))


def test_a_pupil_who_was_removed_and_a_class_that_is_over_let_nobody_back_in(server, room, rooms):
    rooms.remove(room.id, session(TEACHER), NAME)
    assert TITLE not in words(server, PUPIL, query=f"room={room.code}")
    rooms.readmit(room.id, session(TEACHER), NAME)
    assert TITLE in words(server, PUPIL)
    rooms.close(room.id, session(TEACHER))
    assert TITLE not in words(server, PUPIL, query=f"room={room.code}")
    rooms.delete(room.id, session(TEACHER))
    assert TITLE not in words(server, TEACHER, query=f"room={room.code}")


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/app/static/../../SECURITY.md",
        "/app/static/..%2f..%2fpyproject.toml",
        "/app/static/%2e%2e/%2e%2e/app.py",
        "/static/../../../../../../../../etc/passwd",
        "/media/..%2f..%2fregdash.sqlite",
        "/_stcore/bidi-components/regdash_visitor/..%2f..%2f..%2fetc%2fpasswd",
        "/component/x/..%2f..%2f..%2fetc%2fpasswd",
        "//etc/passwd",
        "/app/static/..\\..\\app.py",
        "/%00",
        "/class/../../../../etc/passwd%00.html",
    ],
)
def test_no_path_leads_out_of_what_is_served(server, path):
    status, text, _ = ask(server[0], path)
    assert status < 500
    assert not any(word in text for word in ("root:x:", "import streamlit", "[project]", "# Security", "SQLite format"))
    assert "Traceback" not in text


def test_headers_that_are_too_large_are_refused_and_the_server_goes_on(server):
    with sockets.create_connection(urlsplit(server[0]).netloc.split(":"), timeout=20) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nCookie: regdash_visitor=" + b"x" * 200_000 + b"\r\n\r\n")
        assert raw.recv(100).split()[1] in (b"400", b"431")
    assert ask(server[0], "/healthz")[:2] == (200, "ok")


def test_messages_that_are_no_messages_do_not_end_the_server(server):
    with page(server[0]) as (socket, _, _):
        for junk in (b"", b"\xff" * 1_000, b"\x08" * 50_000, "text"):
            try:
                socket.send(junk)
                socket.recv(0.2)
            except (WebSocketException, TimeoutError):
                break
    assert "rd-state" in words(server, "", path="")


def test_an_upload_of_a_gigabyte_is_refused_before_it_is_sent(server):
    with page(server[0], query="data=own") as (_, _, name):
        headers = {"Content_Length": str(2**30)} | form(0)[0] | token(server[0])
        begin = time.monotonic()
        assert ask(server[0], f"/_stcore/upload_file/{name}/a", "PUT", b"1", **headers)[0] == 413
        assert time.monotonic() - begin < 5


def test_an_upload_without_end_is_cut_off(server):
    with page(server[0], query="data=own") as (_, _, name):
        headers = {"Transfer_Encoding": "chunked"} | form(0)[0] | token(server[0])
        chunks = [b"%x\r\n%b\r\n" % (MB, b"1" * MB)] * 40
        try:
            status = ask(server[0], f"/_stcore/upload_file/{name}/a", "PUT", iter(chunks), **headers)[0]
        except OSError:
            status = 413  # the connection was closed while we were sending
        assert status in (400, 413)
    assert ask(server[0], "/healthz")[:2] == (200, "ok")


def test_a_page_may_upload_only_so_much_together(server):
    head, body = form(9 * MB)
    with page(server[0], query="data=own") as (_, _, name):
        headers, begun = head | token(server[0]), memory(server[0])
        found = [ask(server[0], f"/_stcore/upload_file/{name}/{n}", "PUT", body, **headers)[0] for n in range(16)]
        assert found[:5] == [204] * 5
        assert found[-4:] == [413] * 4
        assert memory(server[0]) - begun < 150 * MB
        small = form(10)
        assert ask(server[0], f"/_stcore/upload_file/{name}/0", "DELETE", **token(server[0]))[0] == 204
        assert (
            ask(server[0], f"/_stcore/upload_file/{name}/z", "PUT", small[1], **small[0], **token(server[0]))[0] == 204
        )


def test_an_upload_goes_only_to_a_session_that_is_there(server):
    head, body = form(10)
    for name in ("nobody", session(TEACHER), "..", "%00", "x" * 2_000):
        assert ask(server[0], f"/_stcore/upload_file/{name}/a", "PUT", body, **head, **token(server[0]))[0] in (
            400,
            404,
        )


def test_programs_and_the_log_are_told_nothing_of_visitors(server, room):
    words(server, TEACHER, path="", query="l1.l1=0.00777")
    words(server, PUPIL, query="room=QQQQ2345&l1.l1=0.00777")
    figures = json.loads(ask(server[0], "/status.json")[1])
    assert figures["queue"]["waiting"] >= 0
    for told in (json.dumps(figures), ask(server[0], "/metrics")[1], server[2].read_text()):
        for private in (TITLE, NAME, room.code, room.id, TEACHER, PUPIL, "0.00777", "QQQQ", "Traceback"):
            assert private not in told
        for secret in (TEACHER, PUPIL):
            assert session(secret)[2:] not in told


def memory(address):
    """Bytes of the process that answers there."""
    port = urlsplit(address).port
    (one,) = {each.pid for each in psutil.net_connections("tcp") if each.laddr.port == port and each.status == "LISTEN"}
    return psutil.Process(one).memory_info().rss
