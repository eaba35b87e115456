"""The rates of dropout."""

from regdash.regularizers import Dropout


def test_one_rate_holds_for_every_hidden_layer() -> None:
    assert Dropout(rate=0.3).per_layer(3) == (0.3, 0.3, 0.3)


def test_rates_of_their_own_take_the_place_of_the_one_rate() -> None:
    assert Dropout(rate=0.3, rates=(0.1, 0.0)).per_layer(2) == (0.1, 0.0)
