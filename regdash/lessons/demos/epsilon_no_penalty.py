"""Adam's epsilon penalises nothing, and its v is no variance."""

from regdash.lessons.demos.programs import program

SHARED = """
import numpy as np

def adam(slope, epsilon, steps=4000, rate=0.01):
    "Follow a slope from w = 0."
    w, m, v = 0.0, 0.0, 0.0
    for t in range(1, steps + 1):
        g = slope(w)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        w -= rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + epsilon)
    return w
"""

PRINTED = """
small, large = (adam(lambda w: 2 * (w - 3), epsilon) for epsilon in (1e-8, 1.0))
print(f"(w - 3)**2 with epsilon 1e-8: w ends at {small:.3f}")
print(f"(w - 3)**2 with epsilon 1: w ends at {large:.3f}")
"""

RIGHT = """
penalised = adam(lambda w: 2 * (w - 3) + 2 * 0.5 * w, 1e-8)
print(f"(w - 3)**2 + 0.5 * w**2: w ends at {penalised:.3f}")
"""

MOMENT = """

gradients, v = np.ones(5000), 0.0  # always the same: no variance
for g in gradients:
    v = 0.999 * v + 0.001 * g**2
variance, moment = gradients.var(), v / (1 - 0.999**5000)
print(f"variance of the gradients: {variance:g}, v: {moment:.3f}")
"""

EPSILON_NO_PENALTY = program(
    "epsilon_no_penalty",
    "What epsilon does to the answer, and what a penalty does",
    {
        "As described: epsilon as a regularisation term": PRINTED,
        "A real penalty: L2 of 0.5": RIGHT,
        "And v is the mean square, not the variance": MOMENT,
    },
    ("small", "large", "penalised", "variance", "moment"),
    SHARED,
)
