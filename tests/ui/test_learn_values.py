"""How the numbers of runs are written within the text of a lesson."""

import pytest

from regdash.ui.learn_values import written


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (0.012345, "plain", "0.0123"),
        (1.0, "plain", "1.00"),
        (12.345, "plain", "12.3"),
        (1234.5, "plain", "1234"),
        (0.0, "plain", "0"),
        (-0.5, "plain", "−0.500"),
        (0.0000123, "plain", "1.23 × 10⁻⁵"),
        (0.8432, "percent", "84.3\N{NO-BREAK SPACE}%"),
        (4.6, "whole", "5"),
        (-0.2, "whole", "0"),
        (float("nan"), "plain", "–"),
    ],
)
def test_numbers_in_texts_have_three_digits_that_count(value, form, expected):
    assert written(value, form) == expected
