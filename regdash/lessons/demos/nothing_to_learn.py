"""A regression of noise on noise fits its own rows a little, and other rows worse than a constant."""

from regdash.lessons.demos.programs import program

PRINTED = """
import numpy as np
from sklearn.linear_model import LinearRegression

seen = []
for seed in range(50):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(100, 10)), rng.normal(size=100)  # y knows nothing of X
    seen.append(LinearRegression().fit(X, y).score(X, y))
seen = np.mean(seen)
print(f"R² on the rows it was fitted to: {seen:.3f}")
"""

RIGHT = """
import numpy as np
from sklearn.linear_model import LinearRegression

unseen = []
for seed in range(50):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(100, 10)), rng.normal(size=100)
    X_new, y_new = rng.normal(size=(1000, 10)), rng.normal(size=1000)
    unseen.append(LinearRegression().fit(X, y).score(X_new, y_new))
unseen = np.mean(unseen)
print(f"R² on other rows: {unseen:.3f} (a constant has 0)")
"""

NOTHING_TO_LEARN = program(
    "nothing_to_learn",
    "Ten columns of noise are to explain an eleventh",
    {"As printed: the score of the rows it was fitted to": PRINTED, "Put right: the score of other rows": RIGHT},
    ("seen", "unseen"),
)
