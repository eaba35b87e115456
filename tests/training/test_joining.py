"""A member that joins a stack in the middle of its training gets what it gets alone, and so does everyone else."""

import numpy as np
import pytest
from waves import ONE_EPOCH, advanced, alike, members, rest, same_looks, trained

from regdash.api import (
    MLP,
    SGD,
    Convolutional,
    Digits,
    Dropout,
    EarlyStopping,
    Experiment,
    Exponential,
    HighDimensionalLine,
    ImageFlip,
    ImageShift,
    InputNoise,
    Linear,
    Mixup,
    Moons,
    ReduceOnPlateau,
    Split,
    Training,
    train,
)
from regdash.training import live
from regdash.training.crew import Crew, Member
from regdash.training.program import trace_count
from regdash.training.warm import warm

BASE = Experiment(data=Moons(samples=120), network=MLP(widths=(8, 6)), training=Training(epochs=10, batch_size=16))


@pytest.fixture(autouse=True)
def one_lane(monkeypatch):
    """All members of a key share one lane, so that each who comes joins the others."""
    monkeypatch.setattr(live, "LANES", 1)


def late_equals_alone(experiments, **options):
    """Let the experiments join one by one; each must get what it gets alone."""
    ended = trained(*([member] for member in members(experiments)), **options)
    for ticket, experiment in enumerate(experiments):
        alike(ended[ticket], train(experiment)[0])


def test_members_that_join_late_get_what_they_get_alone():
    late_equals_alone(
        [
            BASE,
            BASE.with_values({"dropout.rates": (0.1, 0.5), "training.seed": 7}),
            BASE.with_values({"l1.l1": 0.01, "l2.l2": 0.02, "weight_decay.weight_decay": 0.3, "training.epochs": 14}),
            BASE.with_values({"optimizer.learning_rate": 0.1}).with_part(
                "early_stopping", EarlyStopping(patience=2, restore_best=True)
            ),
            BASE.with_part("schedule", Exponential(decay_steps=5, warmup=7)),
            BASE.with_values({"training.epochs": 3, "training.seed": 2}),
        ]
    )


def test_a_member_with_other_rows_may_join_and_nobody_notices():
    others = [{"data.noise": 0.4}, {"split.seed": 3, "training.seed": 1}, {}, {"dropout.rate": 0.3}]
    late_equals_alone([BASE, *(BASE.with_values(changes) for changes in others)])


def test_folds_join_one_after_another_and_each_keeps_its_own_rows():
    late_equals_alone([BASE.with_values({"split.folds": 4, "split.fold": fold}) for fold in range(4)])


def test_members_may_bring_what_the_program_did_not_hold_before():
    late_equals_alone(
        [
            BASE,
            BASE.with_part("schedule", ReduceOnPlateau(patience=1, shrink=0.5)),
            BASE.with_part("mixup", Mixup(0.4)).with_values({"training.seed": 3}),
            BASE.with_part("input_noise", InputNoise(0.2)),
            BASE.with_values({"training.seed": 5}),
        ]
    )


def test_running_statistics_of_batch_normalisation_stay_with_their_member():
    network = MLP(widths=(8,), normalization="batch")
    normalised = BASE.with_part("network", network).with_part("optimizer", SGD(0.1))  # Adam would magnify noise
    late_equals_alone([normalised, *(normalised.with_values({"training.seed": k}) for k in (1, 2))])


def test_images_are_changed_by_the_epoch_of_their_own_member():
    images = Experiment(
        data=Digits(rows=60),
        split=Split(train=0.5),
        network=Convolutional(filters=(2,), widths=()),
        training=Training(epochs=5, batch_size=16),
    )
    shifted = images.with_part("image_shift", ImageShift(1)).with_part("image_flip", ImageFlip(True))
    late_equals_alone([shifted, shifted.with_values({"training.seed": 1, "training.epochs": 3})])


