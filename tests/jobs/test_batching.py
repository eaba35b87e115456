from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from regdash.jobs.batching import Room, company, next_runs, together
from regdash.store.jobs import Waiting

WIDE = Room(runs=1_000, each=1_000, stacks=1_000)


def run(name: str, session: str = "ann") -> Waiting:
    """A waiting run; the first letter of its name is its shape."""
    return Waiting(name, name[0], session, 0, False, 0, "")


def shape(each: Waiting) -> str:
    return each.experiment


def chosen(waiting, training=None, live=None, room=WIDE):
    return [each.run_id for each in next_runs(waiting, shape, training or {}, live or {}, room)]


def test_an_empty_queue_gives_nothing():
    assert chosen([]) == []


def test_sessions_take_turns_and_each_ones_oldest_comes_first():
    queue = [run("a1", "ann"), run("a2", "ann"), run("a3", "ann"), run("a4", "bob"), run("a5", "cleo")]
    assert chosen(queue) == ["a1", "a4", "a5", "a2", "a3"]


def test_who_has_less_in_training_comes_first():
    queue = [run("a1", "ann"), run("a2", "bob")]
    assert chosen(queue, training={"ann": 2, "bob": 0}, room=Room(1, 9, 9)) == ["a2"]


def test_no_more_are_taken_than_there_is_room_for():
    queue = [run(f"a{i}", "ann") for i in range(9)]
    assert chosen(queue, room=Room(runs=4, each=9, stacks=9)) == ["a0", "a1", "a2", "a3"]


def test_one_session_never_has_more_in_training_than_it_may():
    queue = [run(f"a{i}", "ann") for i in range(5)] + [run("a7", "bob")]
    assert chosen(queue, training={"ann": 1}, room=Room(runs=9, each=3, stacks=9)) == ["a7", "a0", "a1"]


def test_a_session_that_has_nobody_beside_it_may_have_a_whole_stack():
    alone, room = [run(f"a{i}", "ann") for i in range(9)], Room(runs=99, each=2, stacks=9, alone=8)
    assert len(chosen(alone, room=room)) == 8
    assert len(chosen(alone, training={"ann": 5, "bob": 0}, room=room)) == 3


def test_as_soon_as_another_waits_or_trains_a_session_has_no_more_than_its_share():
    alone, room = [run(f"a{i}", "ann") for i in range(9)], Room(runs=99, each=2, stacks=9, alone=8)
    assert chosen([*alone, run("b1", "bob")], room=room) == ["a0", "b1", "a1"]
    assert chosen(alone, training={"bob": 1}, room=room) == ["a0", "a1"]
    assert chosen([*alone, run("b1", "bob")], training={"ann": 8}, room=room) == ["b1"]


def test_a_new_shape_waits_while_all_places_for_stacks_are_taken_and_a_known_one_joins():
    queue = [run("b1", "ann"), run("a1", "bob"), run("c1", "cleo")]
    assert chosen(queue, live={"a": 3, "x": 1}, room=Room(runs=9, each=9, stacks=2)) == ["a1"]
    assert chosen(queue, live={"a": 3, "x": 0}, room=Room(runs=9, each=9, stacks=2)) == ["b1", "a1"]


def test_runs_come_together_by_their_shape_in_their_first_order():
    groups = together([run("b1"), run("a1"), run("b2"), run("a2")], shape)
    assert [[each.run_id for each in group] for group in groups] == [["b1", "b2"], ["a1", "a2"]]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["ann", "bob", "cleo"])), max_size=40),
    st.integers(0, 12),
    st.integers(1, 6),
    st.integers(1, 3),
)
def test_whatever_waits_the_room_is_kept_and_nobody_is_two_ahead_of_another_who_waits(queue, runs, each, stacks):
    waiting = [Waiting(f"{i}", kind, session, 0, False, 0, "") for i, (kind, session) in enumerate(queue)]
    taken = next_runs(waiting, shape, {}, {}, Room(runs, each, stacks))
    assert len(taken) == len({run.run_id for run in taken}) <= runs
    assert len({shape(run) for run in taken}) <= stacks
    counts = Counter(run.session for run in taken)
    assert max(counts.values(), default=0) <= each
    if stacks == 3:  # then no run is passed over for its shape
        left = {run.session for run in waiting if run not in taken}
        assert all(counts[session] >= max(counts.values(), default=0) - 1 for session in left)


def test_a_run_that_was_there_when_a_worker_was_lost_is_tried_in_small_company_and_then_alone():
    runs = [Waiting(f"{i:02x}" + "0" * 18, "a", "ann", failures, False) for failures in (0, 1, 2) for i in range(64)]
    companies = [{company(each) for each in runs if each.failures == failures} for failures in (0, 1, 2)]
    assert [len(names) for names in companies] == [1, 8, 64]
    assert not companies[0] & companies[1] & companies[2]
