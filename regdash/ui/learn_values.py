"""The numbers of the stored runs in the texts of a lesson."""

import math
import warnings

import numpy as np

from regdash.errors import RegdashError
from regdash.lessons.facts import facts
from regdash.lessons.lesson import Number, Text
from regdash.ui.learn_runs import Found

MISSING = "–"
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def filled(text: Text, found: Found) -> str:
    """The Markdown of a text with its numbers; an en dash for one whose runs are not here."""
    words = text.markdown
    for place, number in text.values.items():
        words = words.replace(place, value_words(number, found))
    return words


def value_words(number: Number, found: Found) -> str:
    """The mean over seeds in words."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            values = number.expression.value(found.evidence, facts)
            return written(float(np.mean(values)), number.form)
    except (RegdashError, ValueError, ArithmeticError):
        return MISSING


def written(value: float, form: str = "plain") -> str:
    """A number with three digits that count, as a percentage, or as a whole number.

    0.01234 is 0.0123, 0.8432 as percent 84.3 %, and 0.0000123 is 1.23 × 10⁻⁵.
    """
    if not math.isfinite(value):
        return MISSING
    if form == "whole":
        return _signed(f"{value:.0f}")
    if form == "percent":
        return _signed(f"{100 * value:.1f}\N{NO-BREAK SPACE}%")
    size = abs(value)
    if not size:
        return "0"
    if not 1e-4 <= size < 1e6:
        digits, _, power = f"{value:.2e}".partition("e")
        return _signed(f"{digits} × 10{str(int(power)).translate(_RAISED)}")
    places = max(0, 2 - math.floor(math.log10(size)))
    return _signed(f"{value:.{places}f}")


def _signed(text: str) -> str:
    """With a minus sign in place of the hyphen; a rounded nothing has none."""
    bare = text.removeprefix("-")
    return f"−{bare}" if text != bare and any(letter in "123456789" for letter in bare) else bare
