import math
import re

import pytest

from regdash.datasets import Diabetes, Digits
from regdash.experiment import Experiment
from regdash.networks import Convolutional
from regdash.regularizers import REGULARIZERS
from regdash.ui.extras import added
from regdash.ui.formula import beside, number, objective


def setting(**values):
    return Experiment().with_values({path.replace("__", "."): value for path, value in values.items()})


def read(tex):
    """The number that a reader sees: 3.16, 10^{-5}, 2.1·10^{-5}."""
    digits, power = re.fullmatch(r"([\d.]+?)??(?:\\cdot )?(?:10\^\{-(\d+)\})?", tex).groups()
    return float(digits or 1) * 10.0 ** -int(power or 0)


@pytest.mark.parametrize("value", [0.001, 0.0316, 1.0, 3.0, 1e-4, 1e-5, 2e-5, 1.1e-5, 2.1e-5, 3.16e-5, 9.91e-6, 1e-10])
def test_a_number_reads_as_its_value(value):
    assert math.isclose(read(number(value)), value, rel_tol=1e-9)


def test_small_numbers_are_written_as_powers_of_ten():
    assert number(1e-5) == "10^{-5}"
    assert number(2.1e-6) == r"2.1\cdot 10^{-6}"
    assert number(1e-4) == "0.0001"


def test_without_a_penalty_the_objective_is_the_data_loss_alone():
    assert objective(Experiment()).endswith(r"\text{mean cross-entropy}")
    assert objective(Experiment(data=Diabetes())).endswith(r"\text{mean squared error}")
    assert "sum" not in objective(Experiment())


def test_each_penalty_in_use_is_a_term_with_its_strength():
    assert objective(setting(l1__l1=0.001)).endswith(r"\;+\; 0.001\,{\textstyle\sum}\,|w|")
    assert objective(setting(l2__l2=0.02)).endswith(r"\;+\; 0.02\,{\textstyle\sum}\,w^2")
    assert objective(setting(l1__l1=0.001, l2__l2=0.02)).count(r"\sum") == 2


def test_the_elastic_net_adds_its_shares_to_those_of_l1_and_l2():
    net = {"elastic_net__strength": 0.01, "elastic_net__l1_ratio": 0.25}
    assert objective(setting(**net)) == objective(setting(l1__l1=0.0025, l2__l2=0.0075))
    assert objective(setting(l1__l1=0.001, l2__l2=0.01, **net)) == objective(setting(l1__l1=0.0035, l2__l2=0.0175))
    assert beside(setting(**net)) == ()


@pytest.mark.parametrize(
    ("path", "term"),
    [
        ("group_lasso__strength", r"0.01\,{\textstyle\sum}\,\lVert w_i\rVert"),
        ("activity_l1__strength", r"0.01\,{\textstyle\sum}\,|a|"),
        ("activity_l2__strength", r"0.01\,{\textstyle\sum}\,a^2"),
    ],
)
def test_penalties_on_groups_and_activations_are_terms_too(path, term):
    assert objective(setting(**{path: 0.01})).endswith(rf"\;+\; {term}")
    assert beside(setting(**{path: 0.01})) == ()


@pytest.mark.parametrize("kind", REGULARIZERS, ids=lambda kind: kind.name)
def test_every_regulariser_in_use_is_a_term_or_stands_beside(kind):
    images = Experiment(data=Digits(), network=Convolutional())
    used = added(images, kind)
    assert (objective(used) != objective(images)) + len(beside(used)) == 1


def test_what_is_no_term_of_the_objective_is_not_in_it():
    others = setting(dropout__rate=0.5, input_dropout__rate=0.1, weight_decay__weight_decay=0.1)
    assert objective(others) == objective(Experiment())


def test_nothing_stands_beside_the_objective_when_all_is_off():
    assert beside(Experiment()) == ()
    assert beside(setting(dropout__rates=(0.0, 0.0))) == ()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"dropout__rate": 0.5}, "dropout 0.5"),
        ({"dropout__rates": (0.2, 0.0)}, "dropout 0.2 and 0"),
        ({"input_dropout__rate": 0.1}, "input dropout 0.1"),
        ({"early_stopping__patience": 10}, "stops after 10 epochs without improvement"),
        ({"early_stopping__patience": 1}, "stops after 1 epoch without improvement"),
        ({"max_norm__max_value": 3.0}, "‖w‖ ≤ 3 for each unit"),
        ({"unit_norm__on": True}, "‖w‖ = 1 for each unit"),
        ({"proximal_l1__l1": 0.02, "optimizer__learning_rate": 0.05}, "w moves by 0.001 towards 0 per step"),
        ({"gradient_clipping__clipnorm": 1.0}, "gradient of each layer clipped at length 1"),
        ({"gradient_clipping__clipvalue": 0.5}, "gradient entries cut at ±0.5"),
        ({"gradient_clipping__global_clipnorm": 2.0}, "gradient clipped at length 2"),
        ({"input_noise__stddev": 0.1}, "input noise 0.1"),
        ({"label_smoothing__smoothing": 0.1}, "label smoothing 0.1"),
        ({"mixup__alpha": 0.2}, "mixup 0.2"),
        ({"gaussian_dropout__rate": 0.3}, "Gaussian dropout 0.3"),
        ({"alpha_dropout__rate": 0.1}, "alpha dropout 0.1"),
    ],
)
def test_what_is_on_stands_beside_the_objective(values, words):
    assert beside(setting(**values)) == (words,)


def test_weight_decay_shrinks_by_learning_rate_times_decay():
    found = beside(setting(weight_decay__weight_decay=0.2, optimizer__learning_rate=0.05))
    assert found == (f"w shrinks by {0.05 * 0.2:g} of itself per step",)
