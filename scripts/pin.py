"""Write constraints.txt: the newest versions that everything in pyproject.toml allows together.

Run it with the oldest Python that Regdash serves, so that each version is one that all of them can install:
`.venv/bin/python scripts/pin.py`.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADER = "# The versions that the tests are run with; written by scripts/pin.py.\n"


def resolved() -> list[str]:
    """What pip would install for `.[test]`, as lines such as "numpy==2.4.6"."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-"]
    report = subprocess.run([*command, ".[test]"], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    packages = (item["metadata"] for item in json.loads(report)["install"])
    return sorted(f"{p['name'].lower().replace('_', '-')}=={p['version']}" for p in packages if p["name"] != "regdash")


if __name__ == "__main__":
    (ROOT / "constraints.txt").write_text(HEADER + "\n".join(resolved()) + "\n")
