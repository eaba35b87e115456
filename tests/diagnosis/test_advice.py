import pytest
from drawn import experiments
from hypothesis import given
from hypothesis import strategies as st

from regdash.datasets import Split
from regdash.diagnosis import Measures
from regdash.diagnosis.advice import against_divergence, against_emptiness, less_regularization, longer
from regdash.diagnosis.advice import more_regularization as more
from regdash.experiment import Experiment
from regdash.networks import MLP, Linear
from regdash.optimizers import SGD, Adam
from regdash.regularizers import L1, L2, Dropout, EarlyStopping, InputDropout, WeightDecay

M = Measures(100, 40, 0.3, 0.5, 0.1, 0.2, 0.1, 0.0, 0.0, 0.69)
SPENT = (EarlyStopping(10), L2(10.0), Dropout(0.9))


@pytest.mark.parametrize(
    ("advice", "words"),
    [
        (against_emptiness(Experiment(regularizers=(L1(1e-6),))), "Switch the L1 strength off"),
        (against_emptiness(Experiment(regularizers=(L2(3.0), L1(0.3)))), "L1 strength from 0.3 to 0.02"),
        (against_emptiness(Experiment(regularizers=(WeightDecay(5.0),))), "weight decay from 5 to 0.5"),
        (against_emptiness(Experiment(optimizer=SGD(0.01))), "learning rate from 0.01 to 0.1"),
        (against_emptiness(Experiment(optimizer=SGD(10.0))), "seed 1"),
        (against_divergence(Experiment(optimizer=SGD(1e-5)))[1], "another optimizer"),
        (against_divergence(Experiment(optimizer=SGD(5.0)))[1], "learning rate from 5 to 0.5"),
        (more(Experiment(regularizers=(L2(10.0), Dropout(0.3))), M), "Stop early with a patience of 10 epochs"),
        (more(Experiment(optimizer=SGD(0.2), regularizers=(L2(4.0),)), M), "Stop early"),
        (more(Experiment(regularizers=(EarlyStopping(10), L2(10.0), Dropout(0.55))), M), "from 0.55 to 0.75"),
        (more(Experiment(regularizers=SPENT), M), "a share of 0.5 instead of 0.25"),
        (more(Experiment(split=Split(train=0.9), regularizers=SPENT), M), "smaller network: 32-32"),
        (more(Experiment(split=Split(train=0.9), network=MLP((1,)), regularizers=SPENT), M), "Train for 40 epochs"),
        (less_regularization(Experiment(regularizers=(Dropout(0.7),))), "dropout from 0.7 to 0.35"),
        (less_regularization(Experiment(regularizers=(Dropout(rates=(0.8, 0.2)),))), "per layer: 0.4, 0.1"),
        (less_regularization(Experiment(regularizers=(InputDropout(0.2),))), "input dropout off"),
        (less_regularization(Experiment()), "wider hidden layers: 128-128"),
        (less_regularization(Experiment(network=Linear(), optimizer=SGD(10.0))), "with hidden layers."),
        (less_regularization(Experiment(network=MLP((512,)), optimizer=Adam(5.0))), "learning rate from 5 to 10"),
        (less_regularization(Experiment(network=MLP((512,)), optimizer=Adam(10.0))), "at its limit"),
        (longer(Experiment().with_values({"training.epochs": 1500}), M), "2000 epochs instead of 1500"),
        (longer(Experiment(optimizer=SGD(0.1)).with_values({"training.epochs": 2000}), M), "rate from 0.1 to 0.2"),
        (longer(Experiment(regularizers=(EarlyStopping(150),)), M), "from 150 to 200 epochs"),
    ],
)
def test_advice_stays_within_the_limits_of_the_settings(advice, words):
    assert words in advice.sentence


@given(experiments(), st.integers(1, 2000), st.integers(1, 2000))
def test_whatever_is_advised_can_be_set_and_changes_something(experiment, best, epochs):
    m = Measures(max(best, epochs), best, 0.3, 0.5, 0.1, 0.2, 0.1, 0.0, 0.0, 0.69)
    advised = (
        against_emptiness(experiment),
        against_divergence(experiment)[1],
        more(experiment, m),
        less_regularization(experiment),
        longer(experiment, m),
    )
    for advice in advised:
        if advice.changes:
            assert experiment.with_values(advice.changes) != experiment
        assert advice.sentence.endswith(".")
