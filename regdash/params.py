"""One declaration per hyper-parameter: widget, validation, help, link and search range follow from it."""

import math
import re
from collections.abc import Hashable
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import cache
from reprlib import Repr
from typing import Any, Literal, cast

Kind = Literal["number", "integer", "switch", "choice", "numbers", "integers", "key"]


@dataclass(frozen=True)
class Param:
    """What one hyper-parameter is, for people and for programs.

    `off` is a value outside `low..high` that switches the thing off, such as an exact 0 beside a
    logarithmic range. `stack` says that members of one stack may differ in it: it is a number that
    flows through the compiled program rather than a part of its shape. `strength` is 1 where a larger
    value regularises more, -1 where a smaller one does (a limit), and 0 where it says nothing of that. A
    "key" names stored content by its hash: exactly 32 hexadecimal digits, or nothing.
    """

    name: str
    kind: Kind
    default: Any
    label: str
    help: str
    low: float = -math.inf
    high: float = math.inf
    step: float | None = None
    log: bool = False
    off: float | None = None
    unit: str = ""
    symbol: str = ""
    choices: tuple[str, ...] = ()
    longest: int = 0
    stack: bool = False
    strength: int = 0

    def convert(self, value: Any) -> Any:
        """Bring a value read from JSON or a link into the type declared here, or return it as it is."""
        if self.kind in ("numbers", "integers"):
            return tuple(self._scalar(item) for item in value) if isinstance(value, (list, tuple)) else value
        return self._scalar(value)

    def _scalar(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        if self.kind in ("number", "numbers") and isinstance(value, int) and abs(value) < 2**53:
            value = float(value)
        if self.kind in ("integer", "integers") and isinstance(value, float) and value.is_integer():
            return int(value)
        return value + 0.0 if isinstance(value, float) else value  # -0.0 becomes 0.0, so that equal values look equal

    def problem(self, value: Any) -> str | None:
        """Say in one sentence what is wrong with a value; None when nothing is."""
        if self.kind in ("numbers", "integers"):
            if not isinstance(value, tuple):
                return f"{self.label} must be a list of {self.kind}, got {excerpt(value)}"
            if len(value) > self.longest:
                return f"{self.label} must have at most {self.longest} entries, got {len(value)}"
            return next(filter(None, (self._scalar_problem(item) for item in value)), None)
        return self._scalar_problem(value)

    def _scalar_problem(self, value: Any) -> str | None:
        if self.kind == "switch":
            return None if isinstance(value, bool) else f"{self.label} must be true or false, got {excerpt(value)}"
        if self.kind == "key":
            right = isinstance(value, str) and re.fullmatch(r"([0-9a-f]{32})?", value)
            return None if right else f"{self.label} must be 32 hexadecimal digits or nothing, got {excerpt(value)}"
        if self.kind == "choice":
            if value in self.choices:
                return None
            hint = nearest(value, self.choices)
            return f"{self.label} must be one of {', '.join(self.choices)}, got {excerpt(value)}{hint}"
        whole = self.kind in ("integer", "integers")
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            return f"{self.label} must be a {'whole number' if whole else 'number'}, got {excerpt(value)}"
        if self.off is not None and value == self.off:
            return None
        if self.low <= value <= self.high:
            return None
        exact = f"{self.off:g} or " if self.off is not None else ""
        return f"{self.label} must be {exact}between {self.low:g} and {self.high:g}, got {excerpt(value)}"

    def stops(self, value: float | None = None) -> tuple[float, ...]:
        """The stops of a logarithmic slider: `off` first, then 1, 2, 5 per decade, with `value` among them."""
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        series = (float(f"{digit}e{power}") for power in range(first, last + 1) for digit in (1, 2, 5))
        inside = {stop for stop in series if self.low <= stop <= self.high}
        inside |= {self.low, self.high} | ({self.off} if self.off is not None else set())
        return tuple(sorted(inside | ({value} if value is not None else set())))


def param(default: Any, label: str, help: str, *, kind: Kind | None = None, **facts: Any) -> Any:
    """Declare a hyper-parameter as a field of a frozen dataclass; see `Param` for the facts."""
    kind = kind or _kind_of(default)
    declared = Param(name="", kind=kind, default=default, label=label, help=help, **facts)
    return field(default=default, metadata={"param": declared})


def params_of(owner: type) -> tuple[Param, ...]:
    """The hyper-parameters that a class declares, in the order of its fields."""
    return _declared_by(cast(Hashable, owner))


@cache
def _declared_by(owner: Any) -> tuple[Param, ...]:
    return tuple(
        replace(item.metadata["param"], name=item.name)
        for item in fields(owner)
        if item.default is not MISSING and "param" in item.metadata
    )


def problems(part: Any) -> dict[str, str]:
    """What is wrong with each hyper-parameter of `part`: name -> sentence."""
    found = {each.name: each.problem(getattr(part, each.name)) for each in params_of(type(part))}
    return {name: message for name, message in found.items() if message}


def nearest(word: Any, known: tuple[str, ...]) -> str:
    """A hint such as '; did you mean moons?' when a known word is close to `word`, else nothing."""
    from difflib import get_close_matches

    close = get_close_matches(str(word)[:80].lower(), known, n=1, cutoff=0.4)
    return f"; did you mean {close[0]}?" if close else ""


def shown(value: Any) -> str:
    """A value as people read it: 0.001, on, 64-64, none."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple):
        return "-".join(shown(item) for item in value) or "none"
    return str(value)


def excerpt(value: Any) -> str:
    """A foreign value in a message: short, on one line, and safe however long or deep it is."""
    text = _EXCERPT.repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


_EXCERPT = Repr()
_EXCERPT.maxlevel, _EXCERPT.maxlist, _EXCERPT.maxdict, _EXCERPT.maxstring, _EXCERPT.maxother = 3, 4, 4, 60, 60


def _kind_of(default: Any) -> Kind:
    kinds: dict[type, Kind] = {bool: "switch", int: "integer", float: "number", str: "choice"}
    return kinds[type(default)]
