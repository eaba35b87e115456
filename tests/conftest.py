"""The engine is quiet and on the CPU, and property tests have no deadline per example."""

import os
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers
from streamlit.runtime.scriptrunner import script_runner
from xdist.scheduler import LoadScopeScheduling

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ["KERAS_BACKEND"] = os.environ.get("REGDASH_BACKEND") or os.environ.get("KERAS_BACKEND") or "tensorflow"

# Streamlit clears Keras' session after every run of a page. The dashboard never has Keras in its process; a test
# process may, and then each run would take ten times as long.
script_runner._clean_problem_modules = lambda: None

IN_CI = bool(os.environ.get("REGDASH_REQUIRE_BROWSER"))  # there the same examples every time, elsewhere new ones
settings.register_profile("regdash", max_examples=60, deadline=None, database=None, print_blob=True, derandomize=IN_CI)
settings.load_profile("regdash")
if IN_CI:  # otherwise examples are also made of the numbers in the modules that happen to be loaded by then
    providers._get_local_constants = lambda: providers._local_constants

PROCESSES = ("cluster", "faults", "jobs")  # folders whose tests start processes and kill them, one after another


class Shares(LoadScopeScheduling):
    """Two workers share the tests: browsers one after another, processes too, and the others file by file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        folder = file.split("/")[1]
        return "processes" if folder in PROCESSES else folder if folder == "browser" else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shares:
    return Shares(config, log)
