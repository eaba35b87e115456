"""The overview as Prometheus reads it: text, one line per figure, names that begin with regdash_."""

from collections.abc import Iterator

from prometheus_client.core import CollectorRegistry, CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from regdash.jobs.overview import Overview

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
STATES = ("starting", "ready", "down", "gone")


def as_prometheus(found: Overview) -> bytes:
    """The text for a scrape."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Once(found))
    return generate_latest(registry)


class _Once:
    """A collector that holds one overview."""

    def __init__(self, found: Overview) -> None:
        self._found = found

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        yield from _gauges(self._found)
        yield from _counters(self._found)
        yield from _coordinators(self._found)
        yield InfoMetricFamily("regdash_build", "Versions of the web process.", value=dict(self._found.versions))


def _gauges(found: Overview) -> Iterator[Metric]:
    queue, store, process = found.queue, found.store, found.process
    workers = [worker for each in found.living for worker in each.workers]
    stacks = [stack for each in found.living for stack in each.stacks]
    figures = {
        "runs_waiting": ("Runs that wait to be trained.", queue.waiting),
        "runs_running": ("Runs in training.", queue.running),
        "sessions_waiting": ("Sessions that wait for at least one run.", queue.sessions),
        "oldest_wait_seconds": ("How long the longest-waiting run has waited.", queue.oldest_seconds or 0.0),
        "searches_running": ("Searches that run.", queue.searches),
        "workers": ("Processes that train.", len(workers)),
        "workers_memory_bytes": ("Memory of the training processes.", _bytes(*(each.memory_mb for each in workers))),
        "stacks_in_flight": ("Groups of runs that are trained together.", len(stacks)),
        "members_in_flight": ("Runs in these groups.", sum(each.members for each in stacks)),
        "epochs_left": (
            "Epochs these groups have still to go, summed over groups.",
            sum(each.epochs_left for each in stacks),
        ),
        "members_per_second": ("Runs finished per second over the last minute.", found.members_per_s),
        "epochs_per_second": ("Epochs trained per second over the last minute.", found.epochs_per_s),
        "store_bytes": ("Size of the store.", store.bytes),
        "store_limit_bytes": ("Size of records above which old runs go.", store.limit_bytes),
        "store_runs": ("Runs in the store.", store.runs),
        "store_records": ("Finished runs in the store.", store.records),
        "web_memory_bytes": ("Memory of the web process.", _bytes(process.memory_mb)),
        "web_uptime_seconds": ("How long the web process has been running.", process.uptime_seconds),
    }
    if process.sessions is not None:
        figures["web_sessions"] = ("Browsers connected to the web process.", process.sessions)
    for name, (text, value) in figures.items():
        yield GaugeMetricFamily(f"regdash_{name}", text, value=value)


def _counters(found: Overview) -> Iterator[Metric]:
    totals = found.totals
    for name, text, value in (
        ("runs_asked", "Runs that were asked for.", totals.asked),
        ("cache_hits", "Runs that were asked for and had been trained before.", totals.cache_hits),
        ("runs_finished", "Runs that were trained.", totals.finished),
        ("runs_failed", "Runs that an error has ended.", totals.failed),
        ("workers_lost", "Training processes that died.", totals.lost_workers),
    ):
        yield CounterMetricFamily(f"regdash_{name}", text, value=value)


def _coordinators(found: Overview) -> Iterator[Metric]:
    states = GaugeMetricFamily("regdash_coordinators", "Coordinators by state.", labels=["state"])
    for state in STATES:
        states.add_metric([state], sum(each.state == state for each in found.coordinators))
    yield states
    latency = [each.latency_ms for each in found.living if each.latency_ms is not None]
    if latency:
        text = "From a run's row to its first segment, the last time, at the slowest coordinator."
        yield GaugeMetricFamily("regdash_latency_seconds", text, value=max(latency) / 1_000)


def _bytes(*megabytes: float | None) -> float:
    return sum(each * 1_048_576 for each in megabytes if each is not None)
