"""Whose turn it is, how long a run may take, how much a stack may hold, and what happens when something breaks."""

import itertools
import threading

import numpy as np
import pytest
from waves import ONE_EPOCH, advanced, alike, members, rest, trained

from regdash.api import MLP, Convolutional, Digits, Experiment, Linear, Moons, Split, Training, train
from regdash.errors import RegdashError
from regdash.record import pack, unpack
from regdash.training import seat
from regdash.training.crew import Crew, Member
from regdash.training.groups import resting_bytes, stack_bytes
from regdash.training.lane import Lane
from regdash.training.seat import Seat

TINY = Experiment(data=Moons(samples=40), network=Linear(), training=Training(epochs=12, batch_size=0))
OTHER = TINY.with_part("network", MLP(widths=(3,)))


def ticking():
    """A clock that is a second later whenever it is asked: a turn takes one second."""
    return map(float, itertools.count()).__next__


def seeds(experiment, count):
    return [experiment.with_values({"training.seed": seed}) for seed in range(count)]


def test_the_stack_whose_youngest_member_was_served_least_has_the_next_turn_and_every_fourth_is_the_longest_waiting():
    crew = Crew(ONE_EPOCH, clock=ticking())
    crew.add([Member(0, TINY)])
    served = [crew.next()[0] for _ in range(2) if advanced(crew)]
    crew.add([Member(1, OTHER)])
    for _ in range(6):
        served.append(crew.next()[0])
        advanced(crew)
    # seconds of (0, 1) before each turn: (2, 0) (2, 1), the fourth turn: 0 has waited longer, (3, 1) (3, 2) (3, 3) ...
    assert served == [0, 0, 1, 0, 1, 1, 0, 1]


def test_a_newcomer_makes_its_stack_the_youngest():
    crew = Crew(ONE_EPOCH, clock=ticking())
    crew.add([Member(0, TINY), Member(1, OTHER)])
    for _ in range(4):
        advanced(crew)
    for ticket, experiment in ((2, OTHER), (3, TINY)):
        crew.add([Member(ticket, experiment.with_values({"training.seed": 1}))])
        assert ticket in crew.next()
        advanced(crew)


def test_members_of_one_key_are_one_stack_and_one_that_must_be_alone_has_its_own():
    crew = Crew()
    crew.add([*members(seeds(TINY, 3)), Member(3, OTHER), Member(4, TINY, company="itself")])
    assert [(view.members, view.epochs_left) for view in crew.stacks()] == [(3, 12), (1, 12), (1, 12)]
    assert crew.stacks()[0].label == ", ".join(part.label for part in (TINY.data, TINY.network, TINY.optimizer))
    assert crew.tickets == {0, 1, 2, 3, 4}
    rest(crew)
    assert crew.stacks() == []
    assert crew.next() == ()
    assert not crew.turn().ended


def test_beyond_its_most_members_a_second_stack_of_the_key_begins_and_a_place_that_gets_free_is_taken():
    crew = Crew(ONE_EPOCH, max_members=2)
    short = TINY.with_values({"training.epochs": 1})
    crew.add([Member(0, short), Member(1, TINY), Member(2, TINY)])
    assert [view.members for view in crew.stacks()] == [2, 1]
    while 0 in crew.tickets:
        advanced(crew)
    crew.add([Member(3, TINY)])
    assert [view.members for view in crew.stacks()] == [2, 1]
    assert set(rest(crew)) == {1, 2, 3}


def test_a_run_ends_at_the_time_limit_and_keeps_what_it_has_learnt():
    crew = Crew(ONE_EPOCH, max_seconds=5.0, clock=ticking())
    crew.add([Member(0, TINY)])
    record = rest(crew)[0]
    assert record.status == "stopped at the time limit at epoch 5"  # five turns of one second and one epoch each
    np.testing.assert_allclose(record.history["loss"], train(TINY)[0].history["loss"][:5], rtol=1e-5)


def test_a_run_that_is_through_at_the_time_limit_is_finished():
    ended = trained([Member(0, TINY)], max_seconds=12.0, clock=ticking())
    assert ended[0].status == "finished"


def test_a_stack_that_would_not_fit_the_memory_is_split_into_stacks_that_take_turns():
    experiments = seeds(TINY, 5)
    crew = Crew(ONE_EPOCH, memory_bytes=2 * stack_bytes(TINY))
    crew.add(members(experiments))
    assert [view.members for view in crew.stacks()] == [2, 2, 1]
    ended = rest(crew)
    for ticket, record in enumerate(train(experiments)):
        alike(ended[ticket], record)


def test_members_that_the_memory_does_not_hold_at_rest_wait_until_others_have_left():
    crew = Crew(ONE_EPOCH, memory_bytes=2 * resting_bytes(TINY))
    crew.add(members(seeds(TINY, 3)))
    assert sum(view.members for view in crew.stacks()) == 2
    assert crew.tickets == {0, 1, 2}
    assert {record.status for record in rest(crew).values()} == {"finished"}


