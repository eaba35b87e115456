"""Somebody who speaks to the server without a browser: raw requests, and a page's own messages over a websocket."""

import http.client
import re
from contextlib import contextmanager
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

PATIENCE = 30.0


@contextmanager
def page(address, path="", query="", cookie="", **options):
    """A page that has been drawn once: (socket, all its words, the server's name for it)."""
    headers = {"Cookie": f"regdash_visitor={cookie}"} if cookie else {}
    stream = address.replace("http", "ws") + "/_stcore/stream"
    with connect(
        stream, origin=address, subprotocols=["streamlit"], additional_headers=headers, max_size=None, **options
    ) as socket:
        message = BackMsg()
        message.rerun_script.query_string, message.rerun_script.page_name = query, path
        socket.send(message.SerializeToString())
        yield socket, *drawn(socket)


def drawn(socket):
    """The words of a page until its script has ended, and the server's name for the session."""
    words, session = [], ""
    while True:
        message = ForwardMsg.FromString(socket.recv(PATIENCE))
        words.append(str(message).encode().decode("unicode_escape", "replace"))
        session = message.new_session.initialize.session_id or session
        if message.HasField("script_finished"):
            return "\n".join(words), session


def ask(address, path, method="GET", body=None, **headers):
    """The status and the first megabyte of an answer; the path is sent as it is."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read(2**20).decode("utf-8", "replace"), answer.headers
    finally:
        connection.close()


def token(address):
    """What a page of the server's own sends with an upload: the cookie and the token in it."""
    found = ask(address, "/_stcore/health")[2]["Set-Cookie"]
    cookie = re.match(r"_streamlit_xsrf=([^;]+)", found)[0]
    return {"Cookie": cookie, "X_Xsrftoken": cookie.partition("=")[2]}


def form(size):
    """A file of so many bytes as a browser sends it: headers and body."""
    head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n'
    return {"Content_Type": "multipart/form-data; boundary=x"}, head + b"1" * size + b"\r\n--x--\r\n"
