"""The text of a lesson as blocks: Markdown, and between it the places where something is drawn."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from regdash.errors import Fault
from regdash.lessons.expressions import Expression, parse_expression
from regdash.lessons.front_fields import attempt
from regdash.lessons.lesson import Block, Number, Place, Text
from regdash.lessons.names import Names
from regdash.lessons.text_rules import ANY, CODE, VALUE, Fences, row_faults
from regdash.params import nearest

KINDS = ("chart", "predict", "compare", "objective", "demo")
MOVING = ("chart", "predict", "compare", "demo")
MOST_WORDS = 250  # before something moves
FORMS = ("plain", "percent", "whole")

_PLACE = re.compile(r"^\s*\{\{\s*([A-Za-z_]+)\s*:([^{}]*)\}\}\s*$")


def read_blocks(body: str, first: int, names: Names, faults: list[Fault]) -> tuple[Block, ...]:
    """The blocks of a text whose first line has the number `first`; what is wrong goes into `faults`."""
    reader, fences = _Blocks(names, faults), Fences(faults)
    for line, row in enumerate(body.split("\n"), first):
        code = fences.inside(row, line)
        found = None if code else _PLACE.match(row)
        if found and found[1] != "value":
            reader.keep()
            reader.place(found[1], found[2], line)
            continue
        reader.held.append((line, row, code))
        if not code:
            faults.extend(row_faults(row, line, fences.formula))
    fences.end()
    reader.keep()
    return tuple(reader.blocks)


def long_silences(blocks: Sequence[Block]) -> list[Fault]:
    """Where more words stand in a row than anybody reads before something moves."""
    faults, words, began = [], 0, 0
    for block in blocks:
        if isinstance(block, Text):
            began = began or block.line
            words += len(re.findall(r"[^\W_]+", ANY.sub("", block.markdown)))
            if words > MOST_WORDS:
                faults.append(
                    Fault(began, f"at most {MOST_WORDS} words may stand before something moves, and here are {words}")
                )
                words, began = 0, 0
        elif block.kind in MOVING:
            words, began = 0, 0
    return faults


@dataclass(frozen=True)
class _Blocks:
    """The blocks so far, and the rows of the text that is being read: (line, row, whether it is code)."""

    names: Names
    faults: list[Fault]
    blocks: list[Block] = field(default_factory=list)
    held: list[tuple[int, str, bool]] = field(default_factory=list)

    def keep(self) -> None:
        """Make a block of the rows held, without empty ones around them."""
        filled = [at for at, (_, row, _) in enumerate(self.held) if row.strip()]
        if filled:
            rows = self.held[filled[0] : filled[-1] + 1]
            values: dict[str, Number] = {}
            for line, row, code in rows:
                values |= {} if code else _numbers(row, line, self.names, self.faults)
            self.blocks.append(Text("\n".join(row for _, row, _ in rows), rows[0][0], values))
        self.held.clear()

    def place(self, kind: str, given: str, line: int) -> None:
        """A line of its own such as {{chart: soft_threshold; strength=1}}."""
        if kind not in KINDS:
            there = f"there are {', '.join((*KINDS, 'value'))}{nearest(kind, KINDS)}"
            self.faults.append(Fault(line, f"there is no place {{{{{kind[:40]}: ...}}}}; {there}"))
            return
        first, *rest = (part.strip() for part in given.split(";"))
        options: dict[str, str] = {}
        for part in rest:
            name, mark, value = (each.strip() for each in part.partition("="))
            if not mark or not name or name in options:
                self.faults.append(
                    Fault(line, f"after a semicolon must come name=value, each name once, got {part[:60]}")
                )
                continue
            options[name] = value
        words = tuple(word.strip() for word in first.split(",") if word.strip())
        self.blocks.append(Place(kind, words, options, line))


def _numbers(row: str, line: int, names: Names, faults: list[Fault]) -> dict[str, Number]:
    """The numbers of the runs in a row of text, by what stands there."""
    values: dict[str, Number] = {}
    for found in VALUE.finditer(CODE.sub("", row)):
        expression, _, form = (part.strip() for part in found[1].partition(";"))
        form = form or "plain"
        if form not in FORMS:
            faults.append(Fault(line, f"a value is written {', '.join(FORMS)}, got {form[:40]}"))
            continue

        def read(text: str = expression) -> Expression:
            return parse_expression(text, names)

        number = attempt(line, faults, read)
        if number is not None:
            values[found[0]] = Number(number, form)  # type: ignore[arg-type]
    return values
