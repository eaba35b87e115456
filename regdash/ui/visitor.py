"""Who asks for runs: an unguessable name kept in the browser, so that after a reload runs are still the visitor's."""

import re
import secrets

import streamlit as st

COOKIE = "regdash_visitor"

_keeper = st.components.v2.component(
    "regdash_visitor",
    html="<span hidden></span>",
    js=f"""export default function ({{ data }}) {{
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie = `{COOKIE}=${{data}}; path=/; samesite=strict${{secure}}`;
    }}""",
    isolate_styles=False,
)


def recognise() -> str:
    """The name from the browser's cookie, or a new one."""
    known = str(st.context.cookies.get(COOKIE, ""))
    return known if re.fullmatch(r"[\w-]{22}", known, re.ASCII) else secrets.token_urlsafe(16)


def remember(name: str) -> None:
    """Let the browser keep the name until it is closed."""
    with st.container(key="visitor"):
        _keeper(data=name, key="visitor-cookie")
