"""Dropout that sets weights to zero instead of activations."""

from regdash.lessons.demos.programs import program

PRINTED = """
import numpy as np

weights = np.array([0.8, -1.5, 0.4])  # from three units into one
mask = np.array([1, 0, 1])            # the second unit is dropped
left = np.where(mask, weights, 0.0)
print("weights afterwards:", left)
forgotten = abs(weights[1]) - abs(left[1])
print("what the second unit had learnt is gone")
"""

RIGHT = """
import numpy as np

weights = np.array([0.8, -1.5, 0.4])
mask, p = np.array([1, 0, 1]), 0.5
activations = np.ones(3) * mask / (1 - p)
error = activations @ weights - 1.0
gradient = 2 * error * activations
weights = weights - 0.1 * gradient
print("gradient:", gradient.round(2))
print("weights afterwards:", weights.round(2))
gradient_dropped, kept = gradient[1], weights[1]
"""

ADAM = """
import numpy as np

w, m, v = 0.0, 0.0, 0.0
for t, gradient in ((1, 1.0), (2, 0.0)):  # dropped in the second step
    m = 0.9 * m + 0.1 * gradient
    v = 0.999 * v + 0.001 * gradient**2
    moved = -0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    w += moved
    print(f"step {t}: gradient {gradient:g}, the weight moves by {moved:.3f}")
"""

DROPPED_UNIT = program(
    "dropped_unit",
    "One step of dropout, by the weights and by the activations",
    {
        "As described: the weights of a dropped unit become zero": PRINTED,
        "Put right: its activation becomes zero, the others are scaled": RIGHT,
        "Beware: Adam still moves a weight whose gradient is zero": ADAM,
    },
    ("forgotten", "gradient_dropped", "kept", "moved"),
)
