"""What an uploaded table may be at most, how its faults are told, and how its words are made harmless."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from regdash.errors import RegdashError

LONGEST_NAME = 60
FEWEST_ROWS = 20
FEWEST_IN_CLASS = 4


@dataclass(frozen=True)
class Limits:
    """How large an uploaded table may be; each limit has a sentence of its own where it is checked."""

    upload_bytes: int = 10 * 2**20
    expanded_bytes: int = 100 * 2**20  # of a compressed file once it is unpacked
    stored_bytes: int = 2 * 2**30  # of all tables kept on this machine
    rows: int = 20_000
    columns: int = 200
    classes: int = 20
    categories: int = 50  # different words in one text column
    inputs: int = 500  # columns of numbers, after each category has become one


LIMITS = Limits()


class InvalidTable(RegdashError):
    """A table, or what was chosen from it, cannot be used: one sentence per field, all of them at once.

    The fields are file, target, inputs, task and missing.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors: Mapping[str, str] = MappingProxyType(dict(errors))
        super().__init__("\n".join(self.errors.values()))

    def __reduce__(self) -> tuple[type["InvalidTable"], tuple[dict[str, str]]]:
        return InvalidTable, (dict(self.errors),)


def unreadable(sentence: str) -> InvalidTable:
    """The fault of a file that cannot be read as a table."""
    return InvalidTable({"file": sentence})


def plain(text: str, longest: int = LONGEST_NAME) -> str:
    """Foreign text on one line, without control characters, without tags, and cut.

    Angle brackets become ‹ ›, because charts read some tags in their labels.
    """
    visible = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * longest])
    line = " ".join(visible.split()).replace("<", "‹").replace(">", "›")
    return line if len(line) <= longest else line[: longest - 1] + "…"


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """The same names, each only once: a, a, b becomes a, a (2), b."""
    found: dict[str, None] = {}
    for name in names:
        free, count = name, 1
        while free in found:
            count += 1
            free = f"{name[: LONGEST_NAME - 8]} ({count})"
        found[free] = None
    return tuple(found)


def listed(names: Iterable[str], most: int = 5) -> str:
    """Names in a sentence: a, b and 3 more."""
    given = list(names)
    if len(given) > most:
        return f"{', '.join(given[:most])} and {len(given) - most} more"
    return " and ".join(filter(None, (", ".join(given[:-1]), *given[-1:])))
