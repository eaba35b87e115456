"""docs/settings.md lists every setting with its default, and no other."""

import re
from dataclasses import fields
from pathlib import Path

from regdash.settings import Settings

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "settings.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(REGDASH_\w+)` \| (?:`([^`]*)`)?([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|$", re.MULTILINE)
SECTIONS = PAGE.partition("\n## Fixed limits")[0]


def as_read(default: object) -> str:
    """A default as one would set it; a place differs from machine to machine, so the table puts it in words."""
    if isinstance(default, Path):
        return ""
    return str(int(default)) if isinstance(default, bool) else str(default)


def test_the_table_has_every_setting_with_its_default_and_no_other() -> None:
    listed = {row[0]: row[1] for row in ROW.findall(SECTIONS)}
    assert listed == {f"REGDASH_{field.name.upper()}": as_read(field.default) for field in fields(Settings)}


def test_the_settings_stand_in_the_order_of_the_dataclass() -> None:
    assert [row[0] for row in ROW.findall(SECTIONS)] == [f"REGDASH_{field.name.upper()}" for field in fields(Settings)]


def test_every_setting_has_a_unit_and_says_what_it_does() -> None:
    silent = [row[0] for row in ROW.findall(SECTIONS) if not row[3].strip() or not row[4].strip()]
    assert silent == []


def test_no_row_of_a_setting_is_missed_because_it_is_written_otherwise() -> None:
    assert len(ROW.findall(SECTIONS)) == len(re.findall(r"^\| `REGDASH_", SECTIONS, re.MULTILINE))


def test_every_limit_of_a_visitor_says_what_the_visitor_is_told() -> None:
    limits = re.search(r"## Limits of one experiment\n(.*?)\n## How training", PAGE, re.DOTALL)
    assert limits is not None
    silent = [row[0] for row in ROW.findall(limits[1]) if not row[5].strip()]
    assert silent == []
