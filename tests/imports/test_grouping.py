"""Names that differ in a number only are offered as seeds of one setting."""

import numpy as np
import pytest

from regdash.comparison.imported import Imported, clean_name, from_bytes, to_bytes
from regdash.errors import RegdashError
from regdash.imports import grouped, groups, sure
from regdash.imports.grouping import stem
from regdash.record import History


def curves(name, *losses):
    return Imported(name, "CSV of curves", (History({"val_loss": np.array(losses or (1.0,))}),))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("run-0", "run"),
        ("run_12", "run"),
        ("plain/seed-3", "plain"),
        ("plain/seed-3-fold-1", "plain"),
        ("log 2", "log"),
        ("seed0", "seed"),
        ("L2 0.01", "L2 0.01"),
        ("l2=0.1", "l2=0.1"),
        ("moons", "moons"),
        ("7", "7"),
        ("", ""),
    ],
)
def test_the_number_of_a_seed_is_told_from_that_of_a_setting(name, found):
    assert stem(name) == found


def test_curves_with_a_common_stem_become_one_setting():
    imported = [curves("run-0", 1.0), curves("other"), curves("run-1", 2.0), curves("dropout 5"), curves("dropout 3")]
    assert groups(imported) == {"run": [0, 2], "dropout": [3, 4]}
    assert sure(imported, [0, 2])
    assert not sure(imported, [3, 4])
    found = grouped(imported, {"run": [0, 2]})
    assert [each.name for each in found] == ["run", "other", "dropout 5", "dropout 3"]
    assert [each["val_loss"].tolist() for each in found[0].histories] == [[1.0], [2.0]]


def test_curves_come_back_as_they_were_kept():
    imported = Imported(
        "a", "TensorBoard", (History({"val_loss": np.array([1 / 3, np.nan, np.inf]), "r2": np.arange(3.0)}),)
    )
    found = from_bytes("b", "TensorBoard", to_bytes(imported))
    assert found.name == "b"
    for name, column in imported.histories[0].items():
        np.testing.assert_array_equal(found.histories[0][name], column)


@pytest.mark.parametrize("data", [b"", b"x", to_bytes(curves("a"))[:-5], __import__("zlib").compress(b"[3]")])
def test_damaged_curves_are_a_sentence(data):
    with pytest.raises(RegdashError, match="the kept curves of a are damaged"):
        from_bytes("a", "CSV", data)


def test_too_many_numbers_are_not_kept():
    wide = {f"c{k}": np.random.default_rng(k).random(10_000) for k in range(100)}
    with pytest.raises(RegdashError, match="has too many numbers"):
        to_bytes(Imported("a", "CSV", (History(wide | {"val_loss": np.zeros(10_000)}),)))


def test_a_name_is_one_line_of_what_can_be_printed():
    assert clean_name("a\n\tb\x00 c") == "a b c"
    assert clean_name(" \x07 ") == "Imported"
    assert len(clean_name("x" * 500)) == 80
