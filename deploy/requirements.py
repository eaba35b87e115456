"""Print what pyproject.toml asks for, with the extras that are named: `requirements.py postgres,cluster`."""

import sys
import tomllib
from pathlib import Path


def requirements(project: Path, extras: str) -> list[str]:
    """The requirements of the project and of its extras, one a line; SystemExit with a sentence for an unknown one."""
    table = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    known = table["optional-dependencies"]
    wanted = [name.strip() for name in extras.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise SystemExit(f"an extra must be one of {', '.join(known)}, got {', '.join(unknown)}")
    return [*table["dependencies"], *(each for name in wanted for each in known[name])]


if __name__ == "__main__":
    print("\n".join(requirements(Path("pyproject.toml"), sys.argv[1] if len(sys.argv) > 1 else "")))
