"""The best score of many settings flatters: here there is nothing to be found at all."""

from regdash.lessons.demos.programs import program

SHARED = """
import numpy as np

rng = np.random.default_rng(0)
X, y = rng.normal(size=(100, 50)), rng.integers(0, 2, 100)  # labels by tossing a coin
folds = np.array_split(np.arange(100), 5)

def score(columns, seen, X_new, y_new):
    "Accuracy of the nearest class mean, learnt from the rows seen."
    means = [X[seen][y[seen] == c][:, columns].mean(axis=0) for c in (0, 1)]
    far = [np.square(X_new[:, columns] - mean).sum(axis=1) for mean in means]
    return np.mean((far[1] < far[0]) == y_new)

def cross_validated(columns):
    return np.mean([score(columns, np.setdiff1d(range(100), f), X[f], y[f]) for f in folds])

settings = [rng.choice(50, 3, replace=False) for _ in range(200)]
best = max(settings, key=cross_validated)
"""

PRINTED = """
best_score = cross_validated(best)
print(f"best of {len(settings)} settings: {best_score:.1%}")
"""

RIGHT = """
X_test, y_test = rng.normal(size=(5000, 50)), rng.integers(0, 2, 5000)
test_score = score(best, range(100), X_test, y_test)
print(f"the same setting on rows that were kept apart: {test_score:.1%}")
"""

BEST_OF_MANY = program(
    "best_of_many",
    "200 settings where no setting can be any good",
    {"As usual: best_score_ is reported": PRINTED, "Put right: test rows are asked once, at the end": RIGHT},
    ("best_score", "test_score"),
    SHARED,
)
