from regdash.jobs.pace import Pace


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_runs_and_epochs_are_counted_over_one_minute_and_speed_over_the_time_at_work():
    clock = Clock()
    pace = Pace(clock)
    clock.now = 10.0
    pace.trained(0, at_work=False)
    clock.now = 14.0
    pace.trained(1_200, at_work=True)
    pace.ended(6)
    assert pace.figures() == {"members_per_s": 6 / 60, "epochs_per_s": 1_200 / 60, "speed": 1_200 / 4}


def test_what_is_older_than_a_minute_is_forgotten():
    clock = Clock()
    pace = Pace(clock)
    pace.ended(6)
    clock.now = 61.0
    assert pace.figures() == {"members_per_s": 0.0, "epochs_per_s": 0.0, "speed": 0.0}
