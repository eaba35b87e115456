import numpy as np
import pytest
from said import said
from scipy.special import erf

from regdash.cautions.chance import MOMENTS
from regdash.datasets import Digits
from regdash.networks import MLP, Convolutional, Linear, ResidualMLP
from regdash.regularizers import (
    ActivityL1,
    ActivityL2,
    AlphaDropout,
    Dropout,
    GaussianDropout,
    InputDropout,
    SpatialDropout,
)

Z = np.linspace(-12, 12, 400_001)
NORMAL = np.exp(-(Z**2) / 2) / np.exp(-(Z**2) / 2).sum()
BENDS = {
    "relu": np.maximum(Z, 0),
    "tanh": np.tanh(Z),
    "sigmoid": 1 / (1 + np.exp(-Z)),
    "elu": np.where(Z > 0, Z, np.expm1(np.minimum(Z, 0))),
    "gelu": Z * (1 + erf(Z / np.sqrt(2))) / 2,
    "silu": Z / (1 + np.exp(-Z)),
}


@pytest.mark.parametrize("kind", [Dropout, AlphaDropout])
def test_a_layer_that_is_often_switched_off_as_a_whole_is_said_with_its_chance(kind):
    below, above = 0.05**0.25 - 0.001, 0.05**0.25 + 0.001  # of a layer of 4 units: 5 % of the rows
    assert f"{above**4:.0%} of the rows" in said("as a whole", network=MLP(widths=(64, 4)), regularizers=(kind(above),))
    assert not said("as a whole", network=MLP(widths=(64, 4)), regularizers=(kind(below),))


def test_of_layers_with_rates_of_their_own_the_one_most_often_gone_is_said():
    rates = Dropout(rates=(0.9, 0.3))
    assert f"{0.9**3:.0%} of the rows" in said("as a whole", network=MLP(widths=(3, 2)), regularizers=(rates,))


def test_a_skip_connection_passes_by_a_block_that_is_switched_off():
    narrow = ResidualMLP(width=2, blocks=2)
    assert said("as a whole", network=narrow, regularizers=(Dropout(rates=(0.0, 0.0, 0.5)),))
    assert not said("as a whole", network=narrow, regularizers=(Dropout(rates=(0.5, 0.5, 0.0)),))
    plain = ResidualMLP(width=2, blocks=2, skip=False)
    assert said("as a whole", network=plain, regularizers=(Dropout(rates=(0.5, 0.5, 0.0)),))


def test_all_pixels_of_a_feature_map_are_units_for_dropout_and_one_for_spatial_dropout():
    network = Convolutional(filters=(2, 16))
    assert not said("switched off", data=Digits(), network=network, regularizers=(Dropout(0.9),))
    sentence = said("feature maps", data=Digits(), network=network, regularizers=(SpatialDropout(0.23),))
    assert f"{0.23**2:.0%} of the rows (0.23 to the power of 2)" in sentence
    assert not said("feature maps", data=Digits(), network=network, regularizers=(SpatialDropout(0.22),))


def test_hiding_most_of_two_inputs_is_said():
    assert f"{1 - 0.7**2:.0%}" in said("Input dropout", regularizers=(InputDropout(0.3),))
    assert not said("Input dropout", regularizers=(InputDropout(0.29),))
    assert not said("Input dropout", data=Digits(), regularizers=(InputDropout(0.3),))


@pytest.mark.parametrize(
    "regularizer",
    [
        Dropout(0.3),
        GaussianDropout(0.3),
        AlphaDropout(0.3),
        SpatialDropout(0.3),
        ActivityL1(0.01),
        ActivityL2(0.01),
    ],
)
def test_what_acts_on_hidden_units_is_said_to_do_nothing_where_there_are_none(regularizer):
    for network in (Linear(), MLP(widths=())):
        sentence = said("changes nothing", network=network, regularizers=(regularizer,))
        assert sentence.startswith(type(regularizer).label)
    assert not said("hidden layer", regularizers=(regularizer,))


def test_two_that_do_nothing_are_said_in_one_sentence():
    sentence = said("nothing here", network=Linear(), regularizers=(Dropout(0.3), ActivityL1(0.01)))
    assert sentence.startswith("Dropout and Activity L1 change nothing")


def test_spatial_dropout_is_said_to_do_nothing_without_feature_maps():
    assert said("no feature maps", regularizers=(SpatialDropout(0.2),))
    image = {"data": Digits(), "network": Convolutional()}
    assert not said("no feature maps", **image, regularizers=(SpatialDropout(0.2),))


@pytest.mark.parametrize("bend", BENDS)
def test_the_moments_of_a_bend_are_those_of_its_answers_to_a_standard_normal(bend):
    mean = (NORMAL * BENDS[bend]).sum()
    variance = (NORMAL * BENDS[bend] ** 2).sum() - mean**2
    assert MOMENTS[bend] == pytest.approx((mean, variance), abs=6e-5)


@pytest.mark.parametrize(("bend", "rate"), [("relu", 0.1), ("tanh", 0.05), ("elu", 0.3)])
def test_alpha_dropout_without_selu_is_said_with_the_variance_it_makes(bend, rate):
    (mean, variance), kept = MOMENTS[bend], np.array([1.0, 0.0])
    factor, shift = AlphaDropout.affine(kept, rate, np)
    chances = np.array([1 - rate, rate])
    means, squares = factor * mean + shift, factor**2 * variance + (factor * mean + shift) ** 2
    after = (chances * squares).sum() - (chances * means).sum() ** 2
    sentence = said("the variance", network=MLP(activation=bend), regularizers=(AlphaDropout(rate),))
    assert f"{after / variance:.1f} times" in sentence


def test_alpha_dropout_with_selu_or_with_a_variance_nearly_kept_is_not_said():
    for network in (MLP(activation="selu"), MLP(activation="linear")):
        assert not said("the variance", network=network, regularizers=(AlphaDropout(0.1),))
    # elu: 1 + growth is 1.1 between the rates 0.03 and 0.05
    growth = {}
    for rate in (0.01, 0.1):
        factor, _ = AlphaDropout.affine(np.ones(1), rate, np)
        mean, variance = MOMENTS["elu"]
        growth[rate] = float(factor[0] ** 2 * (1 - rate) * (variance + rate * (mean + 1.7581) ** 2) / variance)
    assert growth[0.01] < 1.1 < growth[0.1]
    assert not said("the variance", network=MLP(activation="elu"), regularizers=(AlphaDropout(0.01),))
    assert said("the variance", network=MLP(activation="elu"), regularizers=(AlphaDropout(0.1),))


def test_alpha_dropout_through_many_layers_is_said_with_what_is_left_of_the_means():
    def left(rate, layers):
        factor, shift = AlphaDropout.affine(np.array([1.0, 0.0]), rate, np)
        ahead, zero = (((1 - rate) * (factor[0] * m + shift[0]) + rate * (factor[1] * m + shift[1])) for m in (1, 0))
        assert zero == pytest.approx(0)
        return ahead**layers

    selu = {layers: MLP(widths=(64,) * layers, activation="selu") for layers in (3, 4)}
    assert left(0.1, 4) < 0.5 < left(0.1, 3)
    sentence = said("too sure of itself", network=selu[4], regularizers=(AlphaDropout(0.1),))
    assert f"{left(0.1, 1):.2f} of what a unit says" in sentence
    assert f"{left(0.1, 4):.2f} in all" in sentence
    assert not said("too sure of itself", network=selu[3], regularizers=(AlphaDropout(0.1),))
