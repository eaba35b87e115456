"""A dropout rate of 1 - 1/n leaves one unit of a layer on average, and often none."""

from regdash.lessons.demos.programs import program

PRINTED = """
import numpy as np

rng = np.random.default_rng(0)
for n in (4, 16, 64):
    p = 1 - 1 / n
    kept = (rng.random((20000, n)) >= p).sum(axis=1)
    rate, mean_kept, silent = p, kept.mean(), np.mean(kept == 0)
    print(f"{n} units: p = {p:.3f}, {mean_kept:.2f} kept, none in {silent:.1%} of steps")
"""

RIGHT = """
import numpy as np

rng = np.random.default_rng(0)
for p in (0.2, 0.5, 0.75):  # a choice, to be compared on validation rows
    kept = (rng.random((20000, 64)) >= p).sum(axis=1)
    print(f"64 units: p = {p}, {kept.mean():.1f} kept, none in {np.mean(kept == 0):.1%} of steps")
"""

DROPOUT_RATE_RULE = program(
    "dropout_rate_rule",
    "How many units are left",
    {"As printed: p = 1 - 1/n": PRINTED, "Put right: p is a hyper-parameter": RIGHT},
    ("rate", "mean_kept", "silent"),
)
