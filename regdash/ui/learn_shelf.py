"""The lessons of this server and of its visitors: read once, found by name; one that is broken does not stop others."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from regdash.errors import RegdashError
from regdash.jobs.queue import Queue
from regdash.lessons.catalogue import lesson_files, read_file
from regdash.lessons.lesson import Kind, Lesson
from regdash.lessons.reading import read_lesson
from regdash.settings import settings, site

log = logging.getLogger("regdash.lessons")

OWN = "own-"  # before the id of a lesson that a visitor has brought


@dataclass(frozen=True)
class Shelf:
    """The lessons, cards or questions that there are, and a sentence about each file that cannot be read."""

    lessons: tuple[Lesson, ...]
    faults: tuple[str, ...] = ()


def shelf(kind: Kind) -> Shelf:
    """Everything of a kind in its order: built in first, then the server's own."""
    found, faults = [], []
    for name, path in lesson_files(site() / "assets", kind):
        try:
            found.append(_read(path, path.stat().st_mtime_ns, name, kind))
        except (RegdashError, OSError) as error:
            faults.append(f"{name} cannot be shown: {str(error).splitlines()[0]}")
    known = {each.name for each in found}
    found += [each for each in _of_server() if each.name not in known] if kind == "lesson" else []
    return Shelf(tuple(found), tuple(faults))


def lesson_named(queue: Queue, kind: Kind, name: str) -> Lesson | None:
    """A lesson by the name in its address; None when there is none. Raises RegdashError with a sentence."""
    if kind == "lesson" and name.startswith(OWN):
        text = queue.learning.text(name.removeprefix(OWN))
        return own_lesson(name, text) if text else None
    return next((each for each in shelf(kind).lessons if each.name == name), None)


def after(lessons: Sequence[Lesson], name: str) -> Lesson | None:
    """The one that follows in a list; None after the last."""
    place = next((at for at, each in enumerate(lessons) if each.name == name), len(lessons))
    return lessons[place + 1] if place + 1 < len(lessons) else None


@lru_cache(maxsize=64)
def own_lesson(name: str, text: str) -> Lesson:
    """A lesson that a visitor has brought."""
    return read_lesson(text, name)


@lru_cache(maxsize=512)
def _read(path: Path, _changed: int, name: str, kind: Kind) -> Lesson:
    return read_file(path, name, kind)


@cache
def _of_server() -> tuple[Lesson, ...]:
    """The lessons in the folder that REGDASH_LESSONS names; what cannot be read is left out and told in the log."""
    folder = settings().lessons
    if not folder:
        return ()
    found = []
    for name, path in _files(Path(folder).expanduser()):
        try:
            found.append(read_file(path, name))
        except RegdashError as error:
            log.warning("the lesson %s is left out: %s", path, "; ".join(str(error).splitlines()))
    return tuple(found)


def _files(folder: Path) -> Sequence[tuple[str, Path]]:
    """FOLDER/name/lesson.md and FOLDER/name.md, by their names without numbers in front."""
    if not folder.is_dir():
        log.warning("REGDASH_LESSONS names %s, and there is no such folder", folder)
        return ()
    paths = sorted((*folder.glob("*/lesson.md"), *folder.glob("*.md")))
    names = (path.parent.name if path.name == "lesson.md" else path.stem for path in paths)
    return [(name.lstrip("0123456789").lstrip("-") or name, path) for name, path in zip(names, paths, strict=True)]
