"""A penalty that is chosen on training rows is always none."""

from regdash.lessons.demos.programs import program

SHARED = """
import numpy as np

rng = np.random.default_rng(0)
truth = rng.normal(size=40) / np.sqrt(40)
X, X_new = rng.normal(size=(50, 40)), rng.normal(size=(2000, 40))
y = X @ truth + rng.normal(size=50)
y_new = X_new @ truth + rng.normal(size=2000)
strengths = [0, 0.03, 0.1, 0.3, 1, 3, 10]  # l2 on the mean squared error

def fitted(l2):
    return np.linalg.solve(X.T @ X / 50 + l2 * np.eye(40), X.T @ y / 50)
"""

PRINTED = """
errors = [np.mean((X @ fitted(l2) - y) ** 2) for l2 in strengths]
on_training = strengths[int(np.argmin(errors))]
print("training error:", np.round(errors, 2))
print("best l2:", on_training)
"""

RIGHT = """
errors = [np.mean((X_new @ fitted(l2) - y_new) ** 2) for l2 in strengths]
on_validation = strengths[int(np.argmin(errors))]
print("validation error:", np.round(errors, 2))
print("best l2:", on_validation)
"""

TUNED_ON_TRAINING = program(
    "tuned_on_training",
    "Choosing the strength of L2",
    {
        "As part of training: by the training error": PRINTED,
        "Put right: outside of training, by validation rows": RIGHT,
    },
    ("on_training", "on_validation"),
    SHARED,
)
