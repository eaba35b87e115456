"""Makes this process's wall clock jump by FAKE_CLOCK_JUMP="FILE:SECONDS" as soon as that file exists."""

import os
import time
from pathlib import Path

_file, _, _seconds = os.environ.get("FAKE_CLOCK_JUMP", "").rpartition(":")
_true = time.time

if _file:
    time.time = lambda: _true() + (float(_seconds) if Path(_file).exists() else 0.0)
