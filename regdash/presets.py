"""Ready-made settings that each show one phenomenon, with the setting to compare them with."""

from dataclasses import dataclass

from regdash.datasets import BreastCancer, Digits, HighDimensionalLine, Moons, Split
from regdash.experiment import Experiment, Training, signature
from regdash.networks import MLP, Linear
from regdash.optimizers import SGD, Adam, Exponential


@dataclass(frozen=True)
class Preset:
    """A chip: what it is called, what to look for, the settings behind it and the baseline beside them."""

    label: str
    help: str
    experiment: Experiment
    baseline: Experiment | None = None
    seeds: int = 1


_NOISY_DIGITS = Experiment(
    data=Digits(rows=1000),
    split=Split(train=0.5, label_noise=0.2),
    network=MLP(widths=(256,)),
    optimizer=Adam(0.001),
    training=Training(epochs=200),
)
_TUMOURS = Experiment(
    data=BreastCancer(),
    split=Split(train=0.5),
    network=Linear(),
    optimizer=Adam(0.02),
    schedule=Exponential(decay_rate=0.8, decay_steps=50),
)
_D2L = Experiment(
    data=HighDimensionalLine(),
    split=Split(train=HighDimensionalLine.default_train),
    network=Linear(initializer="unit_normal"),
    optimizer=SGD(0.0015),
    training=Training(epochs=100, batch_size=5),
)

PRESETS: tuple[Preset, ...] = (
    Preset(
        "Overfit on purpose",
        "100 noisy points and a network with 4,417 numbers to adjust: the training loss goes on falling while the "
        "validation loss turns up again. Then move one slider: L2 to 0.002, or dropout to 0.5.",
        Experiment(),
    ),
    Preset(
        "Dropout to the rescue",
        "500 handwritten digits, a fifth of them with a wrong label. Without dropout (the baseline) the network learns "
        "the mistakes by heart; with 0.75 it has to find what many digits share.",
        _NOISY_DIGITS.with_values({"dropout.rate": 0.75}),
        baseline=_NOISY_DIGITS,
        seeds=3,
    ),
    Preset(
        "L1 picks features",
        "Logistic regression on 30 measurements of tumours. Under L1 half of the weights vanish and the validation "
        "accuracy stays; the baseline, without L1, uses every measurement.",
        _TUMOURS.with_values({"l1.l1": 0.01}),
        baseline=_TUMOURS,
    ),
    Preset(
        "Weight decay as in d2l",
        "200 inputs and only 20 training rows: without a penalty (the baseline) the line fits them perfectly and the "
        "rest not at all. L2 shrinks the weights, and the validation loss falls several hundredfold.",
        _D2L.with_values({"l2.l2": 3.0}),
        baseline=_D2L,
    ),
    Preset(
        "Nothing to learn",
        "Half of the training labels are wrong, so they say nothing about the classes. The training loss falls all the "
        "same, and on validation rows the network is no better than a coin.",
        Experiment(data=Moons(), split=Split(label_noise=0.5)),
    ),
)


def popular() -> tuple[Experiment, ...]:
    """What many ask for first: one experiment of each shape among the presets, the default one in front."""
    every = [each for preset in PRESETS for each in (preset.experiment, preset.baseline) if each is not None]
    shapes: dict[object, Experiment] = {}
    for experiment in every:
        shapes.setdefault((signature(experiment), type(experiment.data)), experiment)
    return tuple(shapes.values())
