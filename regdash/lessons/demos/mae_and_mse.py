"""The mean absolute error is not the mean squared error."""

from regdash.lessons.demos.programs import program

PRINTED = """
from sklearn.metrics import mean_absolute_error

y_true, y_pred = [1, 2, 3, 4], [2, 3, 4, 9]
mae = mean_absolute_error(y_true, y_pred)
print("mean squared error:", mae)  # so it says, and it is not
"""

RIGHT = """
from sklearn.metrics import mean_absolute_error, mean_squared_error

y_true, y_pred = [1, 2, 3, 4], [2, 3, 4, 9]
mse = mean_squared_error(y_true, y_pred)
print("mean absolute error:", mean_absolute_error(y_true, y_pred))
print("mean squared error:", mse)
"""

MAE_AND_MSE = program(
    "mae_and_mse",
    "Four predictions, of which one is far off",
    {"As printed": PRINTED, "Put right": RIGHT},
    ("mae", "mse"),
)
