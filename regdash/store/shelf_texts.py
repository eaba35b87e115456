"""What visitors write about their settings: names, notes and tags, made of visible characters only.

Anything visible is allowed, `<` and `>` too: whoever shows such a text escapes it.
"""

import json
import unicodedata
from collections.abc import Sequence

from regdash.errors import RegdashError

MOST_NAME, MOST_NOTE, MOST_TAG, MOST_TAGS = 80, 2_000, 30, 10
MOST_MARKS = 3  # accents on one letter; more are there to paint over the lines above and below


def plain_name(text: str) -> str:
    """A name as it is kept, empty for none; RegdashError with a sentence when it is too long."""
    return _short(" ".join(_visible(text, 8 * MOST_NAME).split()), "A name", MOST_NAME)


def plain_note(text: str) -> str:
    """A note as it is kept, with its lines; RegdashError with a sentence when it is too long."""
    lines = text[: 8 * MOST_NOTE].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _short("\n".join(_visible(line, MOST_NOTE + 1).rstrip() for line in lines).strip(), "A note", MOST_NOTE)


def plain_tags(texts: Sequence[str]) -> tuple[str, ...]:
    """Tags as they are kept, each once; RegdashError with a sentence when there are too many or one is too long."""
    found: dict[str, str] = {}
    for text in texts:
        tag = _short(" ".join(_visible(text.replace(",", " "), 8 * MOST_TAG).split()), "A tag", MOST_TAG)
        if tag:
            found.setdefault(tag.casefold(), tag)
    if len(found) > MOST_TAGS:
        raise RegdashError(f"A setting may have at most {MOST_TAGS} tags, got {len(found)}. Leave some out.")
    return tuple(found.values())


def read_tags(text: str) -> tuple[str, ...]:
    """The tags of a row; none where something else has written there."""
    try:
        found = json.loads(text)
    except ValueError:
        return ()
    return tuple(each for each in found if isinstance(each, str))[:MOST_TAGS] if isinstance(found, list) else ()


def is_tags(text: object) -> bool:
    """Whether a row's text is that of tags as they are kept."""
    if not (isinstance(text, str) and len(text) <= MOST_TAGS * (12 * MOST_TAG + 4)):
        return False
    found = read_tags(text)
    try:
        return plain_tags(found) == found and json.dumps(found) == text
    except RegdashError:
        return False


def _short(text: str, what: str, most: int) -> str:
    if len(text) > most:
        raise RegdashError(f"{what} may have at most {most:,} letters, got {len(text):,}. Shorten it.")
    return text


def _visible(text: str, most: int) -> str:
    """Without controls, reversing and other format characters, surrogates and unassigned ones, and piled accents."""
    kept: list[str] = []
    marks = 0
    for letter in unicodedata.normalize("NFC", text[:most]):
        kind = unicodedata.category(letter)[0]
        marks = marks + 1 if kind == "M" else 0
        if kind in "LNPS" or (kind == "M" and kept and marks <= MOST_MARKS):
            kept.append(letter)
        elif letter in " \t\n\r" or kind == "Z":
            kept.append(" ")
    return "".join(kept)
