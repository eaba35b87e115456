"""Lasso and Ridge mean different things by alpha."""

from regdash.lessons.demos.programs import program

SHARED = """
import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Lasso, LinearRegression, Ridge

X, y = load_diabetes(return_X_y=True)
X, y = (X - X.mean(0)) / X.std(0), (y - y.mean()) / y.std()
n = len(y)
norm = lambda model: np.linalg.norm(model.coef_)
free = norm(LinearRegression().fit(X, y))
"""

PRINTED = """
ridge_share = norm(Ridge(alpha=0.1).fit(X, y)) / free
lasso_share = norm(Lasso(alpha=0.1).fit(X, y)) / free
print(f"Ridge(0.1) leaves {ridge_share:.1%} of the norm, Lasso(0.1) {lasso_share:.1%}")
one, many = (Ridge(0.1, max_iter=k).fit(X, y).coef_ for k in (1, 10000))
iterations = np.abs(one - many).max()
print("difference between max_iter 1 and 10000 for Ridge:", iterations)
"""

RIGHT = """
# per row: Ridge adds alpha / n * sum(w**2), Lasso 2 * alpha * sum(|w|)
ridge_alpha = 0.1 * n
right_share = norm(Ridge(alpha=ridge_alpha).fit(X, y)) / free
print(f"mse + 0.1 * sum(w**2) is Ridge({ridge_alpha:g}): {right_share:.1%} are left")
right_lasso = norm(Lasso(alpha=0.1 / 2).fit(X, y)) / free
print(f"mse + 0.1 * sum(|w|) is Lasso(0.05): {right_lasso:.1%} are left")
"""

SAME_ALPHA = program(
    "same_alpha",
    "Ridge and Lasso with the same alpha",
    {"As printed: alpha = 0.1 for both": PRINTED, "Put right: strengths on the same scale": RIGHT},
    ("ridge_share", "lasso_share", "iterations", "right_share", "right_lasso"),
    SHARED,
)