def test_probed_and_unprobed_members_mix_and_each_is_looked_at_after_its_own_epochs():
    experiments = [BASE.with_values({"training.epochs": epochs, "training.seed": epochs}) for epochs in (36, 40, 7, 9)]
    probed = [False, True, True, False]
    waves = [[Member(k, each, looked)] for k, (each, looked) in enumerate(zip(experiments, probed, strict=True))]
    ended = trained(*waves)
    for ticket, (experiment, looked) in enumerate(zip(experiments, probed, strict=True)):
        (alone,) = train(experiment, probed=[0] if looked else [])
        alike(ended[ticket], alone)
        if looked:
            same_looks(ended[ticket], alone)
        else:
            assert ended[ticket].probe is None
            assert ended[ticket].snapshots is None


def test_a_member_may_join_one_that_is_left_over_and_one_may_come_after_all_have_gone():
    short, long = BASE.with_values({"training.epochs": 2}), BASE.with_values({"training.epochs": 30})
    crew = Crew(ONE_EPOCH)
    crew.add(members([long, *[short.with_values({"training.seed": k}) for k in range(3)]]))
    ended = {}
    while len(crew.tickets) > 1:
        ended |= advanced(crew).ended
    crew.add([Member(10, short)])
    ended |= rest(crew)
    crew.add([Member(11, short)])
    ended |= rest(crew)
    alike(ended[0], train(long)[0])
    for ticket in (10, 11):
        alike(ended[ticket], train(short)[0])


def test_those_who_leave_early_for_whatever_reason_do_not_disturb_the_rest():
    stay = [BASE.with_values({"training.seed": k, "training.epochs": 25}) for k in (0, 1)]
    stops = BASE.with_values({"early_stopping.patience": 1, "optimizer.learning_rate": 0.1, "training.epochs": 25})
    crew = Crew(ONE_EPOCH)
    crew.add(members([*stay, stops, BASE]))
    advanced(crew)
    crew.cancel([3])
    ended = rest(crew)
    assert ended[3].status == "cancelled at epoch 1"
    np.testing.assert_allclose(ended[3].history["loss"], train(BASE)[0].history["loss"][:1], atol=2e-6)
    assert ended[2].status.startswith("stopped early")
    for ticket, experiment in enumerate(stay):
        alike(ended[ticket], train(experiment)[0])


def test_a_diverging_newcomer_ends_alone():
    calm = Experiment(
        data=HighDimensionalLine(),
        split=Split(train=0.1),
        network=Linear(),
        optimizer=SGD(1e-3),
        training=Training(epochs=20),
    )
    wild = calm.with_values({"optimizer.learning_rate": 10.0, "training.epochs": 60})
    ended = trained([Member(0, calm)], [Member(1, wild)], apart=3)
    assert ended[1].status == train(wild)[0].status
    assert ended[1].status.startswith("diverged")
    alike(ended[0], train(calm)[0])


def test_after_a_warm_up_joining_on_any_slider_position_traces_nothing():
    warm(BASE)
    before = trace_count()
    moved = [{"dropout.rate": 0.3}, {"l2.l2": 0.01}, {"training.seed": 8}, {"training.epochs": 4}, {"l1.l1": 1e-3}]
    waves = [[Member(k, BASE.with_values(changes), k % 2 == 0)] for k, changes in enumerate(moved)]
    trained(*waves, apart=1)
    trained([Member(0, BASE)])
    assert trace_count() == before


def test_many_small_waves_end_as_one_large_stack_does():
    experiments = [BASE.with_values({"training.seed": k, "dropout.rate": 0.05 * k}) for k in range(9)]
    waves = [members(experiments[k : k + 3], k) for k in (0, 3, 6)]
    ended = trained(*waves, seconds=0.01)
    for ticket, record in enumerate(train(experiments)):
        alike(ended[ticket], record)


def test_the_first_turn_of_a_newcomer_brings_its_first_curve():
    crew = Crew(ONE_EPOCH)
    crew.add([Member(0, BASE.with_values({"training.epochs": 30}))])
    for _ in range(4):
        advanced(crew)
    crew.add([Member(1, BASE.with_part("dropout", Dropout(0.2)))])
    assert 1 in crew.next()
    assert advanced(crew).progress[1].epochs_done == 1
