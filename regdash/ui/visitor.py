"""Who visits: a secret in the browser's cookie, and the session's id that is made from it.

Only the browser knows the secret. The store and the log see the id, from which the secret cannot be found.
"""

from dataclasses import dataclass
from hashlib import sha256

import streamlit as st

from regdash.settings import settings
from regdash.ui import sign_in
from regdash.ui.cookies import COOKIE, DAY, is_secret, new_secret

_keeper = st.components.v2.component(
    "regdash_visitor",
    html="<span hidden></span>",
    js=f"""export default function ({{ data }}) {{
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie = `{COOKIE}=${{data.secret}}; path=/; max-age=${{data.seconds}}; samesite=lax${{secure}}`;
    }}""",
    isolate_styles=False,
)


@dataclass(frozen=True)
class Visitor:
    """`sessions` are the ids under which this visitor acts: that of the account first, that of the browser last."""

    secret: str
    sessions: tuple[str, ...]


def recognise() -> Visitor:
    """The visitor of this browser; one whose cookie is missing or edited is a new visitor."""
    known = str(st.context.cookies.get(COOKIE, ""))
    secret = known if is_secret(known) else new_secret()
    account = sign_in.who()
    signed_in = (account_session(*account),) if account else ()
    return Visitor(secret, (*signed_in, anonymous_session(secret)))


def anonymous_session(secret: str) -> str:
    """The id of a browser's session."""
    return "a-" + _digest(secret)


def account_session(issuer: str, subject: str) -> str:
    """The id of the session of somebody who has signed in, the same in every browser."""
    return "u-" + _digest(issuer + "\n" + subject)


def remember(visitor: Visitor) -> None:
    """Let the browser keep the secret where no server has set it with the page, as under `streamlit run`."""
    if st.context.cookies.get(COOKIE) == visitor.secret:
        return
    with st.container(key="visitor"):
        _keeper(data={"secret": visitor.secret, "seconds": round(settings().keep_days * DAY)}, key="visitor-cookie")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
