"""The fields of a front matter, each of the kind it must have; what is wrong is gathered with its line."""

import keyword
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from regdash.errors import Fault, RegdashError
from regdash.lessons.front import Front, Path
from regdash.lessons.names import Consequence
from regdash.params import excerpt, nearest

LONGEST = 300  # letters of a title, question or answer
MOST = 100  # experiments, claims, settings in a list, ...
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
Read = TypeVar("Read")


@dataclass(frozen=True)
class Fields:
    """A front matter while it is read: every wrong value leaves a sentence in `faults` and a name in `broken`."""

    front: Front
    faults: list[Fault] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def fault(self, path: Path, sentence: str) -> None:
        """Say what is wrong with the value at a path."""
        self.faults.append(Fault(self.front.line(*path), sentence))

    def text(self, key: str, longest: int = LONGEST) -> str:
        """A text; nothing where it is not given."""
        found = self.front.values.get(key, "")
        if not isinstance(found, str) or len(found) > longest:
            self.fault((key,), f"{key} must be a text of at most {longest} letters, got {excerpt(found)}")
            return ""
        return found.strip()

    def one_of(self, key: str, allowed: Sequence[Any]) -> Any:
        """One of some words; the first where it is not given."""
        found = self.front.values.get(key, allowed[0])
        if found not in allowed:
            self.fault((key,), f"{key} must be one of {', '.join(allowed)}, got {excerpt(found)}")
            return allowed[0]
        return found

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number within bounds."""
        found = self.front.values.get(key, default)
        if not isinstance(found, int) or isinstance(found, bool) or not low <= found <= high:
            self.fault((key,), f"{key} must be a whole number between {low} and {high}, got {excerpt(found)}")
            return default
        return found

    def named(self, key: str) -> Mapping[str, Mapping[str, Any]]:
        """Things by name, each of which is a list of names with values itself."""
        found = self.front.values.get(key)
        if found is None:
            return {}
        if not isinstance(found, dict):
            self.fault((key,), f"{key} must be names with values, got {excerpt(found)}")
            return {}
        if len(found) > MOST:
            self.fault((key,), f"{key} may hold at most {MOST} names, got {len(found)}")
            return {}
        kept = {}
        for name, value in found.items():
            if not NAME.fullmatch(name) or keyword.iskeyword(name):
                taken = " and must be no word of Python's own" if keyword.iskeyword(name) else ""
                self.fault((key, name), f"a name has small letters, digits and _{taken}, got {excerpt(name)}")
            elif not isinstance(value, dict):
                self.fault((key, name), f"{name} must be names with values, got {excerpt(value)}")
                self.broken.add(name)
            else:
                kept[name] = value
        return kept

    def strings(self, path: Path, found: Any) -> tuple[str, ...]:
        """A list of texts; one text alone is a list of one."""
        listed = [found] if isinstance(found, str) else [] if found is None else found
        right = isinstance(listed, list) and all(isinstance(each, str) and each.strip() for each in listed)
        if not right or any(len(each) > LONGEST for each in listed):
            self.fault(path, f"{path[-1]} must be a list of texts of at most {LONGEST} letters, got {excerpt(found)}")
            return ()
        if len(listed) > MOST:
            self.fault(path, f"{path[-1]} may hold at most {MOST} texts, got {len(listed)}")
            return ()
        return tuple(listed)

    def attempt(self, path: Path, read: Callable[[], Read]) -> Read | None:
        """What `read` gives, or None and a fault in the line of that path."""
        return attempt(self.front.line(*path), self.faults, read)


def attempt(line: int, faults: list[Fault], read: Callable[[], Read]) -> Read | None:
    """What `read` gives, or None and a fault in that line; what only follows from another fault is not said again."""
    try:
        return read()
    except Consequence:
        return None
    except RegdashError as error:
        faults.append(Fault(line, " ".join(str(error).split())))
        return None


def number(given: Mapping[str, Any], key: str, default: float) -> float:
    """A number of an entry; raises RegdashError."""
    found = given.get(key, default)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise RegdashError(f"{key} must be a number, got {excerpt(found)}")
    return float(found)


def words(given: Mapping[str, Any], key: str, longest: int, default: str = "") -> str:
    """A text of an entry; raises RegdashError."""
    found = given.get(key, default)
    if not isinstance(found, str) or len(found) > longest or (key in given and not found.strip()):
        raise RegdashError(f"{key} must be a text of at most {longest} letters, got {excerpt(found)}")
    return found.strip()


def only(given: Mapping[str, Any], known: Sequence[str]) -> None:
    """Raise RegdashError when an entry has a field that there is not."""
    for key in given:
        if key not in known:
            there = f"there are {', '.join(known)}{nearest(key, tuple(known))}"
            raise RegdashError(f"there is no {excerpt(key)} here; {there}")
