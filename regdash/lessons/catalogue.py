"""The lessons that there are: one folder or file for each, in the order of their numbers."""

import re
from pathlib import Path

from regdash.errors import Fault, InvalidLesson, RegdashError
from regdash.lessons.front import MOST_BYTES
from regdash.lessons.lesson import Kind, Lesson
from regdash.lessons.reading import read_lesson

FOLDERS: dict[Kind, str] = {"lesson": "lessons", "mistake": "mistakes", "question": "questions"}
_UNREADABLE = f"a lesson must be a text in UTF-8 of at most {MOST_BYTES} bytes"
NUMBERED = re.compile(r"\d\d+-([a-z0-9-]{1,60})")


def lesson_files(assets: Path, kind: Kind) -> list[tuple[str, Path]]:
    """(name, file) of every lesson below assets: assets/lessons/01-overfitting/lesson.md is overfitting."""
    folder = assets / FOLDERS[kind]
    found = [*folder.glob("*/lesson.md"), *folder.glob("[0-9]*.md")]
    return [(name_of(path), path) for path in sorted(found, key=_numbered)]


def name_of(path: Path) -> str:
    """What a lesson is called after its folder or file, without the number."""
    numbered = NUMBERED.fullmatch(_numbered(path))
    return numbered[1] if numbered else _numbered(path)


def read_file(path: Path, name: str = "", kind: Kind = "lesson") -> Lesson:
    """The lesson in a file, or in a folder that holds lesson.md."""
    file = path / "lesson.md" if path.is_dir() else path
    try:
        with file.open("rb") as opened:
            text = opened.read(MOST_BYTES + 1).decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidLesson([Fault(1, _UNREADABLE)]) from None
    except OSError as error:
        raise RegdashError(f"{file} cannot be read ({error.strerror or error})") from None
    return read_lesson(text, name or name_of(file), kind)


def _numbered(path: Path) -> str:
    """The name of a lesson's folder, or of its file where that is not called lesson.md."""
    return path.parent.name if path.name == "lesson.md" else path.stem
