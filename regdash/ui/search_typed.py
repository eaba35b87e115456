"""What is typed for one searched setting, kept as it was typed, and the dimension that it stands for."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from regdash.experiment import CHOICES, Experiment, declaration
from regdash.params import Param, shown
from regdash.search import PLACES, Choice, Dimension, Range

Sort = Literal["range", "names", "list"]

LEAST_DECADES = 2.0  # that a pre-filled logarithmic range has
MOST_STOPS = 250  # a range with more whole numbers is pre-filled around the present value
ON_OFF: Mapping[bool, str] = {True: "on", False: "off"}


@dataclass(frozen=True)
class RangeTyped:
    """A range as its fields show it."""

    low: str
    high: str
    log: bool = False
    steps: str = "5"
    off: bool = False


@dataclass(frozen=True)
class NamesTyped:
    """Names, or on and off, that were chosen from a menu."""

    names: tuple[Any, ...]


@dataclass(frozen=True)
class ListTyped:
    """Values as they were typed one after the other: "16, 32, 64", or "32-32, 64-64"."""

    text: str


Typed = RangeTyped | NamesTyped | ListTyped


def declared(experiment: Experiment, path: str) -> Param | None:
    """The declaration of a setting; None for a place that holds one kind of part, such as the optimizer."""
    return None if path in PLACES else declaration(experiment, path)


def sort_of(each: Param | None) -> Sort:
    """How a setting is searched: whole numbers that change the program are listed, since each takes its own."""
    if each is None or each.kind in ("switch", "choice"):
        return "names"
    if each.kind in ("integers", "numbers") or (each.kind == "integer" and not each.stack):
        return "list"
    return "range"


def names_of(each: Param | None, path: str) -> dict[Any, str]:
    """What a menu of names offers: value -> words."""
    if each is None:
        return {kind.name: kind.label for kind in CHOICES[path]}
    if each.kind == "switch":
        return dict(ON_OFF)
    return {name: name.replace("_", " ") for name in each.choices}


def fits(typed: Typed, each: Param | None) -> bool:
    """Whether this is what the setting's fields show."""
    kinds = {"range": (RangeTyped, ListTyped), "names": (NamesTyped,), "list": (ListTyped, RangeTyped)}[sort_of(each)]
    several = each is not None and each.kind in ("integers", "numbers")
    return isinstance(typed, kinds) and not (several and isinstance(typed, RangeTyped))


def prefilled(experiment: Experiment, path: str) -> Typed:
    """What the fields show when a setting has just been ticked."""
    each = declared(experiment, path)
    sort = sort_of(each)
    if sort == "names":
        return NamesTyped(_first_names(experiment, path, each))
    assert each is not None
    value = experiment.values[path]
    if sort == "list":
        return ListTyped(_first_list(each, value))
    low, high = _first_range(each, value)
    return RangeTyped(_number(low), _number(high), each.log, "5", off=False)


def dimension(experiment: Experiment, path: str, typed: Typed) -> Dimension:
    """The dimension that was typed; what is no number stays text, and its setting says so."""
    if isinstance(typed, RangeTyped):
        low, high, steps = (_read(text) for text in (typed.low, typed.high, typed.steps))
        return Range(path, low, high, typed.log, steps, typed.off)
    if isinstance(typed, NamesTyped):
        return Choice(path, typed.names)
    each = declared(experiment, path)
    several = each is not None and each.kind in ("integers", "numbers")
    return Choice(path, tuple(_entry(text, several) for text in _entries(typed.text, several)))


def typed_from(each: Dimension, param: Param | None) -> Typed:
    """What the fields show for a dimension that exists already."""
    if isinstance(each, Range):
        return RangeTyped(_number(each.low), _number(each.high), each.log, str(each.steps), each.off)
    if sort_of(param) == "names":
        return NamesTyped(each.choices)
    return ListTyped(", ".join(shown(value) for value in each.choices))


def _first_names(experiment: Experiment, path: str, each: Param | None) -> tuple[Any, ...]:
    """On and off for a switch; of other menus the present choice and the next, so that few programs are traced."""
    names = tuple(names_of(each, path))
    if each is not None and each.kind == "switch":
        return names
    now = experiment.values[path] if each is not None else experiment.parts[path].name
    others = [name for name in names if name != now]
    return tuple(name for name in names if name in (now, *others[:1]))


def _first_list(each: Param, value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(dict.fromkeys((shown(tuple(max(1, n // 2) for n in value)), shown(value))) if value else "8")
    near = (value // 2, value, value * 2) if value else (16, 32)
    return ", ".join(dict.fromkeys(str(min(max(n, int(each.low)), int(each.high))) for n in near))


def _first_range(each: Param, value: Any) -> tuple[float, float]:
    """Some decades inside a logarithmic range, a whole linear one, and a part of one with very many whole numbers."""
    if each.log:
        low, high = each.low * 10, each.high / 100
        return (low, high) if math.log10(high / low) >= LEAST_DECADES - 1e-9 else (each.low, each.high)
    if each.kind == "integer" and each.high - each.low > MOST_STOPS:
        middle = max(value, each.low, 4)
        return max(each.low, middle // 4), min(each.high, middle * 2)
    return each.low, each.high


def _number(value: float) -> str:
    return re.sub(r"e([+-])0+", r"e\1", f"{value:g}")


def _read(text: str) -> Any:
    """The number that was typed, a whole one where it can be; else the text."""
    word = text.strip().replace("−", "-")[:40]
    try:
        value = float(word)
    except ValueError:
        return word
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _entries(text: str, several: bool) -> list[str]:
    """The entries of a list; single numbers may stand apart by spaces alone."""
    words = re.split(r"[,;]" if several else r"[,;\s]", text)
    return [word.strip() for word in words if word.strip()]


def _entry(word: str, several: bool) -> Any:
    if not several:
        return 0 if word.lower() == "all" else _read(word)
    if word.lower() == "none":
        return ()
    return tuple(_read(part) for part in re.split(r"[-\s]+", word.strip("-[]() ")) if part)
