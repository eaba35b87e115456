import numpy as np
import pytest
from drawn import experiments
from hypothesis import given, settings
from sklearn.linear_model import Lasso

from regdash.cautions import RULES, group_that_kills, l1_that_kills, l2_bound, warnings_before
from regdash.datasets import DATASETS, BreastCancer, Diabetes, Digits, Split, available, samples
from regdash.experiment import Experiment, Training
from regdash.networks import Linear
from regdash.optimizers import SGD, Adam, Momentum, RMSprop
from regdash.regularizers import L1, L2, ElasticNet, GradientClipping, MaxNorm, WeightDecay


def shrinks(optimizer, pull, steps=3000):
    """Whether one weight under the penalty alone, whose gradient is 2 * l2 * w, stays small."""
    w, slots = np.ones(1), tuple(np.zeros(1) for _ in range(optimizer.slots))
    facts = {"momentum": optimizer.momentum, "nesterov": optimizer.nesterov} if optimizer.slots else {}
    l2 = pull / optimizer.learning_rate / 2
    for t in range(1, steps + 1):
        w, *slots = optimizer.step(np, w, 2 * l2 * w, tuple(slots), t, optimizer.learning_rate, **facts)
        if abs(w[0]) > 1e6:
            return False
    return abs(w[0]) < 1


@pytest.mark.parametrize(
    "optimizer", [SGD(0.1), Momentum(0.1, 0.5), Momentum(0.1, 0.9), Momentum(0.1, 0.5, True), Momentum(0.1, 0.9, True)]
)
def test_the_bound_of_the_l2_pull_is_where_the_update_begins_to_diverge(optimizer):
    bound = l2_bound(Experiment(optimizer=optimizer))
    assert shrinks(optimizer, 0.99 * bound)
    assert not shrinks(optimizer, 1.01 * bound)


@pytest.mark.parametrize(("optimizer", "warned"), [(SGD(1.0), True), (Momentum(1.0), True), (Adam(1.0), False)])
def test_too_strong_an_l2_is_said_for_sgd_and_momentum_only(optimizer, warned):
    sentences = warnings_before(Experiment(optimizer=optimizer, regularizers=(L2(5.0),)))
    assert any("overshoots" in sentence for sentence in sentences) == warned


def test_the_l2_advice_is_itself_below_the_bound():
    sentence = next(s for s in warnings_before(Experiment(optimizer=SGD(1.0), regularizers=(L2(5.0),))))
    assert "1 × 2 × 5 = 10 is above 2" in sentence
    assert "below 1 or" in sentence


@pytest.mark.parametrize("optimizer", [SGD(1.0), RMSprop(1.0), Adam(1.0)])
def test_too_strong_a_weight_decay_is_said_for_every_optimizer(optimizer):
    assert any(
        "above 2" in s for s in warnings_before(Experiment(optimizer=optimizer, regularizers=(WeightDecay(3.0),)))
    )
    assert not any("above 2" in s for s in warnings_before(Experiment(regularizers=(WeightDecay(3.0),))))


def test_the_l1_that_kills_a_linear_regression_is_the_end_of_the_lasso_path():
    data = samples(Diabetes(), Split(train=0.5))
    most = l1_that_kills(data)  # Lasso's alpha is l1 / 2
    assert not Lasso(alpha=1.001 * most / 2).fit(data.train.x, data.train.y).coef_.any()
    assert Lasso(alpha=0.98 * most / 2).fit(data.train.x, data.train.y).coef_.any()


@pytest.mark.parametrize("dataset", [BreastCancer(), Digits()])
def test_the_l1_that_kills_a_classifier_is_the_largest_slope_at_zero_weights(dataset):
    data = samples(dataset, Split(train=0.5))
    classes = np.eye(len(data.class_names))[data.train.y.astype(int)]
    shares = classes.mean(axis=0)  # what the best bias alone answers
    slopes = data.train.x.T @ (shares - classes) / len(classes)
    assert l1_that_kills(data) == pytest.approx(np.abs(slopes).max(), rel=1e-5)


@pytest.mark.parametrize("dataset", [BreastCancer(), Digits()])
def test_the_group_lasso_that_kills_a_classifier_is_the_longest_row_of_slopes(dataset):
    data = samples(dataset, Split(train=0.5))
    y = np.eye(10)[data.train.y.astype(int)] if data.task == "multiclass" else data.train.y[:, None]
    slopes = data.train.x.T @ (y - y.mean(axis=0)) / len(y)
    assert group_that_kills(data) == pytest.approx(np.linalg.norm(slopes, axis=1).max(), rel=1e-5)
    assert group_that_kills(data) >= l1_that_kills(data)


def test_the_shares_of_the_elastic_net_count_as_l1_and_l2():
    pull = Experiment(optimizer=SGD(1.0), regularizers=(L2(0.6), ElasticNet(1.0, l1_ratio=0.55)))
    sentence = next(s for s in warnings_before(pull) if "overshoots" in s)
    assert "1 × 2 × 1.05 = 2.1 is above 2" in sentence
    assert "(elastic net included)" in sentence
    net = Experiment(regularizers=(L1(0.05), ElasticNet(0.1, l1_ratio=0.5)))
    assert "An L1 strength of 0.1 (elastic net included)" in warnings_before(net)[0]
    assert warnings_before(Experiment(regularizers=(L1(0.04), ElasticNet(0.1, l1_ratio=0.5)))) == ()


@pytest.mark.parametrize("limit", [MaxNorm(3.0), GradientClipping(clipnorm=1.0)])
def test_weights_that_cannot_grow_are_not_said_to_grow(limit):
    experiment = Experiment(optimizer=SGD(1.0), regularizers=(L2(1.1), limit))
    assert not any("without end" in sentence for sentence in warnings_before(experiment))


def test_l1_and_l2_that_kill_a_network_are_said():
    assert "drives every weight" in warnings_before(Experiment(regularizers=(L1(0.1),)))[0]
    assert "flattens" in warnings_before(Experiment(regularizers=(L2(0.3),)))[0]
    assert warnings_before(Experiment(regularizers=(L1(0.05), L2(0.2)))) == ()
    assert warnings_before(Experiment(data=BreastCancer(), network=Linear(), regularizers=(L1(0.1),))) == ()


def test_the_default_experiment_has_nothing_to_be_said():
    assert warnings_before(Experiment()) == ()


def test_every_rule_stands_once_and_states_its_formula():
    assert len(set(RULES)) == len(RULES)
    assert all(rule.__doc__ for rule in RULES)


@pytest.mark.parametrize("kind", [d for d in DATASETS if available(d())])
def test_no_data_set_is_warned_of_with_its_own_defaults(kind):
    data = kind()
    split, whole = Split(train=data.default_train), Training(batch_size=0)
    assert warnings_before(Experiment(data=data, split=split, training=whole)) == ()


@given(experiments().filter(lambda experiment: available(experiment.data)))
@settings(max_examples=60, deadline=None)
def test_every_experiment_gets_sentences_of_an_end_and_no_fault(experiment):
    assert all(sentence[0].isupper() and sentence[-1] == "." for sentence in warnings_before(experiment))
