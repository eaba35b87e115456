"""Every lesson, card and question shows what it says: its runs over five seeds, and every claim about them."""

import time
from typing import get_args

import pytest

from regdash.api import train
from regdash.lessons.catalogue import lesson_files, read_file
from regdash.lessons.checking import check_lessons
from regdash.lessons.lesson import Kind
from regdash.settings import site

FILES = [(kind, *found) for kind in get_args(Kind) for found in lesson_files(site() / "assets", kind)]
CHEAP = ("l2-shrinks-l1-picks", "weight-decay-d2l")


def not_shown(kind, name, path) -> list[str]:
    """What a lesson says and its runs do not show."""
    began, used = time.monotonic(), time.process_time()
    (report,) = check_lessons([read_file(path, name, kind)], train)
    took, used = time.monotonic() - began, time.process_time() - used
    print(f"{kind} {name}: {len(report.findings)} statements in {took:.1f} s, {used:.1f} s of all cores")
    return [f"{path}:{each.line}: {each.sentence}" for each in report.findings if not each.holds]


def params(names, marks=()):
    return [pytest.param(*each, id=f"{each[0]}-{each[1]}", marks=marks) for each in FILES if names(each[1])]


@pytest.mark.parametrize(("kind", "name", "path"), params(lambda name: name in CHEAP))
def test_a_lesson_that_trains_quickly_shows_what_it_says(kind, name, path):
    missing = not_shown(kind, name, path)
    assert not missing, "\n".join(missing)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("kind", "name", "path"), params(lambda name: name not in CHEAP))
def test_a_lesson_shows_what_it_says(kind, name, path):
    missing = not_shown(kind, name, path)
    assert not missing, "\n".join(missing)
