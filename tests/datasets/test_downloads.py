"""How a download is run, watched and put into its place; small programs stand for the process that fetches."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from downloaded import put_in_place

from regdash.datasets import downloads
from regdash.datasets.downloads import BROKEN, NO_CONNECTION, NO_ROOM, REFUSED, Patience, fetch
from regdash.datasets.sources import WAY_OUT, place_of
from regdash.errors import RegdashError
from regdash.settings import settings


def program(text: str, *arguments: str) -> tuple[str, ...]:
    """The command of a small program; NAME and FILE follow as its last arguments."""
    return (sys.executable, "-c", text, *arguments)


SLEEPS = program("import time; time.sleep(60)")
COPIES = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[-1])"


@pytest.fixture
def made(keras_home: Path, tmp_path: Path) -> Path:
    """A sound file of MNIST that is not yet in its place."""
    put_in_place("mnist", 300)
    return place_of("mnist").rename(tmp_path / "sound.npz")


def test_a_download_can_be_cancelled(keras_home: Path) -> None:
    asked: list[float] = []

    def cancelled() -> bool:
        asked.append(time.monotonic())
        return len(asked) > 3

    with pytest.raises(RegdashError, match=r"^The download of MNIST was cancelled; nothing of it was kept\.$"):
        fetch("mnist", cancelled=cancelled, command=SLEEPS)
    assert len(asked) == 4
    assert asked[-1] - asked[0] < 5
    assert list(place_of("mnist").parent.iterdir()) == []


@pytest.mark.parametrize(
    ("patience", "reason"),
    [(Patience(stall=0.3), "nothing came for 0 seconds"), (Patience(total=0.3), "it was not complete after 0 seconds")],
)
def test_a_download_that_takes_too_long_is_ended(keras_home: Path, patience: Patience, reason: str) -> None:
    with pytest.raises(
        RegdashError, match=f"^MNIST could not be downloaded: {reason}. Press Download again, {WAY_OUT}"
    ):
        fetch("mnist", patience=patience, command=SLEEPS)
    assert list(place_of("mnist").parent.iterdir()) == []


def test_slow_bytes_are_no_stall(keras_home: Path, made: Path) -> None:
    drips = (
        "import pathlib, shutil, sys, time; file = pathlib.Path(sys.argv[-1])\n"
        "for size in range(1, 9): file.write_bytes(bytes(size)); time.sleep(0.25)\n"
        "shutil.copyfile(sys.argv[1], file)"
    )
    fetch("mnist", patience=Patience(stall=1.5), command=program(drips, str(made)))
    assert place_of("mnist").read_bytes() == made.read_bytes()


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (NO_CONNECTION, "there is no connection"),
        (REFUSED, "does not give it out at the moment"),
        (BROKEN, "what came is damaged"),
        (NO_ROOM, "there is no room for it on this machine"),
        (9, "ended with status 9"),
    ],
)
def test_every_way_to_fail_has_a_sentence_with_a_way_out(keras_home: Path, status: int, reason: str) -> None:
    with pytest.raises(RegdashError, match=rf"^MNIST could not be downloaded: .*{reason}.*{WAY_OUT}$"):
        fetch("mnist", command=program(f"import sys; sys.exit({status})"))


def test_what_an_unknown_failure_said_is_in_the_log_and_not_in_the_sentence(
    keras_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(RegdashError) as caught:
        fetch("mnist", command=program("raise SystemError('a secret place')"))
    assert "secret" not in str(caught.value)
    assert "a secret place" in caplog.text


def test_a_file_that_is_not_what_it_should_be_is_never_moved_into_its_place(keras_home: Path) -> None:
    with pytest.raises(RegdashError, match="what came is damaged"):
        fetch("mnist", command=program("import pathlib, sys; pathlib.Path(sys.argv[-1]).write_bytes(b'no images')"))
    assert not place_of("mnist").exists()


def test_a_sound_file_is_not_fetched_again_and_a_damaged_one_is(keras_home: Path, made: Path) -> None:
    place_of("mnist").write_bytes(made.read_bytes()[:-100])
    fetch("mnist", command=program(COPIES, str(made)))
    assert place_of("mnist").read_bytes() == made.read_bytes()
    told: list[float] = []
    fetch("mnist", told.append, command=program("raise SystemError"))
    assert told == [1.0]


def test_processes_that_fetch_the_same_at_once_do_no_harm(keras_home: Path, made: Path) -> None:
    copies = "import time; time.sleep(0.5); " + COPIES
    text = (
        "import sys; from regdash.datasets.downloads import fetch\n"
        f"fetch('mnist', command=(sys.executable, '-c', {copies!r}, sys.argv[1]))"
    )
    several = [subprocess.Popen([*program(text), str(made)], stdin=subprocess.DEVNULL) for _ in range(3)]
    assert [process.wait(60) for process in several] == [0, 0, 0]
    assert place_of("mnist").read_bytes() == made.read_bytes()
    assert [left.name for left in place_of("mnist").parent.iterdir()] == ["mnist.npz"]


def test_folders_that_a_killed_process_left_behind_are_removed_after_a_day(
    keras_home: Path, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = place_of("mnist").with_name("mnist-left.part")
    left.mkdir()
    fetch("mnist", command=program(COPIES, str(made)))
    assert left.exists(), "its process may still be at work"
    place_of("mnist").unlink()
    monkeypatch.setattr(downloads, "OLD_SECONDS", -1.0)
    fetch("mnist", command=program(COPIES, str(made)))
    assert not left.exists()


def test_a_folder_that_cannot_be_written_gives_a_sentence(keras_home: Path) -> None:
    settings().data_dir.parent.joinpath("data").write_text("a file in the way")
    with pytest.raises(RegdashError, match=r"^MNIST could not be kept in .*set REGDASH_DATA_DIR to another folder\.$"):
        fetch("mnist", command=SLEEPS)


def test_another_name_is_refused_with_those_that_there_are(keras_home: Path) -> None:
    with pytest.raises(RegdashError, match=r"must be one of fashion_mnist, mnist, cifar10, got '\.\./moons'"):
        fetch("../moons")


def test_reading_a_downloaded_set_loads_no_keras() -> None:
    program = "import sys; import regdash.datasets.fetch; print(*{'keras', 'tensorflow'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []
