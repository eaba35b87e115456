import numpy as np
import pytest

from regdash.errors import RegdashError
from regdash.jobs.partial import Partial, pack_partial, unpack_partial
from regdash.record import History, Probe

HISTORY = History({"loss": np.array([3.0, 2.0], np.float32), "l2_norm/hidden_1": np.array([1.0, 4.0], np.float32)})


def test_curves_so_far_come_back_in_their_order():
    back = unpack_partial(pack_partial(Partial(HISTORY, None)))
    assert {name: column.tolist() for name, column in back.history.items()} == {
        "loss": [3.0, 2.0],
        "l2_norm/hidden_1": [1.0, 4.0],
    }
    assert list(back.history) == list(HISTORY)
    assert back.probe is None


def test_the_probe_comes_back():
    probe = Probe(np.array([1, 2]), np.arange(18, dtype=np.uint8).reshape(2, 3, 3, 1), np.arange(3.0), np.arange(3.0))
    back = unpack_partial(pack_partial(Partial(HISTORY, probe))).probe
    assert back.answers.dtype == np.uint8
    assert all(np.array_equal(getattr(back, name), getattr(probe, name)) for name in ("epochs", "answers", "x", "y"))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"nonsense" * 100, pack_partial(Partial(HISTORY, None))[:-30]])
def test_damaged_bytes_are_an_error_with_a_sentence(data):
    with pytest.raises(RegdashError, match="damaged"):
        unpack_partial(data)
