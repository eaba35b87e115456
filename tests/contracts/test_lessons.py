"""What every lesson, card and question that comes with Regdash keeps to, before anything is trained."""

import re
from functools import cache
from typing import get_args

import pytest

from regdash.charts import CHARTS
from regdash.charts.figures import FIGURES
from regdash.errors import InvalidLesson
from regdash.lessons.catalogue import FOLDERS, lesson_files, name_of, read_file
from regdash.lessons.demos import DEMOS
from regdash.lessons.lesson import Kind, Lesson, Place
from regdash.settings import site

ASSETS = site() / "assets"
KINDS: tuple[Kind, ...] = get_args(Kind)
FILES = [(kind, name, path) for kind in KINDS for name, path in lesson_files(ASSETS, kind)]
IDS = [f"{kind}-{name}" for kind, name, _ in FILES]


@cache
def read() -> list[Lesson]:
    return [read_file(path, name, kind) for kind, name, path in FILES]


def used(kind: str) -> set[str]:
    """The first words of all places of a kind."""
    blocks = [block for lesson in read() for block in lesson.blocks]
    return {block.words[0] for block in blocks if isinstance(block, Place) and block.kind == kind and block.words}


@pytest.mark.parametrize(("kind", "name", "path"), FILES, ids=IDS)
def test_every_file_is_read_without_a_fault(kind, name, path):
    try:
        read_file(path, name, kind)
    except InvalidLesson as error:
        pytest.fail(f"{path}:\n{error}")


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_of_a_folder_are_numbered_from_01_without_a_gap(kind):
    folder = ASSETS / FOLDERS[kind]
    numbers = sorted(int(each.name[:2]) for each in folder.iterdir() if re.match(r"\d\d-", each.name))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == len(list(folder.iterdir())), f"something in {folder} has no number or is no lesson"


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_and_title_of_a_folder_is_there_once(kind):
    found = [lesson for lesson in read() if lesson.kind == kind]
    assert len({lesson.name for lesson in found}) == len({lesson.title for lesson in found}) == len(found)


@pytest.mark.parametrize(("kind", "name", "path"), FILES, ids=IDS)
def test_every_lesson_that_another_leads_to_is_there(kind, name, path):
    names = {name_of(file) for _, file in lesson_files(ASSETS, "lesson")}
    asked = {each.lesson for each in read_file(path, name, kind).further if each.lesson}
    assert asked <= names


def test_every_figure_is_shown_somewhere():
    assert {figure.name for figure in FIGURES} <= used("chart")


def test_every_demonstration_is_shown_somewhere():
    assert {demo.name for demo in DEMOS} <= used("demo")


def test_figures_demonstrations_and_charts_of_runs_have_names_of_their_own():
    names = [each.name for each in (*FIGURES, *DEMOS, *CHARTS)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_a_figure_computes_the_numbers_that_it_names(figure):
    assert set(figure.facts(figure.read(figure.settings()))) == set(figure.numbers)
