"""The text of a lesson as blocks: Markdown, and between it the places where something is drawn."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from regdash.errors import Fault, RegdashError
from regdash.lessons.expressions import Names, parse_expression
from regdash.lessons.lesson import Block, Number, Place, Text

Read = TypeVar("Read")
KINDS = ("chart", "predict", "compare", "objective", "demo")
MOVING = ("chart", "predict", "compare", "demo")
MOST_WORDS = 250  # before something moves
FORMS = ("plain", "percent", "whole")

_PLACE = re.compile(r"^\s*\{\{\s*([a-z]+)\s*:\s*(.*?)\s*\}\}\s*$")
_VALUE = re.compile(r"\{\{\s*value\s*:\s*(.*?)\s*\}\}")
_ANY = re.compile(r"\{\{.*?\}\}")
_TAG = re.compile(r"<[a-zA-Z/!]")
_LINK = re.compile(r"\]\(\s*<?\s*([^)\s>]*)|^\s*\[[^\]]+\]:\s*(\S+)")
_CODE = re.compile(r"`[^`]*`|\$\$.*?\$\$|\$[^$]*\$")


def read_blocks(body: str, first: int, names: Names, faults: list[Fault]) -> tuple[Block, ...]:
    """The blocks of a text whose first line has the number `first`; what is wrong goes into `faults`."""
    blocks: list[Block] = []
    held: list[str] = []
    began, fenced = first, False

    def keep() -> None:
        if any(row.strip() for row in held):
            blocks.append(_text("\n".join(held).strip("\n"), began, names, faults))
        held.clear()

    for line, row in enumerate(body.splitlines(), first):
        fenced ^= row.lstrip().startswith("```")
        found = None if fenced else _PLACE.match(row)
        if found and found[1] != "value":
            keep()
            place = _place(found[1], found[2], line, faults)
            blocks += [place] if place is not None else []
            began = line + 1
        else:
            began = line if not held else began
            held.append(row)
            if not fenced:
                faults += _faults_of(row, line)
    keep()
    return tuple(blocks)


def long_silences(blocks: Sequence[Block]) -> list[Fault]:
    """Where more words stand in a row than anybody reads before something moves."""
    faults, words, began = [], 0, 0
    for block in blocks:
        if isinstance(block, Text):
            began = began or block.line
            words += len(re.findall(r"[^\W_]+", _ANY.sub("", block.markdown)))
            if words > MOST_WORDS:
                faults.append(
                    Fault(began, f"at most {MOST_WORDS} words may stand before something moves, and here are {words}")
                )
                words, began = 0, 0
        elif block.kind in MOVING:
            words, began = 0, 0
    return faults


def _text(markdown: str, line: int, names: Names, faults: list[Fault]) -> Text:
    values: dict[str, Number] = {}
    for offset, row in enumerate(markdown.splitlines()):
        for found in _VALUE.finditer(row):
            expression, _, form = (part.strip() for part in found[1].partition(";"))
            form = form or "plain"
            if form not in FORMS:
                faults.append(Fault(line + offset, f"a value is written {', '.join(FORMS)}, got {form[:40]}"))
                continue
            read = attempt(line + offset, faults, lambda text=expression: parse_expression(text, names))
            if read is not None:
                values[found[0]] = Number(read, form)  # type: ignore[arg-type]
    return Text(markdown, line, values)


def attempt(line: int, faults: list[Fault], read: Callable[[], Read]) -> Read | None:
    """What `read` gives, or None and a fault in that line."""
    try:
        return read()
    except RegdashError as error:
        faults.append(Fault(line, str(error)))
        return None


def _place(kind: str, given: str, line: int, faults: list[Fault]) -> Place | None:
    if kind not in KINDS:
        faults.append(Fault(line, f"there is no place {{{{{kind}: ...}}}}; there are {', '.join((*KINDS, 'value'))}"))
        return None
    first, *rest = (part.strip() for part in given.split(";"))
    options: dict[str, str] = {}
    for part in rest:
        name, mark, value = (each.strip() for each in part.partition("="))
        if not mark or not name:
            faults.append(Fault(line, f"after a semicolon must come name=value, got {part[:60]}"))
            continue
        options[name] = value
    words = tuple(word.strip() for word in first.split(",") if word.strip())
    return Place(kind, words, options, line)


def _faults_of(row: str, line: int) -> list[Fault]:
    """What may not stand in a text: HTML, and links that are no addresses of pages."""
    plain = _CODE.sub("", row)
    found = []
    if _TAG.search(plain):
        found.append(Fault(line, "HTML cannot be used in a lesson; write Markdown, or `<` within a formula or code"))
    if re.search(r"!\[", plain):
        found.append(Fault(line, "pictures cannot be used in a lesson; show a chart by {{chart: ...}}"))
    for each in _LINK.finditer(plain):
        target = each[1] or each[2] or ""
        if not target.startswith("https://"):
            found.append(Fault(line, f"a link must begin with https://, got {target[:60]}"))
    found += [
        Fault(line, f"{each[0][:60]} must stand in a line of its own") for each in _ANY.finditer(_VALUE.sub("", row))
    ]
    return found
