"""A gradient of L2 that is the one of L1, and a shape that does not fit."""

from regdash.lessons.demos.programs import program

SHARED = """
import numpy as np

rng = np.random.default_rng(0)
X = rng.normal(size=(100, 1))
y = 3 * X + 0.5 * rng.normal(size=(100, 1))
rate, strength = 0.05, 1.0
"""

PRINTED = """
w = np.zeros(1)
for step in range(1000):
    y_pred = X * w
    w -= rate * (2 * (y_pred - y) + strength * np.sign(w))
print(w)
"""

SIGN = """
w = np.zeros(1)
for step in range(1000):
    error = X @ w - y[:, 0]
    w -= rate * (2 * X.T @ error / 100 + strength * np.sign(w))
with_sign = w[0]
print(f"w = {with_sign:.4f}")
"""

RIGHT = """
w = np.zeros(1)
for step in range(1000):
    error = X @ w - y[:, 0]
    w -= rate * (2 * X.T @ error / 100 + 2 * strength * w)
with_l2 = w[0]
print(f"w = {with_l2:.4f}")
"""

L2_GRADIENT_BY_SIGN = program(
    "l2_gradient_by_sign",
    "Gradient descent with an L2 penalty, written by hand",
    {
        "As printed": PRINTED,
        "The shape mended, the sign left: that is L1": SIGN,
        "Put right: the gradient of strength * w**2 is 2 * strength * w": RIGHT,
    },
    ("with_sign", "with_l2"),
    SHARED,
)
