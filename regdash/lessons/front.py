"""The front matter of a lesson: YAML between two lines of dashes, read with the line of every value."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from regdash.errors import Fault, InvalidLesson

MOST_BYTES = 65_536
DEEPEST = 12
MOST_VALUES = 4_000  # and names, in a front matter
FENCE = "---"
_ASKED = "\ue000"  # stands for ?, which PyYAML would take for the sign of a key within {ask: Which one?, ...}

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Front:
    """The values of a front matter as plain Python, the line of each by its path, and where the text begins.

    `faults` says what is wrong with single values; those are left out.
    """

    values: Mapping[str, Any]
    lines: Mapping[Path, int]
    body: str
    body_line: int
    faults: tuple[Fault, ...] = ()

    def line(self, *path: str | int) -> int:
        """The line of a value, or of the nearest thing around it that has one."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1


def read_front(text: str) -> Front:
    """Part a lesson's file into front matter and text; raises InvalidLesson where the two cannot be found at all."""
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise InvalidLesson([Fault(1, f"a lesson may have at most {MOST_BYTES} bytes; leave some text out")])
    rows = re.split(r"\r\n|\r|\n", text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))
    if not rows or rows[0].strip() != FENCE:
        raise InvalidLesson([Fault(1, f"a lesson must begin with a line {FENCE}, then its front matter in YAML")])
    end = next((at for at, row in enumerate(rows[1:], 1) if row.strip() == FENCE), None)
    if end is None:
        raise InvalidLesson([Fault(len(rows), f"the front matter must end with a line {FENCE}, and there is none")])
    node = _composed("\n".join(rows[1:end]).replace("?", _ASKED))
    if not isinstance(node, yaml.MappingNode):
        raise InvalidLesson([Fault(2, "the front matter must be a list of names with values, such as title: Dropout")])
    lines: dict[Path, int] = {}
    faults: list[Fault] = []
    values = _plain(node, (), lines, faults)
    return Front(values, lines, "\n".join(rows[end + 1 :]), end + 2, tuple(faults))


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """YAML in which 1e-3 is a number, and on, off and dates are words."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),  # "" is how PyYAML calls a value that is left out
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _composed(text: str) -> yaml.Node | None:
    """The tree of a text; neither deep nor full of references, which could grow without end."""
    try:
        depth = 0
        for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
            if count > MOST_VALUES:
                raise InvalidLesson([Fault(_line(event.start_mark), "this front matter is too long; leave some out")])
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if refused := _refused(event, depth):
                raise InvalidLesson([Fault(_line(event.start_mark), refused)])
        found: yaml.Node | None = yaml.compose(text, Loader=_Loader)
        return found
    except yaml.YAMLError as error:
        raise InvalidLesson([_no_yaml(error, text)]) from None


def _refused(event: yaml.Event, depth: int) -> str:
    """Why this part of YAML cannot be used here; nothing where it can."""
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        return "a reference (&name, *name) cannot be used in a lesson; to begin a text with that sign put it in quotes"
    if getattr(event, "tag", None) is not None:
        return "a tag (!name) cannot be used in a lesson; to begin a text with ! put it in quotes"
    return f"lists may be nested {DEEPEST} deep at most" if depth > DEEPEST else ""


def _no_yaml(error: yaml.YAMLError, text: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    at = getattr(error, "position", None)  # of a character that YAML forbids
    if mark is None and isinstance(at, int):
        return Fault(text.count("\n", 0, at) + 2, "a control character stands here; take it out")
    problem = str(getattr(error, "problem", None) or "it cannot be read").replace("\n", " ").replace(_ASKED, "?")[:120]
    hint = "; put a text that holds a colon, a comma, a # or a bracket in quotes"
    return Fault(_line(mark) if mark is not None else 2, f"this is not YAML: {problem}{hint}")


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int], faults: list[Fault]) -> Any:
    lines[path] = _line(node.start_mark)
    if isinstance(node, yaml.MappingNode):
        return dict(_entries(node, path, lines, faults))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each, (*path, at), lines, faults) for at, each in enumerate(node.value)]
    return _scalar(node, faults)


def _entries(
    node: yaml.MappingNode, path: Path, lines: dict[Path, int], faults: list[Fault]
) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for key, value in node.value:
        name = _text(key) if isinstance(key, yaml.ScalarNode) else ""
        if not name or name in seen:
            what = f"{name[:40]} is given twice; give it once" if name else "a name must stand before the colon"
            faults.append(Fault(_line(key.start_mark), what))
            continue
        seen.add(name)
        yield name, _plain(value, (*path, name), lines, faults)
        lines[*path, name] = _line(key.start_mark)


def _scalar(node: yaml.Node, faults: list[Fault]) -> Any:
    text, kind = _text(node), node.tag.rpartition(":")[2]
    if kind == "str":
        return text
    if kind == "bool":
        return text == "true"
    if kind == "null":
        return None
    if kind in ("int", "float") and len(text) <= 40:
        number = int(text) if kind == "int" else float(text)
        if math.isfinite(number):
            return number
    faults.append(Fault(_line(node.start_mark), f"a number must be finite and short, got {text[:40]}"))
    return None


def _text(node: yaml.Node) -> str:
    return str(node.value).replace(_ASKED, "?")


def _line(mark: Any) -> int:
    """The line in the file: the front matter begins in its second line."""
    return int(mark.line) + 2
