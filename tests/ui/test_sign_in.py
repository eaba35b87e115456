"""What signing in needs of the environment."""

import pytest

from regdash.errors import RegdashError
from regdash.ui import sign_in

COMPLETE = {variable: f"value of {variable}" for variable in sign_in.VARIABLES.values()}
COMPLETE["REGDASH_COOKIE_SECRET"] = "0123456789abcdef" * 2


def test_the_provider_comes_from_the_environment_alone():
    auth = sign_in.secrets_from(COMPLETE | {"HOME": "/nowhere"})["auth"]
    assert auth["client_id"] == COMPLETE["REGDASH_OIDC_CLIENT_ID"]
    assert auth["server_metadata_url"] == COMPLETE["REGDASH_OIDC_METADATA_URL"]
    assert auth["cookie_secret"] == COMPLETE["REGDASH_COOKIE_SECRET"]
    assert auth["client_kwargs"] == {"scope": "openid"}


@pytest.mark.parametrize("missing", sign_in.VARIABLES.values())
@pytest.mark.parametrize("given", [None, ""])
def test_a_missing_value_is_named_in_a_sentence(missing, given):
    environment = {name: text for name, text in COMPLETE.items() if name != missing}
    environment |= {} if given is None else {missing: given}
    with pytest.raises(RegdashError, match=f"missing: {missing}. Set them") as refused:
        sign_in.secrets_from(environment)
    assert COMPLETE["REGDASH_COOKIE_SECRET"] not in str(refused.value)


def test_a_short_cookie_secret_is_refused_without_being_said():
    with pytest.raises(RegdashError, match="at least 32 letters, got 9") as refused:
        sign_in.secrets_from(COMPLETE | {"REGDASH_COOKIE_SECRET": "too-short"})
    assert "too-short" not in str(refused.value)


def test_where_signing_in_is_off_nobody_is_asked_who_they_are():
    assert sign_in.who() is None
