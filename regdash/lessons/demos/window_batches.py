"""A window from a random place on is no random batch."""

from regdash.lessons.demos.programs import program

PRINTED = """
import numpy as np

rows, batch = 100, 32
drawn, cut = np.zeros(rows), 0
for start in range(rows):          # each start is equally likely
    window = np.arange(rows)[start : start + batch]
    drawn[window] += 1
    cut += len(window) < batch     # yet the sum is divided by 32
truncated = cut / rows
unfair = drawn[50] / drawn[0]
print(f"windows that are cut off at the end: {truncated:.0%}")
print(f"row 50 is drawn {unfair:g} times as often as row 0")
"""

MUTATED = """
import numpy as np

def descend(theta):
    theta -= 0.1 * 2 * theta       # changes the caller's array
    return theta

start = np.array([1.0, 1.0])
descend(start)
changed = start[0]
print("the starting point afterwards:", start)
"""

RIGHT = """
import numpy as np

rng, rows, batch = np.random.default_rng(0), 100, 20
drawn = np.zeros(rows)
for epoch in range(50):
    for places in np.split(rng.permutation(rows), rows // batch):
        drawn[places] += 1
fewest, most = drawn.min(), drawn.max()
print(f"in 50 epochs each row was drawn {fewest:g} to {most:g} times")
"""

WINDOW_BATCHES = program(
    "window_batches",
    "Which rows a batch holds",
    {
        "As printed: X[i : i + batch] from a random i": PRINTED,
        "As printed: theta -= ...": MUTATED,
        "Put right: shuffle once an epoch, and deal out all rows": RIGHT,
    },
    ("truncated", "unfair", "changed", "fewest", "most"),
)
