from regdash.ui.kept import KEPT, kept


def test_what_was_drawn_is_drawn_once_for_everybody():
    made = []

    def make():
        made.append(1)
        return b"card"

    assert [kept(("once", 1), make) for _ in range(3)] == [b"card"] * 3
    assert len(made) == 1


def test_nothing_is_kept_as_well():
    made = []
    for _ in range(2):
        assert kept(("nothing", 1), lambda: made.append(1)) is None
    assert len(made) == 1


def test_what_was_not_wanted_for_longest_is_forgotten():
    kept(("first", 1), lambda: "first")
    for number in range(KEPT):
        kept(("other", number), lambda: "other")
    assert kept(("first", 1), lambda: "again") == "again"
