"""How much memory a process holds, where the system tells."""

from pathlib import Path


def resident_mb(pid: int) -> float | None:
    """Megabytes of a process in memory; None where it cannot be known."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) / 1_024
    except (OSError, StopIteration, ValueError):
        return None
