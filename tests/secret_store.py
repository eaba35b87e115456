"""A store in which everything that a visitor brings can be recognised."""

from regdash.settings import Settings
from regdash.store.coordinators import SignOfLife, write_sign
from regdash.store.counters import count
from regdash.store.jobs import JobStore, Result
from regdash.store.requests import RequestStore, Wanted
from regdash.store.rooms import RoomStore
from regdash.store.tables import put_table

TEACHER, PUPIL = "a-" + "1badcafe" * 4, "a-" + "2badcafe" * 4
NICKNAME, TITLE, LESSON, TABLE = "Nessie", "Secretclass", "dropout.rate=0.777", b"kept,private\n1,2\n"
SETTINGS = '{"private": "settings"}'
RUNS = [f"{number:020x}" for number in range(1, 6)]
STATS = {
    "workers": [{"device": "CPU, 2 cores", "pid": 4242, "memory_mb": 812.5, "state": "ready"}],
    "stacks": [
        {"label": "Moons, MLP, Adam", "members": 30, "epochs_left": 1200, "worker": 4242},
        {"label": "Digits, CNN, SGD", "members": 2, "epochs_left": 80, "worker": 4242},
    ],
    "members_per_s": 3.5,
    "epochs_per_s": 465.0,
    "lost_workers": 1,
    "latency_ms": 31.5,
}


def fill(database):
    """A room with a pupil, five runs of which one is done, one failed and one in training, and a ready coordinator."""
    limits, rooms = Settings(), RoomStore(database)
    room = rooms.open(TEACHER, TITLE, LESSON, 1.0, limits)
    rooms.join(room.code, PUPIL, NICKNAME)
    wanted = [Wanted(run, SETTINGS, 100, False) for run in RUNS]
    RequestStore(database).submit(PUPIL, wanted, limits, room.id)
    done, failed, _ = JobStore(database).claim(RUNS[:3], "ab12")
    JobStore(database).finish([Result(done, "finished", 100, b"record")])
    JobStore(database).fail([failed], "An error about private rows.")
    put_table(database, "0" * 64, PUPIL, TABLE, limits)
    write_sign(database, SignOfLife("ab12", "ready", "The engine is ready.", "CPU", {"keras": "3.15.1"}, STATS))
    for name, by in (("finished", 40), ("failed", 1), ("lost_workers", 1)):
        count(database, name, by)
    return room


def secrets(room):
    """What must never be shown to operators or to other visitors."""
    texts = (TEACHER, PUPIL, "badcafe", NICKNAME, TITLE, LESSON, "0.777", "private", SETTINGS, room.id, room.code)
    return (*texts, *RUNS, "0" * 64)
