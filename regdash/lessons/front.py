"""The front matter of a lesson: YAML between two lines of dashes, read with the line of every value."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from regdash.errors import Fault, InvalidLesson

MOST_BYTES = 65_536
DEEPEST = 12
FENCE = "---"

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Front:
    """The values of a front matter as plain Python, the line of each by its path, and where the text begins."""

    values: Mapping[str, Any]
    lines: Mapping[Path, int]
    body: str
    body_line: int

    def line(self, *path: str | int) -> int:
        """The line of a value, or of the nearest thing around it that has one."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1


def read_front(text: str) -> Front:
    """Part a lesson's file into front matter and text; raises InvalidLesson with a sentence for the line at fault."""
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise InvalidLesson([Fault(1, f"a lesson may have at most {MOST_BYTES} bytes; leave some text out")])
    rows = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()
    if not rows or rows[0].strip() != FENCE:
        raise InvalidLesson([Fault(1, f"a lesson must begin with a line {FENCE}, then its front matter in YAML")])
    end = next((at for at, row in enumerate(rows[1:], 1) if row.strip() == FENCE), None)
    if end is None:
        raise InvalidLesson([Fault(len(rows), f"the front matter must end with a line {FENCE}, and there is none")])
    node = _composed("\n".join(rows[1:end]))
    if not isinstance(node, yaml.MappingNode):
        raise InvalidLesson([Fault(2, "the front matter must be a list of names with values, such as title: Dropout")])
    lines: dict[Path, int] = {}
    faults: list[Fault] = []
    values = _plain(node, (), lines, faults)
    if faults:
        raise InvalidLesson(faults)
    return Front(values, lines, "\n".join(rows[end + 1 :]), end + 2)


class _Loader(yaml.SafeLoader):
    """YAML in which 1e-3 is a number, and on, off and dates are words."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _composed(text: str) -> yaml.Node | None:
    """The tree of a text; neither deep nor full of references, which could grow without end."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                raise InvalidLesson([Fault(_line(event.start_mark), "a reference (*name) cannot be used in a lesson")])
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise InvalidLesson([Fault(_line(event.start_mark), f"lists may be nested {DEEPEST} deep at most")])
        found: yaml.Node | None = yaml.compose(text, Loader=_Loader)
        return found
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "a character that may not stand there"
        fault = Fault(_line(mark) if mark is not None else 2, f"this is not YAML: {problem}")
        raise InvalidLesson([fault]) from None


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
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
        if not name or name in seen:
            what = f"{name} is given twice; give it once" if name else "a name must stand before the colon"
            faults.append(Fault(_line(key.start_mark), what))
            continue
        seen.add(name)
        yield name, _plain(value, (*path, name), lines, faults)
        lines[*path, name] = _line(key.start_mark)


def _scalar(node: yaml.Node, faults: list[Fault]) -> Any:
    text, kind = str(node.value), node.tag.rpartition(":")[2]
    if kind == "str":
        return text
    if kind == "bool":
        return text == "true"
    if kind == "null":
        return None
    if kind in ("int", "float") and len(text) <= 40:
        return int(text) if kind == "int" else float(text)
    faults.append(Fault(_line(node.start_mark), "a value must be a text, a number, true or false"))
    return None


def _line(mark: Any) -> int:
    """The line in the file: the front matter begins in its second line."""
    return int(mark.line) + 2
