"""Machine settings: one frozen value, read once from REGDASH_* variables."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs

from regdash.errors import RegdashError

BACKENDS = ("tensorflow", "jax")


@dataclass(frozen=True)
class Settings:
    """Places and limits. Each field is read from REGDASH_<FIELD IN CAPITALS> when that is set."""

    data_dir: Path = Path(platformdirs.user_data_dir("regdash", appauthor=False))
    database_url: str = ""  # empty: SQLite in data_dir
    port: int = 8501
    address: str = "127.0.0.1"
    backend: str = ""  # tensorflow or jax; empty: what KERAS_BACKEND says, else TensorFlow
    rooms: str = "anyone"  # who may open a room for a class: anyone, signed-in or nobody
    sign_in: bool = False  # offer to sign in; the provider comes from REGDASH_OIDC_* variables, see docs/hosting.md
    metrics: bool = True  # answer /metrics and /status.json
    log_format: str = "text"  # text or json
    chromium: str = ""  # the Chrome or Chromium that draws PDF, PNG and SVG; empty: what the path has
    lessons: str = ""  # a folder of this server's own lessons, read at the start

    # Limits of one experiment
    max_epochs: int = 2_000
    max_rows: int = 20_000
    max_parameters: int = 500_000  # trainable numbers of one network
    max_seconds: float = 600.0  # of training for one run; then it ends and keeps what it has
    max_link_bytes: int = 8_192  # as it stands in the address
    max_json_bytes: int = 65_536  # of an experiment as text

    # Limits of one session, of one room, and of the server
    max_waiting: int = 200  # unfinished runs of one session
    max_running: int = 64  # runs of one session in training at once
    max_uploads: int = 20  # tables of one session
    max_upload_mb: float = 100.0  # of all tables of one session together
    max_shelf: int = 500  # settings that one session has named, tagged, pinned or put into a comparison
    max_pinned: int = 100  # of them pinned, so that their runs are never deleted
    max_imports: int = 100  # settings of one session whose curves were trained elsewhere
    max_import_mb: float = 20.0  # of all of them together, as they are kept
    max_lessons: int = 20  # own lesson files of one session
    max_lesson_kb: float = 64.0  # of one such file
    max_room_waiting: int = 2_000  # unfinished runs of one room
    max_pupils: int = 200  # of one room
    max_rooms: int = 5  # open at once, of one session
    max_room_hours: float = 336.0  # two weeks
    max_searches: int = 3  # unfinished ones of one session
    max_trials: int = 1_000  # of one search
    max_search_runs: int = 5_000  # of one search, over all its trials, seeds and folds
    max_queue: int = 5_000  # waiting runs of all sessions together

    # How training is shared out
    max_members: int = 256  # in one stack
    max_stacks: int = 16  # in training at once on one worker
    max_memory_mb: float = 4_096.0  # for the stacks of one worker
    segment_seconds: float = 0.2
    progress_seconds: float = 0.25  # the shortest time between two progress reports of one run
    lease_seconds: float = 60.0  # without a sign of life after which a worker or coordinator counts as lost
    max_attempts: int = 3
    worker_programs: int = 2_000  # runs before a worker is replaced by a fresh one
    warm_up: bool = True  # trace the default signature when a worker starts
    embedded: bool = True  # the dashboard starts a coordinator itself; 0 where one runs as a service of its own
    scheduler: str = ""  # of a Dask cluster, such as tcp://10.0.0.5:8786; empty: train on this machine
    poll_seconds: float = 0.02  # how long the coordinator sleeps between two looks at the queue
    patience_seconds: float = 5.0  # how long to wait for a store that another process has locked
    pin_worker: bool = False  # keep the worker off the first core; for servers, a lone user wants every core

    # What is kept
    keep_runs: int = 20_000  # of anonymous sessions, not pinned
    keep_days: float = 60.0  # since such a run was last asked for
    max_store_mb: float = 4_000.0  # of records, above which the oldest such runs go

    @property
    def store_url(self) -> str:
        """Where runs and jobs are kept, as an SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{self.data_dir / 'regdash.sqlite'}"

    def environment(self) -> dict[str, str]:
        """The variables from which `read` makes the same settings, for a process started by this one."""
        texts = {f.name: getattr(self, f.name) for f in fields(self)} | {"database_url": self.store_url}
        return {f"REGDASH_{n.upper()}": str(int(v)) if isinstance(v, bool) else str(v) for n, v in texts.items()}

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings from environment variables; a wrong one raises RegdashError with a sentence."""
        given = {f.name: (f"REGDASH_{f.name.upper()}", f.default) for f in fields(cls)}
        backend_named(environment)
        return cls(**{n: _parse(v, environment[v], d) for n, (v, d) in given.items() if v in environment})


def backend_named(environment: Mapping[str, str]) -> str:
    """The framework that trains: what REGDASH_BACKEND says, else KERAS_BACKEND, else TensorFlow."""
    variable = "REGDASH_BACKEND" if environment.get("REGDASH_BACKEND") else "KERAS_BACKEND"
    name = environment.get(variable) or BACKENDS[0]
    if name not in BACKENDS:
        raise RegdashError(f"{variable} must be {' or '.join(BACKENDS)}, got {name!r}")
    return name


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings.read(os.environ)


@cache
def site() -> Path:
    """The folder that holds app.py, pages and assets: beside the package in a checkout, inside it when installed."""
    package = Path(__file__).resolve().parent
    return package.parent if (package.parent / "app.py").exists() else package / "_site"


def _parse(variable: str, text: str, default: Any) -> Any:
    if isinstance(default, bool):
        if text.lower() not in ("0", "1", "true", "false"):
            raise RegdashError(f"{variable} must be 0 or 1, got {text!r}")
        return text.lower() in ("1", "true")
    try:
        value = type(default)(text) if not isinstance(default, Path) else Path(text).expanduser()
    except (ValueError, RuntimeError):  # not a number; or ~name of a user who does not exist
        kind = {int: "whole number", float: "number"}.get(type(default), "path")
        raise RegdashError(f"{variable} must be a {kind}, got {text!r}") from None
    if isinstance(value, (int, float)) and not 0 < value < math.inf:
        raise RegdashError(f"{variable} must be above 0 and finite, got {text!r}")
    return value
