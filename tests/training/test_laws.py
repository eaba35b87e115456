"""What must hold of every stack: together equals alone, neutral equals absent, the same again is the same."""

import numpy as np
import pytest

from regdash.api import (
    L1,
    L2,
    MLP,
    SGD,
    Blobs,
    Circles,
    Digits,
    Dropout,
    EarlyStopping,
    Experiment,
    Exponential,
    HighDimensionalLine,
    InputDropout,
    Linear,
    Momentum,
    Moons,
    Split,
    Training,
    WeightDecay,
    train,
)
from regdash.training.loop import train_stack
from regdash.training.program import trace_count

QUICK = Training(epochs=12, batch_size=32)
BASE = Experiment(data=Moons(samples=200), network=MLP(widths=(16, 8)), training=QUICK)

MEMBERS = [
    BASE,
    BASE.with_values({"dropout.rate": 0.4}),
    BASE.with_values({"dropout.rates": (0.1, 0.5), "input_dropout.rate": 0.2, "training.seed": 7}),
    BASE.with_values({"l1.l1": 0.01, "l2.l2": 0.02, "training.seed": 1}),
    BASE.with_values({"weight_decay.weight_decay": 0.5, "optimizer.learning_rate": 0.01}),
    BASE.with_values({"early_stopping.patience": 2, "optimizer.learning_rate": 0.1}),
    BASE.with_values({"training.epochs": 5, "training.seed": 2}),
]


def same(ours, theirs, atol=2e-6):
    assert ours.status == theirs.status
    for name in ours.history:
        np.testing.assert_allclose(ours.history[name], theirs.history[name], atol=atol, rtol=1e-4, err_msg=name)


def test_each_member_of_a_stack_gets_the_curves_that_it_gets_alone():
    for record, experiment in zip(train(MEMBERS), MEMBERS, strict=True):
        same(record, train(experiment)[0])


def test_members_with_other_rows_may_share_a_stack_and_keep_their_curves():
    others = [
        BASE.with_values({"data.noise": noise, "split.seed": seed}) for noise, seed in ((0.1, 0), (0.4, 5), (0.4, 6))
    ]
    for record, experiment in zip(train(others), others, strict=True):
        same(record, train(experiment)[0])


