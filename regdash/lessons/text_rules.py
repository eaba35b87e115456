"""What may stand in the Markdown of a lesson: no HTML, no pictures, no links but https."""

import re
from dataclasses import dataclass

from regdash.errors import Fault

LONGEST_ROW = 4_000  # letters of a paragraph that is written in one line
VALUE = re.compile(r"\{\{\s*value\s*:([^{}]*)\}\}")
ANY = re.compile(r"\{\{[^{}]*\}\}")
CODE = re.compile(r"`[^`]*`")

_FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$")
_TAG = re.compile(r"<[a-zA-Z/!?]")
_LINK = re.compile(r"\]\(\s*<?\s*([^)\s>]*)|(?:^|[\s>])\[[^\]]+\]:\s*(\S*)|(\bhttp://[^\s)]*)")
_FENCE = re.compile(r"\s*(`{3,}+|~{3,}+)([^`]*)$")


@dataclass
class Fences:
    """Whether a row is within a block of code (between two rows of ```) or of a formula (between two rows of $$)."""

    faults: list[Fault]
    formula: bool = False
    _mark: str = ""
    _since: int = 0

    def inside(self, row: str, line: int) -> bool:
        """Whether this row is code, or begins or ends it."""
        found = _FENCE.match(row)
        if found and row[0].isspace():
            self.faults.append(Fault(line, "a fence of code (```) must stand at the beginning of its line"))
        if self._mark:
            ends = found is not None and found[1].startswith(self._mark) and not found[2].strip()
            self._mark = "" if ends else self._mark
            return True
        if found and not row[0].isspace():
            self._mark, self._since = found[1], line
            return True
        if "```" in row or "~~~" in row:
            self.faults.append(Fault(line, "a fence of code (```) must stand in a line of its own"))
        if row.strip() == "$$":
            self.formula = not self.formula
        return False

    def end(self) -> None:
        """Say what was begun and not ended."""
        if self._mark:
            self.faults.append(Fault(self._since, f"the code that begins here must end with a line {self._mark}"))


def row_faults(row: str, line: int, formula: bool) -> list[Fault]:
    """What may not stand in this row of Markdown, which is no code; `formula` says that it is within a $$ block."""
    if len(row) > LONGEST_ROW:
        return [Fault(line, f"a line may have at most {LONGEST_ROW} letters, got {len(row)}; break it in two")]
    plain = _FORMULA.sub("", CODE.sub("", row))
    found = []
    if _TAG.search(plain) and not formula:
        found.append(Fault(line, "HTML cannot be used in a lesson; write Markdown, and a < with a space after it"))
    if "![" in row:  # within code as well: whether backticks are paired is Markdown's to say
        found.append(Fault(line, "pictures cannot be used in a lesson; show a chart by {{chart: ...}}"))
    for each in _LINK.finditer(plain):
        target = each[1] or each[2] or each[3] or ""
        if not target.startswith("https://"):
            found.append(Fault(line, f"a link must begin with https://, got {target[:60] or 'nothing'}"))
    return found + _stray(VALUE.sub("", plain), line)


def _stray(plain: str, line: int) -> list[Fault]:
    """Double brackets that are no value."""
    found = []
    for each in ANY.finditer(plain):
        alone = ":" in each[0] and not re.match(r"\{\{\s*value\b", each[0])
        what = (
            "must stand in a line of its own" if alone else "must be written {{value: expression}} or {{chart: name}}"
        )
        found.append(Fault(line, f"{each[0][:60]} {what}"))
    if "{{" in ANY.sub("", plain):
        found.append(Fault(line, "{{ must be closed by }} in the same line"))
    return found
