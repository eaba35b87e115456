"""Ready-made settings that each show one phenomenon."""

from dataclasses import dataclass

from regdash.datasets import BreastCancer, Digits, HighDimensionalLine, Split
from regdash.experiment import Experiment, Training
from regdash.networks import MLP, Linear
from regdash.optimizers import SGD, Adam
from regdash.regularizers import L1, L2, Dropout


@dataclass(frozen=True)
class Preset:
    """A chip: what it is called, what to look for, and the settings behind it."""

    label: str
    help: str
    experiment: Experiment
    seeds: int = 1


_NOISY_DIGITS = Experiment(
    data=Digits(rows=1000),
    split=Split(train=0.5, label_noise=0.2),
    network=MLP(widths=(256,)),
    training=Training(epochs=200),
)

PRESETS: tuple[Preset, ...] = (
    Preset(
        "Overfit on purpose",
        "500 handwritten digits, a fifth of them with a wrong label. The network learns the mistakes by heart: the "
        "training loss falls to zero while the validation loss turns up again.",
        _NOISY_DIGITS,
    ),
    Preset(
        "Dropout to the rescue",
        "The same digits and wrong labels with dropout 0.5: the gap closes and the validation accuracy rises.",
        _NOISY_DIGITS.with_part("dropout", Dropout(0.5)),
    ),
    Preset(
        "L1 picks features",
        "Logistic regression on 30 measurements of tumours. L1 drives the weights of measurements that do not help "
        "to zero; watch the share of near-zero weights.",
        Experiment(
            data=BreastCancer(),
            split=Split(train=BreastCancer.default_train),
            network=Linear(),
            regularizers=(L1(0.02),),
            optimizer=Adam(0.01),
            training=Training(epochs=150),
        ),
    ),
    Preset(
        "Weight decay as in d2l",
        "200 inputs and only 20 training rows: a line that fits them perfectly and the rest not at all. L2 shrinks "
        "the weights, and the validation loss falls with them.",
        Experiment(
            data=HighDimensionalLine(),
            split=Split(train=HighDimensionalLine.default_train),
            network=Linear(initializer="unit_normal"),
            regularizers=(L2(3.0),),
            optimizer=SGD(0.003),
            training=Training(epochs=100, batch_size=5),
        ),
    ),
)