def test_the_same_experiments_twice_give_the_same_curves_bit_for_bit():
    for first, second in zip(train(MEMBERS), train(MEMBERS), strict=True):
        for name in first.history:
            if name == "running_loss":  # a sum that several threads share: its last digit depends on who is first
                np.testing.assert_allclose(first.history[name], second.history[name], rtol=1e-6)
            else:
                np.testing.assert_array_equal(first.history[name], second.history[name], err_msg=name)
        for ours, theirs in zip(first.weights, second.weights, strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_a_neutral_regulariser_changes_nothing():
    kinds = (L1(), L2(), Dropout(), InputDropout(), WeightDecay(), EarlyStopping())
    neutral = Experiment(data=BASE.data, network=BASE.network, training=QUICK, regularizers=kinds)
    assert neutral == BASE
    loud = [BASE.with_part(p.name, p) for p in (L1(0.1), L2(0.1), Dropout(0.5), InputDropout(0.5), WeightDecay(1.0))]
    beside_loud_ones = train([neutral, *loud])[0]
    same(beside_loud_ones, train(BASE)[0])


def test_members_with_equal_seeds_share_initial_weights_and_dropout_numbers():
    twins = [BASE.with_values({"dropout.rate": 0.3, "training.epochs": 3}) for _ in range(2)]
    first, second = train(twins)
    np.testing.assert_array_equal(first.history["loss"], second.history["loss"])


def test_moving_any_slider_traces_no_program_again():
    train([BASE, BASE.with_values({"training.seed": 9})])
    train(BASE)
    train(BASE.with_values({"input_dropout.rate": 0.2}))  # enters the program at its first use
    before = trace_count()
    moved = {
        "dropout.rate": 0.35, "input_dropout.rate": 0.1, "l1.l1": 2e-4, "l2.l2": 3e-3,
        "weight_decay.weight_decay": 0.01,
        "early_stopping.patience": 3, "optimizer.learning_rate": 0.02, "optimizer.beta_1": 0.8, "data.noise": 0.25,
        "data.samples": 260, "split.train": 0.4, "split.label_noise": 0.1, "split.seed": 4, "training.epochs": 7,
        "training.seed": 5,
    }  # fmt: skip
    for path, value in moved.items():
        train(BASE.with_values({path: value}))
    assert trace_count() == before


def test_l2_pulls_weights_towards_zero_and_more_of_it_pulls_further():
    records = train(
        [BASE.with_values({"l2.l2": strength, "training.epochs": 40}) for strength in (0, 1e-3, 1e-2, 1e-1)]
    )
    norms = [record.history["l2_norm/all"][-1] for record in records]
    assert norms == sorted(norms, reverse=True)


def test_penalty_and_norms_are_those_of_the_final_weights():
    experiment = BASE.with_values({"l1.l1": 0.01, "l2.l2": 0.02})
    (record,) = train(experiment)
    kernels = [w for w in record.weights if w.ndim == 2]
    assert record.history.layers == ("hidden_1", "hidden_2", "output")
    for layer, kernel in zip(record.history.layers, kernels, strict=True):
        assert record.history[f"l1_norm/{layer}"][-1] == pytest.approx(np.abs(kernel).sum(), rel=1e-5)
        assert record.history[f"l2_norm/{layer}"][-1] == pytest.approx(np.sqrt((kernel**2).sum()), rel=1e-5)
        assert record.history[f"near_zero/{layer}"][-1] == pytest.approx((np.abs(kernel) < 1e-3).mean(), abs=1e-6)
    entries = np.concatenate([kernel.ravel() for kernel in kernels])
    assert record.history["l2_norm/all"][-1] == pytest.approx(np.linalg.norm(entries), rel=1e-5)
    expected = 0.01 * np.abs(entries).sum() + 0.02 * (entries**2).sum()
    assert record.history["penalty"][-1] == pytest.approx(expected, rel=1e-5)


def test_outputs_and_scores_are_those_of_the_final_weights_in_numpy():
    (record,) = train(BASE)
    from regdash.api import samples

    rows = samples(BASE.data, BASE.split)
    k1, b1, k2, b2, k3, b3 = record.weights
    hidden = np.maximum(np.maximum(rows.validation.x @ k1 + b1, 0) @ k2 + b2, 0)
    z = hidden @ k3 + b3
    np.testing.assert_allclose(record.val_outputs, z, atol=1e-5)
    p = 1 / (1 + np.exp(-z[:, 0]))
    y = rows.validation.y
    assert record.history["val_loss"][-1] == pytest.approx(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), rel=1e-4)
    assert record.history["val_accuracy"][-1] == pytest.approx(np.mean((p > 0.5) == y))


def test_a_run_that_diverges_keeps_its_last_finite_epoch_and_disturbs_nobody():
    wild = Experiment(
        data=HighDimensionalLine(),
        split=Split(train=0.1),
        network=Linear(),
        optimizer=SGD(10.0),
        training=Training(epochs=60),
    )
    calm = wild.with_values({"optimizer.learning_rate": 1e-3})
    diverged, alone = train([wild, calm]), train(calm)[0]
    done = len(diverged[0].history.epochs)
    assert diverged[0].status == f"diverged at epoch {done + 1}"
    assert all(np.isfinite(column).all() for column in diverged[0].history.values())
    assert all(np.isfinite(weight).all() for weight in diverged[0].weights)
    same(diverged[1], alone)


def test_a_cancelled_member_keeps_what_it_has_learnt_while_the_others_go_on():
    long = [BASE.with_values({"training.epochs": 400, "training.seed": seed}) for seed in range(3)]
    seen = []

    def watch(progress):
        seen.append({i: p.epochs_done for i, p in progress.items()})
        return [1] if len(seen) == 2 else []

    records = train_stack(long, on_progress=watch, segment_seconds=1e-3)
    done = seen[1][1]
    assert records[1].status == f"cancelled at epoch {done}"
    assert len(records[1].history.epochs) == done < 400
    assert [records[i].status for i in (0, 2)] == ["finished", "finished"]
    whole = train(long[1])[0]
    np.testing.assert_allclose(records[1].history["loss"], whole.history["loss"][:done], atol=1e-6)


