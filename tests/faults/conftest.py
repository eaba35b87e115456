"""Faults are struck against the real queue, store, coordinator and worker process; only the engine is fake."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "jobs"))

from conftest_jobs import here, open_queue, queue  # noqa: F401
