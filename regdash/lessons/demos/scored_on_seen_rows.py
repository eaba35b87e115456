"""Rows that a model has learnt say nothing about rows that it has not."""

from regdash.lessons.demos.programs import program

SHARED = """
import numpy as np
from sklearn.neighbors import KNeighborsClassifier

def rows(n, rng):
    "Two groups far apart; three labels of ten are wrong."
    group = rng.integers(0, 2, n)
    X = rng.normal(size=(n, 2)) + 6 * group[:, None]
    return X, np.where(rng.random(n) < 0.3, 1 - group, group)

rng = np.random.default_rng(0)
X, y = rows(1000, rng)
model = KNeighborsClassifier(n_neighbors=1).fit(X, y)
"""

PRINTED = """
seen = model.score(X, y)
print(f"accuracy: {seen:.1%}")
"""

RIGHT = """
X_new, y_new = rows(4000, rng)
unseen = model.score(X_new, y_new)
print(f"one neighbour, new rows: {unseen:.1%}")
calm = KNeighborsClassifier(n_neighbors=51).fit(X, y).score(X_new, y_new)
print(f"51 neighbours, new rows: {calm:.1%} (70 % can be had)")
"""

SCORED_ON_SEEN_ROWS = program(
    "scored_on_seen_rows",
    "A model that knows its rows by heart",
    {"As printed: evaluated on the rows it was fitted to": PRINTED, "Put right: evaluated on new rows": RIGHT},
    ("seen", "unseen", "calm"),
    SHARED,
)
