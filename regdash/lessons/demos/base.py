"""What a demonstration is: code as it is printed, and what really happens when it is run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Output:
    """What a demonstration printed, and numbers by name for the claims about it."""

    lines: tuple[str, ...]
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Demo:
    """`run` does what `code` says, in a second at most, with NumPy and scikit-learn alone; the same every time.

    `numbers` names what the output computes.
    """

    name: str
    title: str
    code: str
    run: Callable[[], Output]
    numbers: tuple[str, ...] = ()
