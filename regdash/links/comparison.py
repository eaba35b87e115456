"""Comparison <-> readable query parameters: the settings side by side, such as 1.l2.l2=0.01&1.seeds=5&2.seeds=5."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from regdash.comparison import BY_NAME
from regdash.errors import BrokenLink
from regdash.experiment import Experiment
from regdash.links.address import MOST_RUNS, SEEDS, VERSION, from_link, to_link
from regdash.repeats import Setting
from regdash.settings import settings

MOST_ENTRIES = 20
MOST_MEMBERS = 400  # runs of all settings together
LONGEST_NAME = 40
SMOOTHEST = 0.99
MEASURES = tuple(name for name, each in BY_NAME.items() if each.better)
_IMPORTED = re.compile("[0-9a-f]{32}")
_KEY = re.compile(r"([1-9]\d?\d?)\.(.+)")
_VIEW = re.compile("[a-z0-9_-]{1,24}")
_SWITCHES = ("log", "log_epochs", "members")


@dataclass(frozen=True)
class Entry:
    """One setting of a comparison: an experiment and how many seeds repeat it, or imported curves by their id.

    `name` is what the visitor calls it; empty for the name that the program finds.
    """

    experiment: Experiment | None = None
    seeds: int = 1
    imported: str = ""
    name: str = ""

    @property
    def setting(self) -> Setting | None:
        """The runs that belong to it; None for imported curves."""
        return Setting(self.experiment, self.seeds) if self.experiment is not None else None


@dataclass(frozen=True)
class Comparison:
    """What the Compare page shows: settings in their order and how their curves are drawn.

    `smoothing` from 0 (none) to 0.99; `log` and `log_epochs` make the value and epoch axes logarithmic; `members`
    draws every run instead of the mean and its band. Verdicts are about `measure`, empty for the first that all have,
    and told against the entry at `reference`, counted from 0. `view` is the chart below the losses, empty for the
    first.
    """

    entries: tuple[Entry, ...] = ()
    smoothing: float = 0.0
    log: bool = False
    log_epochs: bool = False
    members: bool = False
    measure: str = ""
    reference: int = 0
    view: str = ""


def to_comparison(comparison: Comparison) -> dict[str, str]:
    """The query parameters of a comparison; each setting as `to_link` writes it, behind its number."""
    link = {"v": str(VERSION)}
    for number, entry in enumerate(comparison.entries, 1):
        own = {"imported": entry.imported} if entry.experiment is None else to_link(entry.experiment)
        own.pop("v", None)
        own |= {SEEDS: str(entry.seeds)} if entry.experiment is not None else {}
        own |= {"name": entry.name} if entry.name else {}
        link |= {f"{number}.{key}": text for key, text in own.items()}
    if comparison.smoothing:
        link["smoothing"] = f"{comparison.smoothing:g}"
    link |= {"measure": comparison.measure} if comparison.measure else {}
    link |= {"reference": str(comparison.reference + 1)} if comparison.reference else {}
    link |= {"view": comparison.view} if comparison.view else {}
    return link | {name: "on" for name in _SWITCHES if getattr(comparison, name)}


def from_comparison(params: Mapping[str, str]) -> Comparison:
    """Read a comparison; raises BrokenLink with a sentence that names the setting at fault. {} is an empty one."""
    size, most = len(urlencode(dict(params), errors="replace")), settings().max_link_bytes
    if size > most:
        raise BrokenLink(f"a link may hold at most {most} bytes, this one has {size}")
    parts: dict[int, dict[str, str]] = {}
    rest = dict(params)
    for key in params:
        if found := _KEY.fullmatch(key):
            parts.setdefault(int(found[1]), {})[found[2]] = rest.pop(key)
    if len(parts) > MOST_ENTRIES:
        raise BrokenLink(f"a comparison may hold at most {MOST_ENTRIES} settings, this link has {len(parts)}")
    version = rest.pop("v", str(VERSION))
    entries = tuple(_entry(number, own | {"v": version}) for number, own in sorted(parts.items()))
    members = sum(len(entry.setting.places) for entry in entries if entry.setting)
    if members > MOST_MEMBERS:
        raise BrokenLink(f"a comparison may hold at most {MOST_MEMBERS} runs, this link has {members}")
    shown = {name: rest.pop(name, "off") == "on" for name in _SWITCHES}
    smoothing = _smoothing(rest.pop("smoothing", "0"))
    measure = _measure(rest.pop("measure", ""))
    reference = _reference(rest.pop("reference", "1"), len(entries))
    view = _view(rest.pop("view", ""))
    if rest:
        name = next(iter(rest))[:40]
        raise BrokenLink(f"a comparison has no part called {name!r}; its settings are numbered, such as 1.l2.l2=0.01")
    return Comparison(entries, smoothing, measure=measure, reference=reference, view=view, **shown)


def _entry(number: int, own: dict[str, str]) -> Entry:
    try:
        return _read(own)
    except BrokenLink as error:
        raise BrokenLink(f"setting {number}: {error}") from None


def _read(own: dict[str, str]) -> Entry:
    name = "".join(letter for letter in own.pop("name", "") if letter.isprintable())[:LONGEST_NAME].strip()
    imported = own.pop("imported", "")
    if imported:
        if not _IMPORTED.fullmatch(imported):
            raise BrokenLink("imported must be the id of imported curves: 32 letters from 0 to 9 and a to f")
        return Entry(imported=imported, name=name)
    seeds = _seeds(own.pop(SEEDS, "1"))
    experiment = from_link(own).with_values({"split.fold": 0})
    entry = Entry(experiment, seeds, name=name)
    folds = max(1, experiment.split.folds)
    if seeds * folds > MOST_RUNS:
        raise BrokenLink(f"a setting may have at most {MOST_RUNS} runs, got {seeds} seeds of {folds} folds")
    return entry


def _seeds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST_RUNS):
        raise BrokenLink(f"seeds must be a whole number between 1 and {MOST_RUNS}, got {text[:40]!r}")
    return int(text)


def _smoothing(text: str) -> float:
    if not re.fullmatch(r"0(\.\d{1,4})?", text) or float(text) > SMOOTHEST:
        raise BrokenLink(f"smoothing must be between 0 and {SMOOTHEST}, got {text[:40]!r}")
    return float(text)


def _measure(text: str) -> str:
    if text and text not in MEASURES:
        raise BrokenLink(f"measure must be one of {', '.join(MEASURES)}, got {text[:40]!r}")
    return text


def _reference(text: str, entries: int) -> int:
    """The place from 0 of the entry that the others are compared with; links count from 1."""
    most = max(entries, 1)
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= most):
        raise BrokenLink(f"reference must be the number of a setting, between 1 and {most}, got {text[:40]!r}")
    return int(text) - 1


def _view(text: str) -> str:
    if text and not _VIEW.fullmatch(text):
        raise BrokenLink(f"view must be the name of a chart, such as norms, got {text[:40]!r}")
    return text
