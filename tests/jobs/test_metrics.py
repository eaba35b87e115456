import pytest
from prometheus_client.parser import text_string_to_metric_families
from secret_store import fill, secrets

from regdash.jobs.metrics import as_prometheus
from regdash.jobs.overview import overview
from regdash.settings import Settings
from regdash.store.database import open_store


@pytest.fixture
def scraped(tmp_path):
    """The text of a filled store, and its room."""
    database = open_store(f"sqlite:///{tmp_path / 'regdash.sqlite'}")
    room = fill(database)
    yield as_prometheus(overview(database, Settings())).decode(), room
    database.close()


def test_prometheus_reads_back_what_the_overview_says(scraped):
    families = {each.name: each for each in text_string_to_metric_families(scraped[0])}
    values = {sample.name: sample.value for each in families.values() for sample in each.samples if not sample.labels}
    expected = {
        "regdash_runs_waiting": 2, "regdash_runs_running": 1, "regdash_sessions_waiting": 1,
        "regdash_workers": 1, "regdash_workers_memory_bytes": 812.5 * 2**20,
        "regdash_stacks_in_flight": 2, "regdash_members_in_flight": 32, "regdash_epochs_left": 1280,
        "regdash_members_per_second": 3.5, "regdash_epochs_per_second": 465.0, "regdash_latency_seconds": 0.0315,
        "regdash_runs_asked_total": 5, "regdash_cache_hits_total": 0, "regdash_runs_finished_total": 40,
        "regdash_runs_failed_total": 1, "regdash_workers_lost_total": 1,
        "regdash_store_runs": 5, "regdash_store_records": 1, "regdash_store_limit_bytes": 4e9,
    }  # fmt: skip
    assert {name: values[name] for name in expected} == expected
    states = {sample.labels["state"]: sample.value for sample in families["regdash_coordinators"].samples}
    assert states == {"starting": 0, "ready": 1, "down": 0, "gone": 0}


def test_every_figure_has_a_help_and_a_type_and_our_name(scraped):
    families = list(text_string_to_metric_families(scraped[0]))
    assert families
    assert all(each.documentation and each.type in ("gauge", "counter") for each in families)
    assert all(each.name.startswith("regdash_") for each in families)


def test_no_visitors_data_are_in_the_figures(scraped):
    text, room = scraped
    assert [secret for secret in secrets(room) if secret in text] == []


def test_a_store_without_coordinators_has_figures_too(tmp_path):
    database = open_store(f"sqlite:///{tmp_path / 'regdash.sqlite'}")
    text = as_prometheus(overview(database, Settings())).decode()
    database.close()
    values = {s.name: s.value for each in text_string_to_metric_families(text) for s in each.samples if not s.labels}
    assert (
        values["regdash_workers"] == values["regdash_epochs_per_second"] == values["regdash_oldest_wait_seconds"] == 0
    )
    assert "regdash_latency_seconds" not in values
