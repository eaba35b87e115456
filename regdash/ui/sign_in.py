"""Signing in, where a server offers it: Streamlit's own login, with the provider named in the environment."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from regdash.errors import RegdashError
from regdash.settings import settings

VARIABLES = {
    "client_id": "REGDASH_OIDC_CLIENT_ID",
    "client_secret": "REGDASH_OIDC_CLIENT_SECRET",
    "server_metadata_url": "REGDASH_OIDC_METADATA_URL",
    "redirect_uri": "REGDASH_OIDC_REDIRECT_URI",
    "cookie_secret": "REGDASH_COOKIE_SECRET",
}
SCOPE = "openid"  # who it is, and neither name nor address
SHORTEST = 32  # letters of the secret that signs cookies


def secrets_from(environment: Mapping[str, str]) -> dict[str, Any]:
    """What `st.App(secrets=...)` needs; raises RegdashError that names what is missing or too short."""
    missing = [variable for variable in VARIABLES.values() if not environment.get(variable)]
    if missing:
        raise RegdashError(
            f"REGDASH_SIGN_IN=1 needs {', '.join(VARIABLES.values())}; missing: {', '.join(missing)}. "
            "Set them, or switch signing in off with REGDASH_SIGN_IN=0."
        )
    given = {name: environment[variable] for name, variable in VARIABLES.items()}
    if len(given["cookie_secret"]) < SHORTEST:
        raise RegdashError(
            f"REGDASH_COOKIE_SECRET must have at least {SHORTEST} letters, got {len(given['cookie_secret'])}; "
            "make one with: openssl rand -hex 32"
        )
    return {"auth": given | {"client_kwargs": {"scope": SCOPE}}}


def who() -> tuple[str, str] | None:
    """The issuer and the subject of the visitor who has signed in; None for everybody else."""
    if not settings().sign_in or not st.user.get("is_logged_in"):
        return None
    issuer, subject = st.user.get("iss"), st.user.get("sub")
    return (str(issuer), str(subject)) if issuer and subject else None


def draw() -> None:
    """A button that signs in or out; nothing where the server does not offer it."""
    if not settings().sign_in:
        return
    with st.container(key="sign-in"):
        if who() is None:
            help = "Your runs and rooms are then yours in every browser in which you sign in."
            st.button("Sign in", type="tertiary", icon=":material/login:", on_click=st.login, help=help)
        else:
            st.button("Sign out", type="tertiary", icon=":material/logout:", on_click=st.logout)
