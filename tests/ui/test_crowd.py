"""The more sessions wait, and the slower the machine is, the less often each looks."""

from regdash.ui.pace import FEW, INLINE, INTERVALS, SILENT, Crowd


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def crowd(sessions, seconds=0.0):
    found = Crowd(Clock())
    for number in range(sessions):
        found.note(f"session {number}", True, seconds)
    return found


def test_a_lone_visitor_sees_curves_grow_and_short_runs_finished_at_once():
    alone = crowd(1)
    assert (alone.interval(), alone.patience(), alone.between_drawings()) == (INTERVALS[0], INLINE, 0.0)


def test_all_looks_together_leave_most_of_a_core_free():
    for sessions in (1, 10, 30, 100, 200):
        assert sessions * 0.004 / crowd(sessions).interval() <= 0.25  # a look takes some 4 ms


def test_a_class_does_not_wait_within_reruns_and_draws_growing_curves_less_often():
    many = crowd(100)
    assert many.patience() == 0.0
    assert many.between_drawings() > 2 * many.interval() > 0
    assert crowd(FEW).patience() == INLINE


def test_on_a_busy_machine_looks_take_longer_and_come_less_often():
    assert crowd(30, seconds=0.05).interval() > crowd(30, seconds=0.002).interval()
    assert crowd(1_000, seconds=10.0).interval() == INTERVALS[-1]


def test_sessions_count_until_their_runs_end_or_their_tabs_close():
    clock = Clock()
    found = Crowd(clock)
    found.note("ann", True)
    found.note("bob", True)
    found.note("bob", True)
    assert found.size() == 2
    found.note("ann", False)
    found.note("ann", False)
    assert found.size() == 1
    clock.now += SILENT + 1
    assert found.size() == 0
