"""`regdash data fetch`: data sets that are downloaded once."""

import argparse
import sys
from typing import Any

from regdash.datasets.sources import SOURCES


def add_to(commands: Any) -> None:
    """Declare the command."""
    data = commands.add_parser("data", help="data sets that are downloaded once")
    fetch = data.add_subparsers(title="commands", required=True, metavar="COMMAND").add_parser(
        "fetch", help="download a data set through Keras, so that the dashboard finds it"
    )
    fetch.add_argument("name", choices=tuple(SOURCES), metavar="NAME", help=f"one of {', '.join(SOURCES)}")
    fetch.set_defaults(run=_fetch)


def _fetch(given: argparse.Namespace) -> int:
    from regdash.datasets.downloads import fetch

    shown = -1

    def tell(share: float) -> None:
        nonlocal shown
        percent = int(100 * share)
        if percent > shown:
            shown = percent
            print(f"\r{SOURCES[given.name].label}: {percent} %", end="", file=sys.stderr, flush=True)

    try:
        place = fetch(given.name, tell)
    finally:
        if shown >= 0:
            print(file=sys.stderr)
    print(place)
    return 0
