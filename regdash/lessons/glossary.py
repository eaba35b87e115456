"""The glossary: the words of the interface and of the field, each in two sentences."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import yaml

FILE = "glossary.yaml"
NOT_FOUND = 9

_AMERICAN = re.compile(r"(?<=\w)iz(?=e|ed|er|ing|ation)")  # regularization is found as regularisation


@dataclass(frozen=True)
class Term:
    """A word: two sentences about it, other words for it (`also`), its formula in TeX and the lesson about it."""

    term: str
    group: str
    text: str
    also: tuple[str, ...] = ()
    formula: str = ""
    lesson: str = ""

    @property
    def name(self) -> str:
        """What it is called in an address: elastic-net, r2, holms-correction."""
        return slug(self.term)

    @property
    def words(self) -> tuple[str, ...]:
        """The word, and the others under which it is found."""
        return (self.term, *self.also)

    @cached_property
    def plain_words(self) -> tuple[str, ...]:
        """The same as they are compared."""
        return tuple(_plain(each) for each in self.words)

    @cached_property
    def plain_text(self) -> str:
        """Everything that is said, as it is searched."""
        return _plain(" ".join((*self.words, self.text)))


@cache
def glossary(assets: Path) -> tuple[Term, ...]:
    """Every term in the order of its file, read once."""
    entries = yaml.safe_load((assets / FILE).read_text(encoding="utf-8"))
    return tuple(_term(str(term), facts) for term, facts in entries.items())


def groups(terms: Sequence[Term]) -> tuple[str, ...]:
    """The groups in the order of their first terms."""
    return tuple(dict.fromkeys(each.group for each in terms))


def find(terms: Sequence[Term], words: str) -> tuple[Term, ...]:
    """The terms that hold all of some words, the ones called so first; every term for no words.

    Capitals, hyphens, raised digits and American spelling make no difference.
    """
    asked = _plain(words)
    ranked = [(_rank(each, asked), place, each) for place, each in enumerate(terms)]
    return tuple(each for rank, _, each in sorted(ranked, key=lambda found: found[:2]) if rank < NOT_FOUND)


def named(terms: Sequence[Term], name: str) -> Term | None:
    """The term of an address, by its own name or by another word for it."""
    by_word = {slug(word): each for each in reversed(terms) for word in reversed(each.words)}
    return next((each for each in terms if each.name == name), by_word.get(slug(name)))


def slug(words: str) -> str:
    """Words as they stand in an address: small letters and digits with hyphens between them."""
    return re.sub(r"[^\w]+", "-", _plain(words)).strip("-")


def _term(term: str, facts: dict[str, str | list[str]]) -> Term:
    also = tuple(str(each) for each in facts.get("also", ()))
    given = {key: " ".join(str(facts.get(key, "")).split()) for key in ("group", "text", "formula", "lesson")}
    return Term(term, given["group"], given["text"], also, given["formula"], given["lesson"])


def _rank(term: Term, asked: str) -> int:
    """How well a term fits, 0 best."""
    if not asked:
        return 0
    words = term.plain_words
    if asked in words[:1]:
        return 0
    if asked in words:
        return 1
    if any(each.startswith(asked) for each in words):
        return 2
    if any(asked in each for each in words):
        return 3
    return 4 if all(each in term.plain_text for each in asked.split()) else NOT_FOUND


def _plain(words: str) -> str:
    """Small letters without accents, hyphens and quotes; raised digits as digits, -ize as -ise."""
    flat = unicodedata.normalize("NFKD", words.casefold()).replace("'", "").replace("’", "")
    letters = "".join(each for each in flat if not unicodedata.combining(each))
    return _AMERICAN.sub("is", " ".join(re.sub(r"[-–−_]+", " ", letters).split()))