def test_the_boundary_is_recorded_over_the_epochs_and_ends_with_the_last_one():
    blobs = Experiment(data=Blobs(classes=3), network=MLP(widths=(8,)), training=QUICK)
    (record,) = train(blobs, probed=[0])
    probe = record.probe
    assert probe.epochs[0] == 1
    assert probe.epochs[-1] == 12
    assert probe.answers.shape == (len(probe.epochs), len(probe.y), len(probe.x), 3)
    from regdash.api import samples

    rows = samples(blobs.data, blobs.split)
    k1, b1, k2, b2 = record.weights
    corner = (np.array([probe.x[0], probe.y[-1]]) - rows.input_mean) / rows.input_scale
    z = np.maximum(corner @ k1 + b1, 0) @ k2 + b2
    expected = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    np.testing.assert_allclose(probe.answers[-1, -1, 0] / 255, expected, atol=0.004)


def test_data_without_two_inputs_have_no_boundary():
    digits = Experiment(data=Digits(rows=100), network=Linear(), training=Training(epochs=2))
    assert train(digits, probed=[0])[0].probe is None


def test_curves_do_not_depend_on_where_segments_end():
    decaying = BASE.with_part("optimizer", Momentum(0.05)).with_part("schedule", Exponential(decay_steps=5))
    noisy = decaying.with_values({"dropout.rate": 0.3})
    long, short = (train_stack([noisy], segment_seconds=seconds)[0] for seconds in (10.0, 1e-9))
    same(long, short, atol=0)


def test_the_boundary_of_a_member_does_not_depend_on_whose_rows_and_epochs_it_trains_beside():
    alone = Experiment(data=Circles(samples=200), network=MLP(widths=(8,)), training=Training(epochs=9))
    beside = [
        alone.with_part("data", Moons(samples=200)).with_values({"training.epochs": 60}),
        alone.with_values({"training.epochs": 3}),
    ]
    members = [beside[0], alone, beside[1]]
    together = train_stack(members, probed=range(3))
    for member, ours in zip(members, together, strict=True):
        theirs = train(member, probed=[0])[0].probe
        np.testing.assert_array_equal(ours.probe.epochs, theirs.epochs)
        np.testing.assert_array_equal(ours.probe.x, theirs.x)
        np.testing.assert_array_equal(ours.probe.y, theirs.y)
        np.testing.assert_allclose(ours.probe.answers.astype(int), theirs.answers.astype(int), atol=1)


def test_members_that_leave_one_by_one_do_not_disturb_those_with_other_rows():
    members = [BASE.with_values({"split.seed": k, "training.epochs": 4 * (k + 1)}) for k in range(4)]
    together = train_stack(members, probed=range(4), segment_seconds=1e-9)
    for member, ours in zip(members, together, strict=True):
        theirs = train(member, probed=[0])[0]
        same(ours, theirs)
        np.testing.assert_allclose(ours.val_outputs, theirs.val_outputs, atol=1e-4)
        np.testing.assert_array_equal(ours.probe.x, theirs.probe.x)


def test_a_record_holds_its_own_numbers_and_not_those_of_the_whole_stack():
    records = train_stack([BASE.with_values({"training.seed": seed}) for seed in range(8)])
    size = sum(weight.size for weight in records[0].weights)
    for record in records:
        assert {owner(weight).size for weight in record.weights} == {size}
        assert owner(record.train_outputs).size == record.train_outputs.size


def test_the_first_segment_on_many_rows_is_short_whatever_few_rows_took():
    few = Experiment(data=Moons(samples=20), network=Linear(), training=Training(epochs=300, batch_size=1))
    train(few)
    seen = []
    many = few.with_values({"data.samples": 4_000})
    train_stack([many], on_progress=lambda progress: seen.append(progress[0].epochs_done) or [0])
    assert seen == [1]


def owner(array):
    """The array that holds the memory of a view."""
    return array if array.base is None else owner(array.base)
