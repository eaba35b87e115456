"""Experiment <-> readable query parameters: only what differs from the defaults, such as data=circles."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from regdash.codec import from_dict
from regdash.errors import BrokenLink, InvalidExperiment
from regdash.experiment import CHOICES, Experiment
from regdash.links.words import lesson_text
from regdash.params import Param, nearest, params_of
from regdash.regularizers import REGULARIZERS
from regdash.settings import settings

VERSION = 1
MOST_SEEDS = 10
MOST_RUNS = 50  # seeds times folds of one setting
MOST_FIXED = 60  # names in a lesson's lists
SEEDS = "seeds"
REGULARIZATION = "regularizers"  # all of them, and the menu that adds one

_PREFIX = "base."  # before the settings of a baseline
_VERSUS = "vs."  # before what a baseline has otherwise than the experiment, which is shorter where they are alike
_NAMED = tuple(place for place in CHOICES if place not in ("split", "training"))
_OF_THE_PAGE = (SEEDS, "lock", "hide", "text")
_SWITCH = {"on": True, "off": False, "true": True, "false": False}


@dataclass(frozen=True)
class Address:
    """What the page's address holds: the experiment, how many seeds repeat it, and the pinned baseline.

    A lesson fixes some settings: `locked` ones are shown and `hidden` ones are not. Both name settings such as
    l2.l2, parts such as network, all regularisers, or the seeds. `text` is what the teacher says above the page.
    """

    experiment: Experiment = Experiment()
    seeds: int = 1
    baseline: Experiment | None = None
    baseline_seeds: int = 1
    locked: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    text: str = ""

    @property
    def teaches(self) -> bool:
        """Whether this is a lesson rather than only a state of the page."""
        return bool(self.locked or self.hidden or self.text)


def to_link(experiment: Experiment) -> dict[str, str]:
    """The query parameters of an experiment: {"v": "1", "data": "circles", "data.noise": "0.2"}."""
    link = {"v": str(VERSION)}
    for place, part in experiment.parts.items():
        default = getattr(Experiment, place, None)
        if place in CHOICES and type(part) is not type(default):
            link[place] = part.name
        for each in params_of(type(part)):
            value = getattr(part, each.name)
            neutral = getattr(default, each.name) if type(part) is type(default) else each.default
            if value != neutral:
                link[f"{place}.{each.name}"] = _text(value)
    return link


def from_link(params: Mapping[str, str]) -> Experiment:
    """Read an experiment from query parameters; raises BrokenLink with a sentence for each fault.

    `seeds`, `lock`, `hide`, `text` and what begins with `base.` or `vs.` belong to the page and are passed over here.
    """
    _check_size(params)
    own = {
        key: text for key, text in params.items() if key not in _OF_THE_PAGE and not key.startswith((_PREFIX, _VERSUS))
    }
    _check_version(own.pop("v", str(VERSION)))
    faults: dict[str, str] = {}
    tree = _tree(own, faults)
    try:
        experiment = from_dict(tree)
    except InvalidExperiment as error:
        faults |= error.errors
    if faults:
        raise BrokenLink("; ".join(f"{key}: {message}" for key, message in faults.items()))
    return experiment


def to_address(address: Address) -> dict[str, str]:
    """The query parameters of the whole page."""
    link = to_link(address.experiment)
    if address.seeds != 1:
        link[SEEDS] = str(address.seeds)
    if address.baseline is not None:
        shortest = min([_whole(address.baseline, address.baseline_seeds), *_otherwise(address)], key=_length)
        link |= shortest
    lists = {"lock": ",".join(address.locked), "hide": ",".join(address.hidden), "text": address.text}
    return link | {key: words for key, words in lists.items() if words}


def from_address(params: Mapping[str, str]) -> Address:
    """Read the whole page's query parameters; raises BrokenLink with a sentence for each fault."""
    experiment = from_link(params)
    base = _behind(_PREFIX, params)
    if versus := _behind(_VERSUS, params):
        base = to_link(experiment) | {SEEDS: params.get(SEEDS, "1")} | versus
    baseline = from_link(base) if base else None
    return Address(
        experiment=experiment,
        seeds=_seeds(params, experiment),
        baseline=baseline,
        baseline_seeds=_seeds(base, baseline or experiment),
        locked=_fixed(params, "lock"),
        hidden=_fixed(params, "hide"),
        text=lesson_text(params.get("text", "")),
    )


def _whole(baseline: Experiment, seeds: int) -> dict[str, str]:
    """A baseline with all of its settings."""
    return {_PREFIX + key: text for key, text in to_address(Address(baseline, seeds)).items()}


