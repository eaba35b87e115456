"""What docs/lessons.md says is true."""

import re

from regdash.api import train
from regdash.charts import COMPARISONS
from regdash.charts.figures import FIGURES
from regdash.charts.measure_words import WORDS
from regdash.lessons.checking import check_lessons
from regdash.lessons.measures import CURVES, MEASURES, SHORT
from regdash.lessons.place_rules import OF_A_RUN
from regdash.lessons.places import MOST_WORDS
from regdash.lessons.reading import KNOWN, MOST_MINUTES, MOST_RUNS, read_lesson
from regdash.lessons.template import TEMPLATE
from regdash.params import params_of
from regdash.settings import site

TEXT = (site() / "docs" / "lessons.md").read_text(encoding="utf-8")
FOR_CARDS = ("topic", "code", "right")


def cells(*heading: str) -> list[list[str]]:
    """The cells of the table with that heading, without the marks of code."""
    table = TEXT.split(f"| {' | '.join(heading)} |\n", 1)[1].split("\n\n")[0]
    rows = [re.split(r"\s*(?<!\\)\|\s*", row.strip("|").strip()) for row in table.splitlines()[1:]]
    return [[cell.replace("`", "").replace("\\|", "|") for cell in row] for row in rows]


def words(cell: str) -> list[str]:
    return [] if cell == "-" else cell.split(", ")


def test_the_example_is_the_lesson_that_the_command_writes_and_shows_what_it_claims():
    (example,) = re.findall(r"````markdown\n(.*?)````", TEXT, re.DOTALL)
    assert example == TEMPLATE
    (report,) = check_lessons([read_lesson(example, "example")], train)
    assert [each.sentence for each in report.findings if not each.holds] == []


def test_every_field_is_explained_and_no_other():
    named = {name for row in cells("Field", "What it holds") for name in words(row[0])}
    assert named == set(KNOWN) - set(FOR_CARDS)


def test_every_figure_is_listed_with_its_settings_and_numbers():
    listed = [(row[0].split(": ")[0], words(row[1]), words(row[2])) for row in cells("Figure", "Settings", "Numbers")]
    assert listed == [
        (figure.name, [each.name for each in params_of(figure.settings)], list(figure.numbers)) for figure in FIGURES
    ]


def test_every_measure_is_listed_with_its_words():
    assert cells("Measures", "of") == [[name, WORDS[name]] for name in (*CURVES, *SHORT, *MEASURES)]


def test_every_chart_is_listed():
    rows = {row[0].split(";")[0]: row[1] for row in cells("Place", "Draws")}
    assert rows["{{chart: loss"].endswith(": " + ", ".join(OF_A_RUN))
    names = [each.name.removeprefix("compare-") for each in COMPARISONS]
    assert rows["{{compare: plain, ridge"].endswith(": " + ", ".join(names))


def test_the_limits_are_those_that_are_enforced():
    assert f"at most\n{MOST_RUNS} runs" in TEXT
    assert f"1 to {MOST_MINUTES}" in TEXT
    assert f"No more than {MOST_WORDS} words" in TEXT
