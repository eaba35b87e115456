"""Measurements: each program takes --json and then prints one flat JSON object last."""

import json
from collections.abc import Mapping
from typing import Any


def printed(figures: Mapping[str, Any], as_json: bool) -> None:
    """A line for each figure; with `as_json` one flat JSON object last, for scripts."""
    for name, value in figures.items():
        print(f"{name:32} {value:.4g}" if isinstance(value, float) else f"{name:32} {value}")
    if as_json:
        print(json.dumps(dict(figures)))
