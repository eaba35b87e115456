"""A penalty on predictions makes every weight smaller by the same factor, and cures nothing."""

from regdash.lessons.demos.programs import program

SHARED = """
import numpy as np

rng = np.random.default_rng(2)
x = rng.normal(size=100)
X = np.stack([x, x + 0.01 * rng.normal(size=100)], axis=1)  # nearly the same input twice
y = X.sum(axis=1) + 0.5 * rng.normal(size=100)
n, strength = 100, 0.1
"""

PRINTED = """
# loss = mean((y - y_pred)**2) + strength * mean(np.square(np.abs(y_pred)))
free = np.linalg.solve(X.T @ X / n, X.T @ y / n)
w = np.linalg.solve((1 + strength) * X.T @ X / n, X.T @ y / n)
print("no penalty:", free.round(2))
print("penalty on y_pred:", w.round(2))
free_first, printed_first = free[0], w[0]
shrunk = w[0] / free[0]
print("each weight is multiplied by", shrunk.round(3))
"""

RIGHT = """
# loss = mean((y - y_pred)**2) + strength * sum(w**2)
w = np.linalg.solve(X.T @ X / n + strength * np.eye(2), X.T @ y / n)
print("penalty on the weights:", w.round(2))
right_first, right_second = w
"""

PENALTY_ON_PREDICTIONS = program(
    "penalty_on_predictions",
    "Two inputs that say the same; the truth is one for each",
    {"As printed: the penalty is taken of y_pred": PRINTED, "Put right: the penalty is taken of the weights": RIGHT},
    ("free_first", "printed_first", "shrunk", "right_first", "right_second"),
    SHARED,
)
