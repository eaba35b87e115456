"""Tabs of one browser share a session, and know what the others follow."""

import pytest

from regdash.ui import tabs


@pytest.fixture
def tab(monkeypatch):
    """Say in which tab the script runs, and which tabs are open."""
    opened = set()
    monkeypatch.setattr(tabs, "_is_open", lambda name: name in opened)

    def turn_to(name, *closed):
        opened.add(name)
        opened.difference_update(closed)
        monkeypatch.setattr(tabs, "_tab", lambda: name)

    return turn_to


def test_what_another_open_tab_follows_is_known_and_ones_own_is_not_counted(tab):
    tab("one")
    tabs.follow("a-1", ["x", "y"])
    assert tabs.followed_elsewhere("a-1", ["x", "y"]) == set()
    tab("two")
    tabs.follow("a-1", ["y", "z"])
    assert tabs.followed_elsewhere("a-1", ["x", "y", "z"]) == {"x", "y"}


def test_a_tab_that_moved_on_or_was_closed_holds_nothing_back(tab):
    tab("one")
    tabs.follow("a-2", ["x"])
    tabs.follow("a-2", ["z"])
    tab("two")
    assert tabs.followed_elsewhere("a-2", ["x", "z"]) == {"z"}
    tab("two", "one")
    assert tabs.followed_elsewhere("a-2", ["x", "z"]) == set()


def test_tabs_of_other_visitors_are_no_reason(tab):
    tab("one")
    tabs.follow("a-3", ["x"])
    tab("two")
    assert tabs.followed_elsewhere("a-4", ["x"]) == set()
