"""Ready-made searches that each show one thing in less than a minute; what their words promise was measured."""

from dataclasses import dataclass, replace

from regdash.datasets import Diabetes, Split
from regdash.experiment import Experiment, Training
from regdash.networks import Linear
from regdash.optimizers import SGD
from regdash.search.dimension import Choice, Range
from regdash.search.objective import Objective
from regdash.search.plan import Plan
from regdash.search.space import Space


@dataclass(frozen=True)
class SearchPreset:
    """A chip: what it is called, what to look for, and the plan; with `race` these strategies run side by side."""

    label: str
    help: str
    plan: Plan
    race: tuple[str, ...] = ()

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans to begin: one, or one for each strategy of the race."""
        return tuple(replace(self.plan, strategy=name) for name in self.race) or (self.plan,)


_L2 = Range("l2.l2", 1e-5, 0.1, log=True, steps=25, off=True)

SEARCH_PRESETS: tuple[SearchPreset, ...] = (
    SearchPreset(
        "8 × 8: dropout against L2",
        "64 combinations with 3 seeds each. At the last epoch the best, some dropout with an L2 of about 0.001, has "
        "little more than half of the validation loss of no regularisation; with only 3 seeds a third of the others "
        "cannot be told from it.",
        Plan(
            Space(
                Experiment(training=Training(epochs=100)),
                (Range("dropout.rate", 0.0, 0.7, steps=8), Range("l2.l2", 1e-5, 0.1, log=True, steps=7, off=True)),
            ),
            strategy="grid",
            objective=Objective(epoch="last", seeds=3),
        ),
    ),
    SearchPreset(
        "How strong?",
        "L2 over four decades and off, over 5 folds. The curve is a valley with a flat bottom, so the best strength is "
        "a matter of luck; the one-standard-error rule goes up the right side and takes two or three times as much.",
        Plan(Space(Experiment(), (_L2,)), strategy="grid", objective=Objective(epoch="last", folds=5)),
    ),
    SearchPreset(
        "Regularisation path",
        "Linear regression on 10 measurements of diabetics, under an L1 penalty that reaches exact zeros: the lasso "
        "path of scikit-learn. Towards stronger penalties one coefficient after the other becomes 0; the validation "
        "error hardly rises until half of them are gone.",
        Plan(
            Space(
                Experiment(
                    data=Diabetes(),
                    split=Split(train=0.7, seed=21),
                    network=Linear(initializer="zeros"),
                    optimizer=SGD(0.2),
                    training=Training(epochs=2000, batch_size=0),
                ),
                (Range("proximal_l1.l1", 1e-3, 1.0, log=True, steps=25, off=True),),
            ),
            strategy="grid",
            objective=Objective(epoch="last", folds=5),
        ),
    ),
    SearchPreset(
        "Which optimizer, which learning rate?",
        "Four optimizers, nine learning rates each, 3 seeds. Each has a best one of its own, that of SGD ten times "
        "that of Adam or more; there they are nearly equally good, and far from it each fails. Four programs in all.",
        Plan(
            Space(
                Experiment(training=Training(epochs=40)),
                (
                    Choice("optimizer", ("sgd", "momentum", "rmsprop", "adam")),
                    Range("optimizer.learning_rate", 1e-4, 1.0, log=True, steps=9),
                ),
            ),
            strategy="grid",
            objective=Objective(epoch="last", seeds=3),
        ),
    ),
    SearchPreset(
        "Random beats a grid",
        "The learning rate matters much here, Adam's two betas little. A grid of 27 points tries 3 learning rates, 27 "
        "random points try 27: over 20 seeds random wins every time. With more steps, or with one that happens to be "
        "right, the grid catches up.",
        Plan(
            Space(
                Experiment(training=Training(epochs=30)),
                (
                    Range("optimizer.learning_rate", 1e-5, 1.0, log=True, steps=3),
                    Range("optimizer.beta_1", 0.5, 0.95, steps=3),
                    Range("optimizer.beta_2", 0.9, 0.999, steps=3),
                ),
            ),
            strategy="random",
            trials=27,
        ),
        race=("grid", "random", "tpe"),
    ),
    SearchPreset(
        "Halving",
        "81 random points get 5 epochs, the best third of them 15, then 45, then 135: a seventh of the epochs that all "
        "would take. What wins is among the first few of the full search, though not always the first.",
        Plan(
            Space(
                Experiment(training=Training(epochs=135)),
                (
                    Range("optimizer.learning_rate", 1e-4, 0.1, log=True),
                    Range("dropout.rate", 0.0, 0.8),
                    Range("l2.l2", 1e-5, 0.1, log=True, off=True),
                ),
            ),
            strategy="random",
            trials=81,
            halving="halving",
        ),
    ),
)
