import time

from regdash.store.heartbeat import Heartbeat, read_heartbeat, write_heartbeat


def test_a_store_without_a_coordinator_has_no_heartbeat(database):
    assert read_heartbeat(database) is None


def test_the_last_heartbeat_is_read_with_its_age(database):
    write_heartbeat(database, Heartbeat("starting", "It starts."))
    write_heartbeat(database, Heartbeat("ready", "It is ready.", "CPU", {"keras": "3"}))
    found = read_heartbeat(database)
    assert (found.state, found.sentence, found.device, found.versions) == (
        "ready",
        "It is ready.",
        "CPU",
        {"keras": "3"},
    )
    assert 0 <= found.age < 5
    assert found.beat <= time.time()
