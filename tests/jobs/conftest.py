"""The fixtures of conftest_jobs, which the tests of faults use as well."""

from conftest_jobs import here, open_queue, queue  # noqa: F401
