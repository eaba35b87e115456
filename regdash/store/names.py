"""What people may call themselves, and what must never reach a page: invisible, reversing and marking-up characters."""

import unicodedata

from regdash.errors import RegdashError

MOST_MARKS = 3  # accents on one letter; more are there to paint over the lines above and below
REFUSED = frozenset("<>")


def nickname(text: str, most: int = 24) -> str:
    """A nickname as it is shown; raises RegdashError with a sentence when it cannot be one."""
    name = _plain(text, "Your nickname", most)
    if len(folded(name)) > 2 * most:
        raise RegdashError(f"Your nickname must have at most {most} letters. Choose a shorter one.")
    return name


def title(text: str, most: int = 80) -> str:
    """The title of a room as it is shown; "Class" when there is none."""
    return _plain(text, "The title", most) if text.strip() else "Class"


def folded(name: str) -> str:
    """What two names have in common when they differ only in case, or in how their letters are written."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _plain(text: str, what: str, most: int) -> str:
    name = " ".join(unicodedata.normalize("NFKC", text[: 8 * most]).split())
    if not 1 <= len(name) <= most:
        got = "nothing" if not name else f"{len(name)}" if len(text) <= 8 * most else "far more"
        raise RegdashError(f"{what} must have 1 to {most} letters, got {got}.")
    if not all(_is_visible(letter) for letter in name) or _has_piled_marks(name) or not _has_a_sign(name):
        raise RegdashError(f"{what} must be made of ordinary visible letters, without < or >. Choose another.")
    return name


def _is_visible(letter: str) -> bool:
    """Not a control, format (such as right-to-left override), surrogate, private or unassigned character."""
    return letter == " " or (letter not in REFUSED and unicodedata.category(letter)[0] in "LMNPS")


def _has_a_sign(name: str) -> bool:
    return any(unicodedata.category(letter)[0] in "LNS" for letter in name)


def _has_piled_marks(name: str) -> bool:
    marks = 0
    for place, letter in enumerate(unicodedata.normalize("NFD", name)):
        marks = marks + 1 if unicodedata.category(letter)[0] == "M" else 0
        if marks > MOST_MARKS or (marks and place == 0):
            return True
    return False
