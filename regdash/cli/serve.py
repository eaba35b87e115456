"""`regdash serve`: the dashboard."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from regdash.errors import RegdashError
from regdash.settings import settings


def add_to(commands: Any) -> None:
    """Declare the command."""
    serve = commands.add_parser("serve", help="start the dashboard")
    serve.add_argument("--port", type=int, help="where it listens (REGDASH_PORT)")
    serve.add_argument("--address", help="on which address (REGDASH_ADDRESS)")
    serve.set_defaults(run=_serve)


def _serve(given: argparse.Namespace) -> int:
    here = settings()
    port, address = given.port or here.port, given.address or here.address
    command = [sys.executable, "-m", "regdash.ui.server", "run", str(_first_page()), "--server.port", str(port)]
    command += ["--server.address", address, "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    if os.name != "nt":
        os.execv(sys.executable, command)
    return subprocess.call(command)  # there, execv would leave the terminal to both programs at once


def _first_page() -> Path:
    """app.py: beside the package in a source tree, inside it when installed."""
    package = Path(__file__).resolve().parent.parent
    found = next((p for p in (package.parent / "app.py", package / "_site" / "app.py") if p.is_file()), None)
    if found is None:
        raise RegdashError("app.py was not found beside or inside the package. Install Regdash again.")
    return found
