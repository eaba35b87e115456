import time

import pytest

from regdash.ui import room_times


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "less than a minute"), (61, "1 minute"), (3_600, "1 hour"), (7_140, "2 hours"), (86_400 * 14, "14 days")],
)
def test_a_length_of_time_is_said_in_its_largest_unit(seconds, words):
    assert room_times.span(seconds) == words


def test_a_room_is_open_or_has_ended():
    assert room_times.ends(time.time() + 7_230).startswith("Open until ")
    assert room_times.ends(time.time() + 7_230).endswith("for another 2 hours.")
    assert room_times.ends(1_700_000_000.0) == "Ended on Tue 14 Nov, 22:13."
