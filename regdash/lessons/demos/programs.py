"""Demonstrations that run the very text that they show, so that what is read and what is run cannot differ."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from regdash.lessons.demos.base import Demo, Output

FIRST = "To begin with"
_PLACE = re.compile(r" \([^()]*[/\\][^()]*\)$")  # of a file of this machine, at the end of an ImportError


def program(name: str, title: str, parts: Mapping[str, str], numbers: Sequence[str] = (), first: str = "") -> Demo:
    """A demonstration of some short programs, each under its heading and run by itself, after `first` anew.

    `numbers` are names of variables that the programs leave behind, each in one of them.
    """

    def run() -> Output:
        return run_parts(parts, numbers, first)

    return Demo(name, title, shown(({FIRST: first} if first else {}) | dict(parts)), run, tuple(numbers))


def shown(parts: Mapping[str, str]) -> str:
    """Programs as one text, each below its heading."""
    return "\n\n\n".join(f"# {heading}\n{code.strip()}" for heading, code in parts.items())


def run_parts(parts: Mapping[str, str], numbers: Sequence[str] = (), first: str = "") -> Output:
    """Run programs, each after `first`; an error is printed as Python prints it, and ends its program only."""
    lines: list[str] = []
    left: dict[str, float] = {}
    for heading, code in parts.items():
        said: list[str] = []
        variables = _run(f"{first.strip()}\n{code.strip()}" if first else code, said)
        lines += ["", f"{heading}:"] if lines else [f"{heading}:"]
        lines += [f"  {row}" for text in said for row in text.split("\n")]
        left |= {each: float(variables[each]) for each in numbers if each in variables}
    return Output(tuple(lines), {each: left[each] for each in numbers})


def _run(code: str, said: list[str]) -> Mapping[str, Any]:
    """Run a text of this package, never one of a visitor; what it prints goes into `said`."""

    def write(*values: object) -> None:
        said.append(" ".join(map(str, values)))

    variables: dict[str, Any] = {"print": write, "__name__": "demonstration"}
    try:
        exec(compile(code.strip(), "program", "exec"), variables)
    except SyntaxError as error:
        said.append(f"SyntaxError: {error.msg} (line {error.lineno})")
    except Exception as error:
        said.append(f"{type(error).__name__}: {_PLACE.sub('', str(error).strip())}")
    return variables
