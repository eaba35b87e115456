"""Whatever deploy/ starts or the documents show is a command that its program knows."""

import argparse

import click
import pytest
from distributed.cli import dask_scheduler, dask_worker
from shipped import commands, said_commands

from regdash.cli import _parser

ALL = [*commands(), *said_commands()]
ROLES = {"serve", "coordinator", "scheduler", "worker"}


def parsed(words: list[str]) -> argparse.Namespace | click.Context:
    """The command as its own program reads it; SystemExit or a click error where it does not know it."""
    if words[0] == "regdash":
        return _parser().parse_args(words[1:])
    program = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}[words[1]]
    return program.make_context(f"dask {words[1]}", list(words[2:]))


@pytest.mark.parametrize("words", [words for _, words in ALL], ids=[f"{at}: {' '.join(w[:3])}" for at, w in ALL])
def test_a_command_is_one_that_its_program_knows(words: list[str]) -> None:
    assert words[0] in ("regdash", "dask")
    assert parsed(words) is not None


def test_all_four_roles_are_started_by_compose_and_by_kubernetes() -> None:
    for place in ("compose.yaml", "kubernetes"):
        assert {words[1] for at, words in commands() if at.startswith(place)} == ROLES


def test_a_coordinator_that_is_a_service_does_not_end_with_its_standard_input() -> None:
    started = [words for _, words in commands() if words[:2] == ["regdash", "coordinator"]]
    assert len(started) == 3
    assert all(words[2:] == ["--service"] for words in started)


def test_every_worker_is_one_process_that_takes_several_stacks_in_turns_and_writes_only_to_its_own_folder() -> None:
    workers = [parsed(words) for _, words in commands() if words[1] == "worker"]
    assert len(workers) == 3
    for worker in workers:
        assert isinstance(worker, click.Context)
        assert (worker.params["n_workers"], worker.params["nthreads"]) == ("1", 8)
        assert worker.params["local_directory"] == "/tmp"


def test_a_worker_with_a_graphics_card_says_so_to_the_scheduler() -> None:
    (words,) = [words for at, words in commands() if at == "compose.yaml worker-gpu"]
    worker = parsed(words)
    assert isinstance(worker, click.Context)
    assert worker.params["resources"] == "GPU=1"
