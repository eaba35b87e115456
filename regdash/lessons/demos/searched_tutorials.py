"""The searches of scikit-learn tutorials over L1 and L2, run as they are printed."""

import math

from regdash.lessons.demos.base import Demo, Output
from regdash.lessons.demos.programs import run_parts, shown
from regdash.search.tutorials import GRID, RANDOM, RIGHT, Searched, grid_search, randomized_search, right_search

PRINTED, MENDED = "As printed", "Put right"
MOST_WARNINGS, LONGEST_WARNING = 3, 140
SAMPLED = """
from scipy.stats import loguniform
from sklearn.model_selection import ParameterSampler

strengths = {"C": loguniform(1e-3, 1e2), "l1_ratio": [1.0, 0.0]}
drawn = list(ParameterSampler(strengths, n_iter=10, random_state=0))
different = len({each["C"] for each in drawn})
print(f"{len(drawn)} draws, {different} different strengths:")
print(" ".join(f"{each['C']:.3g}" for each in drawn))
"""


def _lbfgs() -> Output:
    printed, right = grid_search(), right_search()
    lines = [f"{PRINTED}:", *_said(printed), "", f"{MENDED}:", *_said(right)]
    numbers = {"failed": printed.failed, "fits": printed.fits, "empty": _empty(printed), "failed_right": right.failed}
    return Output(tuple(lines), numbers | {"test": right.test})


def _lists() -> Output:
    printed, right = randomized_search(), run_parts({MENDED: SAMPLED}, ("different",))
    lines = [f"{PRINTED}, with n_iter=10:", *_said(printed), "", *right.lines]
    return Output(tuple(lines), {"tried": float(len(printed.candidates)), "failed": printed.failed, **right.numbers})


def _said(found: Searched) -> list[str]:
    best = ", ".join(f"{name.rpartition('__')[2]} {value}" for name, value in found.best.items())
    lines = [
        f"  {len(found.candidates)} settings, {found.fits} fits, of which {found.failed} failed",
        f"  settings with the score nan: {_empty(found)}",
        f"  best: {best}, score {found.score:.3f}",
    ]
    lines += [f"  on rows kept apart: {found.test:.3f}"] if math.isfinite(found.test) else []
    warned = sorted(found.warnings.items(), key=lambda each: "FutureWarning" in each[0])[:MOST_WARNINGS]
    return lines + [_warning(text, many) for text, many in warned]


def _warning(text: str, many: int) -> str:
    short = text if len(text) <= LONGEST_WARNING else f"{text[: LONGEST_WARNING - 3]}..."
    return f"  {short} ({many} times)" if many > 1 else f"  {short}"


def _empty(found: Searched) -> int:
    return sum(math.isnan(each.score) for each in found.candidates)


LBFGS_HAS_NO_L1 = Demo(
    "lbfgs_has_no_l1",
    "A grid over L1 and L2 with the default solver",
    shown({PRINTED: GRID, MENDED: RIGHT}),
    _lbfgs,
    ("failed", "fits", "empty", "failed_right", "test"),
)
RANDOM_OVER_LISTS = Demo(
    "random_over_lists",
    "Ten random draws from eight settings",
    shown({PRINTED: RANDOM, MENDED: SAMPLED}),
    _lists,
    ("tried", "failed", "different"),
)
