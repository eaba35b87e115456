"""When the coordinator's process ends, and that it never shares an SQLite store with another."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import sys
from pathlib import Path
from regdash.cli import coordinate
from regdash.settings import Settings

class Waiting:
    def __init__(self, database):
        pass
    def run(self, stop):
        print("it runs", flush=True)
        stop.wait()

sys.exit(coordinate(Settings(data_dir=Path(sys.argv[1])), Waiting, service="--service" in sys.argv))
"""


@pytest.fixture
def start(tmp_path: Path):
    started = []

    def start(*arguments: str, stdin: int = subprocess.PIPE) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", CODE, str(tmp_path), *arguments]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, stdin=stdin, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def test_it_ends_when_its_standard_input_closes(start):
    process = start()
    assert process.stdout.readline() == "it runs\n"
    process.stdin.close()
    assert process.wait(30) == 0


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_service_goes_on_without_standard_input_until_a_signal(start, name):
    process = start("--service", stdin=subprocess.DEVNULL)
    assert process.stdout.readline() == "it runs\n"
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)  # at the end of its input it would have ended by now
    process.send_signal(getattr(signal, name))
    assert process.wait(30) == 0


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no terminals")
def test_in_a_terminal_it_waits_for_ctrl_c(start):
    ours, theirs = os.openpty()
    process = start(stdin=theirs)
    assert process.stdout.readline() == "it runs\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    os.close(ours)
    os.close(theirs)


def test_a_second_one_for_the_same_file_says_so_and_ends(start):
    first = start()
    assert first.stdout.readline() == "it runs\n"
    for service in ((), ("--service",)):
        out, error = start(*service).communicate(timeout=30)
        assert (out, error) == ("", "Another coordinator already serves this store.\n")


def test_the_command_knows_the_option():
    done = subprocess.run(
        [sys.executable, "-m", "regdash.cli", "coordinator", "--help"], capture_output=True, text=True, check=True
    )
    assert "--service" in done.stdout
