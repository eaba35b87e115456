import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash.errors import RegdashError
from regdash.store.names import folded, nickname, title


@pytest.mark.parametrize(
    "name", ["Ann", "Zoë", "Šárka 2", "李小龙", "मीना", "O'Neil", "x_X", "Δημήτρης", "محمد", "7", "Anna-Lena", "กานต์"]
)
def test_names_of_all_sorts_of_people_are_welcome(name):
    assert nickname(name) == unicodedata.normalize("NFKC", name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 25,
        "a\x00b",
        "a\u202eb",  # right-to-left override
        "a\u2066b\u2069",
        "a\u200bb",  # of no width
        "a\ufeffb",
        "<b>Ann</b>",
        "＜script＞",  # becomes <script> when normalised
        "a\ud800b",
        "\ue000",
        "Z" + "\u0327" * 9,  # marks piled up
        "\u0301a",
        "...",
        "\ufdfa" * 20,  # one letter that becomes eighteen
    ],
)
def test_what_would_disturb_a_page_is_refused_with_a_sentence(name):
    with pytest.raises(RegdashError, match=r"^Your nickname must .+\.$") as caught:
        nickname(name)
    assert name not in str(caught.value) or not name


def test_a_title_may_be_left_out():
    assert title("  ") == "Class"
    assert title(" Year  10 ") == "Year 10"
    with pytest.raises(RegdashError, match="The title must have 1 to 80 letters"):
        title("x" * 81)


@given(st.text(max_size=60))
def test_a_nickname_is_short_visible_and_stays_as_it_is(text):
    try:
        name = nickname(text)
    except RegdashError:
        return
    assert 1 <= len(name) <= 24
    assert nickname(name) == name
    assert name.isprintable()
    assert not set(name) & set("<>")
    assert folded(name) == folded(name.upper()) or name.upper().casefold() != name.casefold()
    assert len(folded(name)) <= 48
