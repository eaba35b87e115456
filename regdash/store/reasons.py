"""Every failure of the store as a sentence that says where, why and what to do; never with a password in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from regdash.errors import StoreUnavailable

ADVICE = "Set REGDASH_DATA_DIR to a folder that can be written, or REGDASH_DATABASE_URL to another store."
SERVER_ADVICE = "Correct REGDASH_DATABASE_URL, or leave it out to keep runs in a file in REGDASH_DATA_DIR."

REASONS: Mapping[str, str] = {
    # SQLite
    "file is not a database": "it is not an SQLite file, or it is damaged; move it away to start afresh",
    "malformed": "it is damaged; move it away to start afresh",
    "readonly": "it may be read but not written",
    "unable to open": "it cannot be opened there; the folder may be missing or may not be written",
    "locked": "another program has locked it",
    "disk is full": "the disk is full",
    "disk I/O error": "the disk reported an error",
    "no such column": "it was made by another version of Regdash",
    "no such table": "it was made by another version of Regdash",
    # PostgreSQL
    "password authentication failed": "the server does not accept this user with this password",
    "no password supplied": "the server asks for a password, and REGDASH_DATABASE_URL has none",
    "no pg_hba.conf entry": "the server does not let this user in from this machine",
    "too many clients": "the server has no connection left; raise its max_connections",
    "remaining connection slots": "the server has no connection left; raise its max_connections",
    "Connection refused": "no server answers there",
    "No such file or directory": "no server answers there",
    "Name or service not known": "its server's name is not known",
    "failed to resolve host": "its server's name is not known",
    "timeout expired": "no server answers there",
    "server closed the connection": "the connection to the server was lost",
    "terminating connection": "the connection to the server was lost",
    "the connection is closed": "the connection to the server was lost",
    "the database system is": "the server is starting or stopping",
    "lock timeout": "another program has locked it",
    "deadlock detected": "two programs waited for each other; try again",
    "read-only transaction": "it may be read but not written",
    "permission denied": "this user may not make or write tables there",
    "No space left": "the disk is full",
    "QueuePool limit": "too many visitors use it at this moment; try again",
}


def advice(place: str) -> str:
    """What to do when a store cannot be used."""
    return SERVER_ADVICE if place.startswith("postgresql") else ADVICE


def shown(url: URL) -> str:
    """A server's URL for people: without its password, wherever it stands."""
    return url.difference_update_query(["password", "sslpassword"]).render_as_string(hide_password=True)


@contextmanager
def explained(place: str, password: str = "") -> Iterator[None]:
    """Turn what goes wrong inside into StoreUnavailable with a sentence."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        reason = _reason(error, place)
        if password:
            reason = reason.replace(password, "***")
        raise StoreUnavailable(f"The store {place} cannot be used: {reason}. {advice(place)}") from error


def _reason(error: Exception, place: str) -> str:
    if isinstance(error, OSError):
        return f"its folder cannot be made ({error.strerror or error})"
    text = str(getattr(error, "orig", None) or error)
    if place.startswith("postgresql"):
        for kind in ("database", "role"):
            if f'FATAL:  {kind} "' in text and "does not exist" in text:
                return f"its server has no such {kind if kind == 'database' else 'user'}"
    first = (text.splitlines() or [""])[0][:200].rstrip(". ")
    return next((reason for sign, reason in REASONS.items() if sign in text), first)
