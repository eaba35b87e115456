"""L2 makes weights smaller and the function smoother; the spread of the weights keeps its shape."""

from regdash.lessons.demos.programs import program

WEIGHTS = """
import numpy as np

rng = np.random.default_rng(0)
X = np.linalg.qr(rng.normal(size=(100, 20)))[0] * 10  # X.T @ X / 100 is the identity
y = X @ rng.normal(size=20) + rng.normal(size=100)
free = X.T @ y / 100
held = free / (1 + 1.0)                                # ridge with l2 = 1
ratio = lambda w: np.abs(w).max() / np.median(np.abs(w))
before, after = ratio(free), ratio(held)
shrunk = np.linalg.norm(held) / np.linalg.norm(free)
print(f"the norm is multiplied by {shrunk:g}")
print(f"largest weight / median weight: {before:.2f} before, {after:.2f} after")
"""

FUNCTION = """
import numpy as np

rng = np.random.default_rng(0)
x = np.linspace(-1, 1, 20)
y = np.sin(3 * x) + 0.3 * rng.normal(size=20)
powers = lambda x: np.vander(x, 13)
fine = np.linspace(-1, 1, 400)

def bend(l2):
    "Mean size of the second differences of the fitted curve."
    rows = np.vstack([powers(x), np.sqrt(20 * l2) * np.eye(13)])
    w = np.linalg.lstsq(rows, np.append(y, np.zeros(13)), rcond=None)[0]
    return np.abs(np.diff(powers(fine) @ w, 2)).mean()

calmer = bend(0.01) / bend(0)
print(f"with l2 = 0.01 the curve bends {1 / calmer:.0f} times less")
"""

SMALLER_NOT_SMOOTHER = program(
    "smaller_not_smoother",
    "What becomes smooth under L2",
    {"The weights: smaller, and spread as before": WEIGHTS, "The function: smoother": FUNCTION},
    ("before", "after", "shrunk", "calmer"),
)
