"""What RMSprop mends is the ever shorter step of AdaGrad, not the gradient."""

from regdash.lessons.demos.programs import program

STEPS = """
import numpy as np

total, mean, rate = 0.0, 0.0, 0.01
for t in range(1, 1001):
    g = 1.0                               # always the same gradient
    total += g**2                         # AdaGrad: the sum
    mean = 0.9 * mean + 0.1 * g**2        # RMSprop: a running mean
adagrad, rmsprop = rate / np.sqrt(total), rate / np.sqrt(mean)
print(f"step 1000: AdaGrad moves {adagrad:.6f}, RMSprop {rmsprop:.6f}")
"""

DEEP = """
import numpy as np

rng = np.random.default_rng(0)
layers = [rng.normal(size=(16, 16)) / 4 for _ in range(20)]
sigmoid = lambda z: 1 / (1 + np.exp(-z))
h, slopes = rng.normal(size=16), []
for W in layers:
    h = sigmoid(W @ h)
    slopes.append(h * (1 - h))
g = np.ones(16)
for W, slope in zip(layers[::-1], slopes[::-1]):
    g = W.T @ (g * slope)
vanished = np.linalg.norm(g) / 4
print(f"20 sigmoid layers: the gradient is {vanished:.0e} of what it was at the top,")
print("and no optimizer appears in this program")
"""

ADAGRAD_AND_RMSPROP = program(
    "adagrad_and_rmsprop",
    "What RMSprop does, and what makes gradients vanish",
    {"What RMSprop mends: the step of AdaGrad": STEPS, "Where gradients vanish: in the network": DEEP},
    ("adagrad", "rmsprop", "vanished"),
)
