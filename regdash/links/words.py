"""The words above a lesson: plain text in a link, tidied and checked."""

import unicodedata

from regdash.errors import BrokenLink

MOST_LETTERS = 600
_JOINERS = "\u200c\u200d"  # Persian and some other scripts cannot be written without them


def lesson_text(text: str) -> str:
    """The text with plain spaces and line ends; raises BrokenLink for one that is too long or holds control letters."""
    tidy = "".join(map(_plain, text.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    if len(tidy) > MOST_LETTERS:
        raise BrokenLink(f"text may have at most {MOST_LETTERS} letters, this one has {len(tidy)}")
    strange = next((letter for letter in tidy if not (letter.isprintable() or letter in f"\n{_JOINERS}")), "")
    if strange:
        raise BrokenLink(f"text must be letters, marks and line ends, got the control letter U+{ord(strange):04X}")
    return tidy


def _plain(letter: str) -> str:
    """Any kind of blank as a space; line ends stay."""
    return " " if letter == "\t" or unicodedata.category(letter) == "Zs" else letter
