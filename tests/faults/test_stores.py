"""A store that fills up, cannot be written, is locked, or whose clock jumps: no result is lost or doubled by it."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from blows import all_well, ask, finished, jobs, locked
from waiting import ended, experiment, until

from regdash.errors import StoreUnavailable

FILL = 64 * 1024


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a file system of 3 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a small file system can be mounted only by the superuser")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(folder: Path) -> Path:
    """Write until the disk is full; returns the file to be deleted."""
    path = folder / "ballast"
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(FILL))
        except OSError:
            return path


@pytest.mark.timeout(120)
def test_runs_wait_out_a_full_disk_and_are_all_finished_when_there_is_room_again(open_queue, small_disk):
    queue = open_queue(data_dir=small_disk)
    ids = ask(queue, jobs(40))
    until(lambda: finished(queue, ids) > 0)
    ballast = fill(small_disk)
    time.sleep(1.0)
    with pytest.raises(StoreUnavailable, match="the disk is full"):
        queue.submit("a-full", [experiment(seed) for seed in range(1_000, 1_100)])
    ballast.unlink()
    all_well(queue, ids)
    assert finished(queue, ids) == 40


@pytest.mark.timeout(120)
def test_runs_wait_while_the_store_is_read_only_and_pages_work_on_with_a_temporary_one(open_queue, small_disk):
    queue = open_queue(data_dir=small_disk)
    ids = ask(queue, jobs(30))
    until(lambda: finished(queue, ids) > 0)
    queue.close()
    remount(small_disk, "ro")
    meanwhile = open_queue(data_dir=small_disk)
    assert "cannot be used" in meanwhile.warning
    other = meanwhile.submit("a-late", [experiment(1_000)])
    until(lambda: ended(meanwhile, other))
    meanwhile.close()
    remount(small_disk, "rw")
    again = open_queue(data_dir=small_disk)
    all_well(again, ids)
    assert (again.warning, finished(again, ids)) == ("", 30)


def remount(folder: Path, how: str) -> None:
    """Make a file system read-only or writable, as soon as nobody has a file open for writing on it."""
    until(lambda: subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], capture_output=True).returncode == 0)


@pytest.mark.timeout(120)
def test_runs_wait_out_a_store_that_another_program_has_locked(open_queue, here):
    queue = open_queue(patience_seconds=0.3)
    ids = ask(queue, jobs(40))
    until(lambda: finished(queue, ids) > 0)
    holder = locked(here.data_dir / "regdash.sqlite", seconds=2.0)
    time.sleep(0.2)
    with pytest.raises(StoreUnavailable, match="another program has locked it"):
        queue.submit("a-late", [experiment(1_000)])
    assert queue.watch(ids)  # reading goes on
    holder.join()
    all_well(queue, ids)
    assert finished(queue, ids) == 40


@pytest.mark.timeout(120)
@pytest.mark.parametrize("jump", [86_400.0, -86_400.0], ids=["a day forwards", "a day back"])
def test_runs_survive_a_clock_that_jumps(open_queue, monkeypatch, tmp_path, jump):
    switch = tmp_path / "jump"
    monkeypatch.setenv("FAKE_CLOCK_JUMP", f"{switch}:{jump}")
    queue = open_queue(lease_seconds=2.0)
    ids = ask(queue, jobs(40))
    until(lambda: finished(queue, ids) > 0)
    switch.touch()  # from here on the coordinator's clock is a day off
    late = queue.submit("a-late", [experiment(1_000)])
    all_well(queue, [*ids, *late])
    assert finished(queue, [*ids, *late]) == 41
    until(lambda: queue.engine().state == "ready")


def test_the_program_that_jumps_the_clock_does_jump_it(tmp_path):
    switch = tmp_path / "jump"
    switch.touch()
    code = "import jumping_clock, time; print(time.time())"
    environment = os.environ | {
        "FAKE_CLOCK_JUMP": f"{switch}:-1e9",
        "PYTHONPATH": str(Path(__file__).parents[1] / "jobs"),
    }
    found = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True)
    assert float(found.stdout) == pytest.approx(time.time() - 1e9, abs=60.0)
