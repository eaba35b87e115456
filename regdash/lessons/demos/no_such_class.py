"""scikit-learn has no BayesianOptimization."""

from regdash.lessons.demos.programs import program

PRINTED = """
from sklearn.model_selection import BayesianOptimization

search = BayesianOptimization(model, space)
search.search(X, y)
"""

THERE = """
from sklearn import model_selection

found = [name for name in dir(model_selection) if "Search" in name]
print("searches of scikit-learn:", ", ".join(found))
bayesian = sum("bayes" in name.lower() for name in dir(model_selection))
print("names with Bayes in them:", bayesian)
"""

NO_SUCH_CLASS = program(
    "no_such_class",
    "The import at the top of the tutorial",
    {"As printed": PRINTED, "What there is": THERE},
    ("bayesian",),
)
