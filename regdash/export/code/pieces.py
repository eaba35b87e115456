"""The pieces that a script and a notebook are put together from: sections with constants and blocks of code."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 100  # of the longest line
INDENT = "    "


@dataclass(frozen=True)
class Constant:
    """A value that stands at the top of a script under a name of its own; `why` is the comment beside it."""

    name: str
    value: Any
    why: str = ""

    def __str__(self) -> str:
        plain = f"{self.name} = {self.value!r}"
        line = f"{plain}  # {self.why}"
        if self.why and len(line) <= WIDTH:
            return line
        if isinstance(self.value, tuple) and len(plain) > WIDTH:
            return call(f"{self.name} = (", [repr(each) for each in self.value])
        return plain


@dataclass(frozen=True)
class Section:
    """One section: what it is called, what is to be known about it (Markdown), and its blocks of code.

    A block is a function, a class, or some lines that belong together.
    """

    title: str
    words: str
    blocks: tuple[str, ...]
    constants: tuple[Constant, ...] = ()


def joined(blocks: Iterable[str]) -> str:
    """Blocks below each other, with two empty lines around functions and classes."""
    text = ""
    apart = False
    for block in (block.strip("\n") for block in blocks if block.strip()):
        defines = block.startswith(("def ", "class "))
        gap = "\n\n\n" if defines or apart else "\n\n"
        text += (gap if text else "") + block
        apart = defines
    return text


def call(head: str, arguments: Sequence[str], tail: str = ")", indent: int = 0) -> str:
    """A call such as `x = f(` with its arguments: on one line where it fits, else one argument on each."""
    before = INDENT * indent
    line = f"{before}{head}{', '.join(arguments)}{tail}"
    if "\n" not in line and len(line) <= WIDTH:
        return line
    inside = "".join(f"{before}{INDENT}{each},\n" for each in arguments)
    return f"{before}{head}\n{inside}{before}{tail}"


def indented(lines: Iterable[str], depth: int = 1) -> str:
    """Lines moved to the right."""
    return "\n".join(f"{INDENT * depth}{line}" if line else line for line in lines)


IMPORTS = {
    r"itertools\.": "import itertools",
    r"json\.": "import json",
    r"keras\.": "import keras",
    r"np\.": "import numpy as np",
    r"layers\.": "from keras import layers",
    r"ops\.": "from keras import ops",
    r"datasets\.": "from sklearn import datasets",
    r"StandardScaler": "from sklearn.preprocessing import StandardScaler",
}
"""What code that holds such a word needs, in the order of isort: the standard library first, then the others."""
STANDARD = 2  # of them


def imports_of(code: str) -> str:
    """The import statements that some code needs."""
    used = [line for word, line in IMPORTS.items() if re.search(rf"(?<![\w.]){word}", code)]
    own = [line for line in used if line in tuple(IMPORTS.values())[:STANDARD]]
    others = [line for line in used if line not in own]
    if {LAYERS, OPS} <= set(others):
        others = [f"{LAYERS}, ops" if line == LAYERS else line for line in others if line != OPS]
    return "\n\n".join("\n".join(part) for part in (own, others) if part)


LAYERS, OPS = IMPORTS[r"layers\."], IMPORTS[r"ops\."]
