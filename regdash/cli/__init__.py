"""The command `regdash`: the dashboard, the coordinator, the store, and training without a browser."""

import argparse
import signal
import sys
from collections.abc import Sequence

from regdash import __version__
from regdash.cli import coordinator, data, export, lesson, search, serve, store, train
from regdash.cli.coordinator import coordinate
from regdash.errors import InvalidExperiment, RegdashError

__all__ = ["coordinate", "main"]

WRONG_INPUT, FAILED = 2, 1
COMMANDS = (serve, coordinator, train, search, export, lesson, data, store)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit status: 0, 1 when it failed, 2 when what was given is wrong."""
    given = _parser().parse_args(arguments)
    try:
        status: int = given.run(given)
    except InvalidExperiment as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    except RegdashError as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="regdash", description="See what regularisation does.")
    parser.add_argument("--version", action="version", version=f"regdash {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(commands)
    return parser
