"""The lessons that there are: one folder or file for each, in the order of their numbers."""

import re
from functools import cache
from pathlib import Path

from regdash.errors import Fault, InvalidLesson, RegdashError
from regdash.lessons.lesson import Kind, Lesson
from regdash.lessons.reading import read_lesson

FOLDERS: dict[Kind, str] = {"lesson": "lessons", "mistake": "mistakes", "question": "questions"}
NUMBERED = re.compile(r"\d\d+-([a-z0-9-]{1,60})")


def lesson_files(assets: Path, kind: Kind) -> list[tuple[str, Path]]:
    """(name, file) of every lesson below assets: assets/lessons/01-overfitting/lesson.md is overfitting."""
    folder = assets / FOLDERS[kind]
    found = [(path.parent.name, path) for path in sorted(folder.glob("*/lesson.md"))]
    found += [(path.stem, path) for path in sorted(folder.glob("[0-9]*.md"))]
    return [(NUMBERED.fullmatch(name)[1] if NUMBERED.fullmatch(name) else name, path) for name, path in sorted(found)]  # type: ignore[index]


@cache
def lessons(assets: Path, kind: Kind) -> tuple[Lesson, ...]:
    """Every lesson of a kind, read once; raises InvalidLesson when one of them is wrong."""
    return tuple(read_file(path, name, kind) for name, path in lesson_files(assets, kind))


def read_file(path: Path, name: str = "", kind: Kind = "lesson") -> Lesson:
    """The lesson in a file, or in a folder that holds lesson.md."""
    file = path / "lesson.md" if path.is_dir() else path
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InvalidLesson([Fault(1, "a lesson must be a text in UTF-8")]) from None
    except OSError as error:
        raise RegdashError(f"{file} cannot be read ({error.strerror or error})") from None
    return read_lesson(text, name or (path.name if path.is_dir() else path.parent.name), kind)