def test_one_that_waits_for_memory_can_be_cancelled_at_once():
    crew = Crew(ONE_EPOCH, memory_bytes=resting_bytes(TINY))
    crew.add(members(seeds(TINY, 3)))
    advanced(crew)
    crew.cancel([2])
    assert advanced(crew).ended[2].status == "cancelled at epoch 0"
    assert crew.tickets == {0, 1}


def test_one_that_is_larger_than_the_memory_trains_by_itself():
    assert trained([Member(0, TINY)], memory_bytes=1)[0].status == "finished"


def test_a_lane_that_breaks_fails_its_members_with_a_sentence_and_the_others_go_on(monkeypatch):
    whole = Lane.segment

    def breaking(lane, seconds):
        if any(trail.ticket == 1 for trail in lane.trails):
            raise ArithmeticError("the sum\ndoes not add up")
        return whole(lane, seconds)

    crew = Crew(ONE_EPOCH)
    crew.add([Member(0, TINY), Member(1, OTHER)])
    monkeypatch.setattr(Lane, "segment", breaking)
    ended, failed = {}, {}
    while crew.tickets:
        turn = crew.turn()
        ended |= turn.ended
        failed |= turn.failed
    assert failed == {1: "The training stopped with an error of its own (ArithmeticError: the sum does not add up)."}
    alike(ended[0], train(TINY)[0])


def test_a_newcomer_that_cannot_begin_fails_alone(monkeypatch):
    drawn = seat.initial_weights

    def refusing(network, inputs, outputs, seed):
        if seed == 1:
            raise RegdashError("There are no weights for the seed 1.")
        return drawn(network, inputs, outputs, seed)

    monkeypatch.setattr(seat, "initial_weights", refusing)
    crew = Crew()
    crew.add(members(seeds(TINY, 3)))
    turn = crew.turn()
    assert turn.failed == {1: "There are no weights for the seed 1."}
    assert set(turn.ended) | crew.tickets == {0, 2}


def test_cancelled_members_leave_in_the_very_next_turn_with_what_they_have():
    crew = Crew(ONE_EPOCH)
    crew.add([Member(0, TINY), Member(1, OTHER), Member(2, OTHER)])
    while not {0, 1, 2} <= set().union(*(advanced(crew).progress for _ in range(3))):
        pass
    crew.add([Member(3, TINY)])
    crew.cancel([1, 3, 99])
    ended = advanced(crew).ended | advanced(crew).ended
    assert set(ended) == {1, 3}
    done = len(ended[1].history.epochs)
    assert done > 0
    assert ended[1].status == f"cancelled at epoch {done}"
    assert ended[3].status == "cancelled at epoch 0"
    assert unpack(pack(ended[3])).status == ended[3].status
    assert {record.status for record in rest(crew).values()} == {"finished"}


def test_what_a_turn_says_adds_up():
    crew = Crew(ONE_EPOCH)
    crew.add([Member(k, e) for k, e in enumerate(seeds(TINY, 3))])
    turn = advanced(crew)
    assert turn.epochs == 3
    assert turn.seconds > 0
    assert set(turn.progress) == {0, 1, 2}
    assert {(p.epochs_done, p.epochs_total) for p in turn.progress.values()} == {(1, 12)}
    assert turn.progress[0].probe is None
    assert list(turn.progress[0].history.epochs) == [1]


def test_image_networks_are_never_trained_by_two_threads_at_once(monkeypatch):
    images = Experiment(
        data=Digits(rows=50),
        split=Split(train=0.5),
        network=Convolutional(filters=(1,), widths=()),
        training=Training(epochs=2, batch_size=0),
    )
    whole, inside, most = Lane.segment, threading.Semaphore(1), []

    def watched(lane, seconds):
        most.append(inside.acquire(blocking=False))
        found = whole(lane, seconds)
        inside.release()
        return found

    monkeypatch.setattr(Lane, "segment", watched)
    crews = [Crew() for _ in range(2)]
    for crew in crews:
        crew.add(members(seeds(images, 2)))
    threads = [threading.Thread(target=rest, args=[crew]) for crew in crews]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(most)


@pytest.mark.parametrize("members_known", [4, 64])
def test_the_time_of_a_segment_is_foretold_from_the_nearest_known_size(members_known):
    lane = Lane()
    lane.join([(k, Seat(e)) for k, e in enumerate(seeds(TINY, 8))])
    lane.stack.program.seconds_per_epoch.clear()
    assert lane.foretold(1.0) == 5  # nothing is known
    lane.stack.program.seconds_per_epoch |= {(members_known, lane.stack.rows): 0.01, (8, 7): 9.0}
    assert lane.foretold(1.0) == {4: 50, 64: 100}[members_known]  # twice the members take at most twice the time