def _otherwise(address: Address) -> list[dict[str, str]]:
    """A baseline as what it has otherwise than the experiment; nothing where the two are of different kinds."""
    baseline, experiment = address.baseline, address.experiment
    if baseline is None or any(type(part) is not type(experiment.parts[at]) for at, part in baseline.parts.items()):
        return []
    here = experiment.values
    link = {_VERSUS + path: _text(value) for path, value in baseline.values.items() if value != here[path]}
    if address.baseline_seeds != address.seeds or not link:
        link[_VERSUS + SEEDS] = str(address.baseline_seeds)
    return [link]


def _behind(prefix: str, params: Mapping[str, str]) -> dict[str, str]:
    """The parameters that begin like this, without their beginning."""
    return {key.removeprefix(prefix): text for key, text in params.items() if key.startswith(prefix)}


def _length(link: Mapping[str, str]) -> int:
    return len(urlencode(link))


@cache
def fixable() -> frozenset[str]:
    """Everything that a lesson may lock or hide: parts, settings of any kind of part, all regularisers, the seeds."""
    kinds: dict[str, tuple[type[Any], ...]] = {kind.name: (kind,) for kind in REGULARIZERS}
    kinds |= CHOICES
    paths = {f"{place}.{each.name}" for place, allowed in kinds.items() for k in allowed for each in params_of(k)}
    return frozenset({*kinds, *paths, REGULARIZATION, SEEDS})


def _fixed(params: Mapping[str, str], key: str) -> tuple[str, ...]:
    """The names in a list of a lesson's link, each once."""
    names = dict.fromkeys(name for name in params.get(key, "").split(",") if name)
    if len(names) > MOST_FIXED:
        raise BrokenLink(f"{key} may name at most {MOST_FIXED} settings, got {len(names)}")
    unknown = [name for name in names if name not in fixable()]
    if unknown:
        name = unknown[0][:40]
        raise BrokenLink(f"{key}: there is no setting called {name!r}{nearest(name, tuple(sorted(fixable())))}")
    return tuple(names)


def _seeds(params: Mapping[str, str], experiment: Experiment) -> int:
    text = params.get(SEEDS, "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST_SEEDS):
        raise BrokenLink(f"seeds must be a whole number between 1 and {MOST_SEEDS}, got {text[:40]!r}")
    seeds, folds = int(text), experiment.split.folds
    if seeds * folds > MOST_RUNS:
        message = f"a setting may have at most {MOST_RUNS} runs, got {seeds} seeds of {folds} folds; take fewer of one"
        raise BrokenLink(message)
    return seeds


def _check_size(params: Mapping[str, str]) -> None:
    size, most = len(urlencode(dict(params), errors="replace")), settings().max_link_bytes
    if size > most:
        raise BrokenLink(f"a link may hold at most {most} bytes, this one has {size}")


def _check_version(text: str) -> None:
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= 1):
        raise BrokenLink(f"v must be the version of the link, a whole number such as {VERSION}, got {text[:40]!r}")
    if int(text) > VERSION:
        raise BrokenLink(
            f"the link is of version {int(text)} and this Regdash reads up to version {VERSION}; "
            "a newer Regdash can open it"
        )


def _tree(link: Mapping[str, str], faults: dict[str, str]) -> dict[str, Any]:
    """The plain values that `codec.from_dict` reads; keys that nothing answers to go into `faults`."""
    declared = _declared(link)
    regularizers: dict[str, Any] = {}
    tree: dict[str, Any] = {"regularizers": regularizers}
    for key, text in link.items():
        place, _, name = key.partition(".")
        if key in _NAMED:
            tree.setdefault(place, {})["name"] = text
        elif key in declared:
            home = tree if place in CHOICES else regularizers
            home.setdefault(place, {})[name] = _value(declared[key], text)
        else:
            known = (*_NAMED, *declared)
            shown = key[:40] if key.isprintable() else repr(key[:40])  # others could turn the words around them
            faults[shown] = f"there is no setting called {key[:40]!r}{nearest(key, known)}"
    return tree


def _declared(link: Mapping[str, str]) -> dict[str, Param]:
    """Every setting that the parts named in the link have, by its path."""
    kinds: dict[str, type[Any]] = {kind.name: kind for kind in REGULARIZERS}
    for place, allowed in CHOICES.items():
        default = type(getattr(Experiment, place))
        kinds[place] = next((kind for kind in allowed if kind.name == link.get(place)), default)
    return {f"{place}.{each.name}": each for place, kind in kinds.items() for each in params_of(kind)}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return "-".join(_text(item) for item in value) or "none"
    return repr(value) if isinstance(value, float) else str(value)


def _value(declared: Param, text: str) -> Any:
    """The value behind a text; what cannot be read stays text, and `Param.problem` says what is wrong with it."""
    if declared.kind == "switch":
        return _SWITCH.get(text.lower(), text)
    if declared.kind in ("integers", "numbers"):
        return [] if text == "none" else [_number(item) for item in re.split(r"(?<![eE])-", text)]
    return text if declared.kind in ("choice", "key") else _number(text)


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
