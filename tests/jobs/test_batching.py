from regdash.experiment import Experiment
from regdash.jobs.batching import next_stack
from regdash.store.jobs import Waiting
from regdash.training.groups import groups, room, weights


def run(name: str, session: str = "ann", failures: int = 0) -> Waiting:
    """A waiting run; the first letter of its name is its shape."""
    return Waiting(name, name[0], session, failures, False)


def chosen(waiting, served=None, most=64):
    return [each.run_id for each in next_stack(waiting, lambda each: each.experiment, served or {}, most)]


def test_an_empty_queue_gives_no_stack():
    assert chosen([]) == []


def test_the_oldest_run_takes_those_of_its_shape_along():
    assert chosen([run("a1"), run("b1"), run("a2", "bob"), run("b2")]) == ["a1", "a2"]


def test_the_session_served_longest_ago_has_the_first_word():
    queue = [run("a1", "ann"), run("b1", "bob"), run("c1", "cleo")]
    assert chosen(queue, {"ann": 3.0, "bob": 1.0, "cleo": 2.0}) == ["b1"]
    assert chosen(queue, {"ann": 3.0, "bob": 1.0}) == ["c1"]


def test_a_full_stack_is_shared_out_in_turns_and_holds_the_first_of_the_session_in_turn():
    queue = [run(f"a{i}", "ann") for i in range(5)] + [run("a5", "bob"), run("a6", "cleo")]
    assert chosen(queue, most=3) == ["a0", "a5", "a6"]
    assert chosen(queue, {"ann": 1.0, "bob": 1.0}, most=1) == ["a6"]


def test_a_run_that_lost_its_worker_trains_alone():
    assert chosen([run("a1", failures=1), run("a2")]) == ["a1"]
    assert chosen([run("a1"), run("a2", failures=1), run("a3")]) == ["a1", "a3"]


def test_a_stack_of_small_networks_is_full_and_of_the_largest_ones_as_small_as_memory_and_patience_ask():
    small = Experiment()
    wide = small.with_values({"network.widths": (512, 512, 400)})
    assert room(small) >= 256
    assert room(wide) * weights(wide) * 4 <= 2**28  # bytes of one [R, P] array
    assert room(wide.with_values({"data.samples": 5_000, "split.train": 0.9})) <= 2
    experiments = [wide.with_values({"training.seed": seed}) for seed in range(200)]
    stacks = groups(experiments, 256)
    assert [index for stack in stacks for index in stack] == list(range(200))
    assert max(map(len, stacks)) == room(wide) < 200
