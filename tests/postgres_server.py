"""A PostgreSQL for the tests: started when the first one asks, ended with the last; each test has its own database."""

import atexit
import os
import secrets
import subprocess
from functools import cache
from pathlib import Path

import pytest

from regdash.store.schema import metadata
from regdash.store.upgrade import LATEST

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "postgres"


def new_database(with_tables: bool = False) -> str:
    """The URL of a database without rows; skips the test where there is no PostgreSQL, or fails it where there must be.

    Databases are used again, as that is much quicker than making one. Those `with_tables` hold the present ones.
    """
    url, reason = _server()
    if url:
        pool = _with_tables if with_tables and _with_tables else _empty
        return pool.pop() if pool else _created(url)
    if os.environ.get("REGDASH_REQUIRE_POSTGRES") == "1":
        pytest.fail(f"PostgreSQL is needed: {reason}")
    pytest.skip(f"PostgreSQL is needed: {reason}")


def drop_database(url: str, with_tables: bool = False) -> None:
    """Take all rows, or all tables as well, out of a database, whoever is still connected to it."""
    name = url.rpartition("?")[0].rpartition("/")[2]
    clear = [f"TRUNCATE {', '.join(metadata.tables)}", f"UPDATE alembic_version SET version_num = '{LATEST}'"]
    drop = ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public", f"ALTER DATABASE {name} RESET ALL"]
    _run(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid()",
        "SET default_transaction_read_only = off",
        *(clear if with_tables else drop),
    )
    (_with_tables if with_tables else _empty).append(url)


_empty: list[str] = []
_with_tables: list[str] = []


def _created(server: str) -> str:
    name = f"test_{secrets.token_hex(6)}"
    _run(server, f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")


@cache
def _server() -> tuple[str, str]:
    """The URL of the server, or why there is none."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "", 'its package psycopg is missing: pip install "regdash[postgres]"'
    done = subprocess.run(["sh", SCRIPT, "start"], capture_output=True, text=True, check=False, timeout=280)
    if done.returncode:
        return "", done.stderr.strip()
    url = done.stdout.strip()
    atexit.register(subprocess.run, ["sh", SCRIPT, "stop", url], check=False)
    return url, ""


def _run(url: str, *statements: str) -> None:
    import psycopg

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)
