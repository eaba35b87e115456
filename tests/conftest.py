"""The engine is quiet and on the CPU, and property tests have no deadline per example."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ["KERAS_BACKEND"] = os.environ.get("REGDASH_BACKEND") or os.environ.get("KERAS_BACKEND") or "tensorflow"

settings.register_profile("regdash", deadline=None, database=None, print_blob=True)
settings.load_profile("regdash")

PROCESSES = ("browser", "cluster", "faults", "jobs")  # folders whose tests start processes and kill them


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two workers share the tests: those that start processes on one of them, the others file by file."""
    tests = Path(__file__).parent
    for item in items:
        place = item.path.relative_to(tests)
        item.add_marker(pytest.mark.xdist_group("processes" if place.parts[0] in PROCESSES else str(place)))
