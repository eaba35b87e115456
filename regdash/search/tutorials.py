"""The searches of common scikit-learn tutorials, run as they are printed, and done right."""

import math
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from regdash.datasets import Iris, Split
from regdash.experiment import Experiment, Training
from regdash.networks import Linear
from regdash.optimizers import Adam
from regdash.search.dimension import Choice, Range
from regdash.search.objective import Objective
from regdash.search.plan import Plan
from regdash.search.space import Space

FOLDS = 5
LONGEST = 300  # characters of a warning that are kept
_ALONE = Lock()  # catching warnings changes them for the whole process


@dataclass(frozen=True)
class Candidate:
    """One setting that a search tried: mean accuracy over the folds, nan when a fit failed."""

    settings: Mapping[str, Any]
    score: float


@dataclass(frozen=True)
class Searched:
    """What a search of scikit-learn did: `score` is its best_score_, `test` the accuracy on rows it never saw.

    `test` is nan where the tutorial keeps no rows apart. `warnings` says what scikit-learn wrote meanwhile, with the
    number of times.
    """

    candidates: tuple[Candidate, ...]
    fits: int
    failed: int
    best: Mapping[str, Any]
    score: float
    test: float
    warnings: Mapping[str, int]


@dataclass(frozen=True)
class Tutorial:
    """A search as it is printed, what is wrong with it, and how to run it."""

    name: str
    label: str
    code: str
    remark: str
    run: Callable[[], Searched]


GRID = """from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

X, y = load_iris(return_X_y=True)
param_grid = {"C": [0.001, 0.01, 0.1, 1, 10, 100], "penalty": ["l1", "l2"]}
search = GridSearchCV(LogisticRegression(), param_grid, cv=5)
search.fit(X, y)
print(search.best_params_, search.best_score_)
"""
RANDOM = """from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RandomizedSearchCV

X, y = load_iris(return_X_y=True)
param_distributions = {"C": [0.1, 1, 10, 100], "penalty": ["l1", "l2"]}
search = RandomizedSearchCV(LogisticRegression(), param_distributions, n_iter=10, cv=5, random_state=0)
search.fit(X, y)
print(search.best_params_, search.best_score_)
"""
RIGHT = """from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_iris(return_X_y=True)
X, X_test, y, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=0)
model = Pipeline([("scale", StandardScaler()), ("model", LogisticRegression(solver="saga", max_iter=5000))])
param_grid = {"model__C": [0.001, 0.01, 0.1, 1, 10, 100], "model__l1_ratio": [1.0, 0.0]}  # 1 is l1, 0 is l2
search = GridSearchCV(model, param_grid, cv=5)
search.fit(X, y)
print(search.best_params_, search.best_score_, search.score(X_test, y_test))
"""

STRENGTHS = [0.001, 0.01, 0.1, 1, 10, 100]


@cache
def grid_search() -> Searched:
    """GridSearchCV over C x penalty on iris, as printed."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    return _searched(GridSearchCV(LogisticRegression(), _grid(STRENGTHS), cv=FOLDS))


@cache
def randomized_search() -> Searched:
    """RandomizedSearchCV over C x penalty on iris, as printed, with a fixed seed."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import RandomizedSearchCV

    grid = _grid([0.1, 1, 10, 100])
    return _searched(RandomizedSearchCV(LogisticRegression(), grid, n_iter=10, cv=FOLDS, random_state=0))


@cache
def right_search() -> Searched:
    """The same grid with a solver that has both penalties, on scaled inputs, with test rows kept apart."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    model = Pipeline([("scale", StandardScaler()), ("model", LogisticRegression(solver="saga", max_iter=5000))])
    shares = {"model__l1_ratio": [1.0, 0.0]} if _has_ratio() else {"model__penalty": ["l1", "l2"]}
    return _searched(GridSearchCV(model, {"model__C": STRENGTHS, **shares}, cv=FOLDS), apart=True)


TUTORIALS: tuple[Tutorial, ...] = (
    Tutorial(
        "grid_search_cv",
        "GridSearchCV, as tutorials print it",
        GRID,
        "LogisticRegression() solves by lbfgs, and lbfgs has no L1: every fit with l1 fails, its score is nan, and the "
        "search reports the best l2 as if l1 had been tried and lost. The inputs are not scaled, so one C is another "
        "strength for each measurement; and best_score_ is the best of many on the rows that chose it, so it flatters.",
        grid_search,
    ),
    Tutorial(
        "randomized_search_cv",
        "RandomizedSearchCV, as tutorials print it",
        RANDOM,
        "Two lists have 8 combinations, and 10 draws are asked for: scikit-learn warns and tries all 8, so this is a "
        "grid again. Random search is worth its name with a distribution such as loguniform(1e-3, 1e2) for C. "
        "And half of the fits fail, as above.",
        randomized_search,
    ),
    Tutorial(
        "right",
        "The same grid, done right",
        RIGHT,
        "The solver saga has both penalties, the inputs are scaled inside each fold, and a fifth of the rows is kept "
        "apart until the end. Now L1 takes part; the difference between the two penalties is less than that between "
        "the folds.",
        right_search,
    ),
)
"""The examples in the order of the page."""


def corresponding_plan() -> Plan:
    """The grid of the tutorial as a search of this program: a linear network on iris, L1 or L2 in five strengths.

    It minimises the mean loss plus l1 * sum|w| or l2 * sum w², scikit-learn C times the summed loss plus the penalty:
    with n = 96 training rows of a fold C = 1 / (n * l1) for L1 and C = 1 / (2 * n * l2) for L2, from about 100 to
    0.01. Under the weaker penalties its 200 steps end before the optimum that saga reaches; the accuracies are alike.
    """
    linear = Experiment(Iris(), Split(train=0.6), Linear(), (), Adam(0.05), training=Training(200, batch_size=0))
    strengths = Range("elastic_net.strength", 1e-4, 1.0, log=True, steps=5)
    space = Space(linear, (strengths, Choice("elastic_net.l1_ratio", (1.0, 0.0))))
    return Plan(space, "grid", objective=Objective("val_accuracy", epoch="last", folds=FOLDS))


def _has_ratio() -> bool:
    """Whether l1_ratio alone chooses the penalty, as from scikit-learn 1.8."""
    import sklearn

    return tuple(map(int, sklearn.__version__.split(".")[:2])) >= (1, 8)


def _grid(strengths: list[float]) -> dict[str, list[Any]]:
    """The grid as printed; scikit-learn 1.10 takes `penalty` away, and l1_ratio says the same."""
    from sklearn.linear_model import LogisticRegression

    if "penalty" in LogisticRegression().get_params():
        return {"C": strengths, "penalty": ["l1", "l2"]}
    return {"C": strengths, "l1_ratio": [1.0, 0.0]}


def _searched(search: Any, apart: bool = False) -> Searched:
    """Fit a search to iris, and gather what it says and what it does not."""
    from sklearn.datasets import load_iris
    from sklearn.model_selection import train_test_split
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    x, y = load_iris(return_X_y=True)
    test_x, test_y = x, y
    if apart:
        x, test_x, y, test_y = train_test_split(x, y, test_size=0.2, stratify=y, random_state=0)
    # one thread: those of such small fits would mostly wait for each other on a busy machine
    with _ALONE, threadpool_limits(1), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        search.fit(x, y)
    found = search.cv_results_
    per_fold = [found[f"split{k}_test_score"] for k in range(FOLDS)]
    tried = zip(found["params"], found["mean_test_score"].tolist(), strict=True)
    said = Counter(f"{each.category.__name__}: {_first(str(each.message))}" for each in caught)
    return Searched(
        candidates=tuple(Candidate(dict(settings), score) for settings, score in tried),
        fits=len(found["params"]) * FOLDS,
        failed=sum(math.isnan(score) for fold in per_fold for score in fold),
        best=dict(search.best_params_),
        score=float(search.best_score_),
        test=float(search.score(test_x, test_y)) if apart else math.nan,
        warnings=dict(said),
    )


def _first(message: str) -> str:
    """The first line of a warning that says something."""
    return message.strip().partition("\n")[0][:LONGEST]
