"""Event files are read back by TensorBoard itself, loaded without TensorFlow."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from board_reader import hparams, opened, unpacked
from fake_runs import diverged, history, record

from regdash.experiment import Experiment
from regdash.export.event_files import event_files, folder_name
from regdash.imports import read_import
from regdash.record import Snapshots

NOW = 1_800_000_000.0
PLAIN = Experiment()
STRONG = PLAIN.with_values({"l2.l2": 0.01, "dropout.rate": 0.3})


def run(experiment=PLAIN, **changes):
    return replace(record(experiment), seconds=2.0, **changes)


def seeds(experiment, count):
    return [run(experiment.with_values({"training.seed": seed})) for seed in range(count)]


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    """A log directory of a single run and of a setting with two seeds."""
    folder = tmp_path_factory.mktemp("logs")
    unpacked(event_files([("plain", run()), *(("strong", each) for each in seeds(STRONG, 2))], NOW), folder)
    return folder


def scalars(folder, tag):
    return [(event.step, event.value) for event in opened(folder).Scalars(tag)]


def test_every_run_has_its_own_folder_and_those_of_one_setting_lie_together(logs):
    folders = {str(path.parent.relative_to(logs)) for path in logs.rglob("*tfevents*")}
    names = ("plain", "strong/seed-0", "strong/seed-1")
    assert folders == {f"{name}{part}" for name in names for part in ("", "/train", "/validation")}


def test_epoch_loss_is_what_keras_reports_and_the_penalty_free_loss_stands_beside(logs):
    curves = history()
    for folder, tag, column in (
        ("train", "epoch_loss", curves["running_loss"]),
        ("train", "epoch_data_loss", curves["loss"]),
        ("validation", "epoch_loss", curves["val_loss"] + curves["penalty"]),
        ("validation", "epoch_data_loss", curves["val_loss"]),
        ("train", "epoch_accuracy", curves["accuracy"]),
        ("validation", "epoch_accuracy", curves["val_accuracy"]),
        ("train", "l2_norm/hidden 1", curves["l2_norm/hidden 1"]),
    ):
        steps, values = zip(*scalars(logs / "plain" / folder, tag), strict=True)
        assert steps == tuple(range(20)), "epochs are counted from 0, as Keras does"
        np.testing.assert_array_equal(values, column.astype(np.float32))


def test_wall_times_rise_and_end_at_the_given_moment(logs):
    times = [event.wall_time for event in opened(logs / "plain" / "train").Scalars("epoch_loss")]
    np.testing.assert_allclose(times, NOW - 2 + 2 * np.arange(1, 21) / 20, atol=1e-6)


def test_hparams_have_the_settings_that_are_no_defaults_and_the_figures(logs):
    whole = hparams(logs / "plain")["experiment"].experiment
    kinds = {"data", "network", "optimizer", "schedule"}
    assert {info.name for info in whole.hparam_infos} == kinds | {"l2.l2", "dropout.rate"}
    assert [info.name.tag for info in whole.metric_infos] == [
        "val_loss_best", "val_loss_last", "gap", "val_accuracy_best", "best_epoch",
    ]  # fmt: skip
    chosen = hparams(logs / "strong" / "seed-1")["session_start_info"].session_start_info
    assert chosen.hparams["l2.l2"].number_value == 0.01
    assert chosen.hparams["optimizer"].string_value == "adam"
    assert hparams(logs / "plain")["session_start_info"].session_start_info.hparams["l2.l2"].number_value == 0


def test_seeds_of_a_setting_are_one_group_of_hparams_without_their_seed(logs):
    starts = [hparams(logs / "strong" / f"seed-{k}")["session_start_info"].session_start_info for k in (0, 1)]
    assert {start.group_name for start in starts} == {"strong"}
    assert all("training.seed" not in start.hparams for start in starts)
    assert hparams(logs / "plain")["session_start_info"].session_start_info.group_name == "plain"


def test_the_figures_are_those_of_the_record(logs):
    curves = history()
    best = int(np.argmin(curves["val_loss"]))
    assert scalars(logs / "plain", "val_loss_best") == [(best, pytest.approx(curves["val_loss"][best]))]
    assert scalars(logs / "plain", "best_epoch") == [(best, best + 1)]
    assert scalars(logs / "plain", "gap")[0][1] == pytest.approx(0.1)


def test_a_run_that_diverged_counts_as_failed(tmp_path):
    broken = run(history=diverged(20, 3), status="diverged at epoch 4")
    unpacked(event_files([("broken", broken), ("good", run(STRONG))], NOW), tmp_path)
    ends = [hparams(tmp_path / name)["session_end_info"].session_end_info for name in ("broken", "good")]
    assert [end.status for end in ends] == [2, 1]  # STATUS_FAILURE, STATUS_SUCCESS
    values = [value for _, value in scalars(tmp_path / "broken" / "train", "epoch_data_loss")]
    assert np.isfinite(values).tolist() == [True] * 3 + [False] * 17


def test_histograms_of_the_weights_are_kept_where_they_were_recorded(tmp_path):
    counts, edges = np.array([[0, 2, 1, 0], [1, 1, 1, 0]]), np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    kept = Snapshots(np.array([1, 20]), {}, {}, {"hidden 1": counts}, {"hidden 1": edges})
    unpacked(event_files([("plain", run(snapshots=kept))], NOW), tmp_path)
    found = opened(tmp_path / "plain" / "train").Histograms("hidden 1/kernel/histogram")
    assert [event.step for event in found] == [0, 19]
    first = found[0].histogram_value
    assert (first.min, first.max, first.num) == (-1, 1, 3)
    assert first.sum == -0.5 * 2 + 0.5


def test_equal_arguments_give_equal_bytes():
    runs = [("plain", run()), ("strong", run(STRONG))]
    assert event_files(runs, NOW) == event_files(runs, NOW)
    assert event_files([], NOW)[:2] == b"PK"


def test_a_run_without_a_single_epoch_has_a_folder_all_the_same(tmp_path):
    unpacked(event_files([("none", run(history=history(0), status="cancelled at epoch 0"))], NOW), tmp_path)
    assert opened(tmp_path / "none" / "train").Tags()["scalars"] == []


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("L2 0.01, Adam", "L2 0.01, Adam"),
        ("../../etc/passwd", "etc_passwd"),
        ("<b>x</b>", "b_x_b"),
        ("C:\\x", "C_x"),
        ("", "run"),
        ("…", "run"),
        ("validation", "validation_"),
        ("NUL", "NUL_"),
        ("a" * 200, "a" * 60),
    ],
)
def test_a_name_becomes_a_folder_that_no_system_stumbles_over(name, folder):
    assert folder_name(name) == folder


def test_names_that_become_equal_folders_stay_apart(tmp_path):
    unpacked(event_files([("a/b", run()), ("a?b", run()), ("A_B", run())], NOW), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["A_B-3", "README.txt", "a_b", "a_b-2"]


def test_the_text_beside_says_what_every_tag_means(logs):
    said = (logs / "README.txt").read_text()
    tags = {tag for path in logs.rglob("*tfevents*") for tag in opened(path.parent).Tags()["scalars"]}
    assert [tag for tag in tags if f"  {tag}: " not in said] == []


def test_regdash_reads_its_own_log_directory_as_what_it_was(tmp_path):
    found = read_import("logs.zip", event_files([("plain", run())], NOW)).imported[0]
    curves = history()
    for name in ("loss", "val_loss", "running_loss", "penalty", "accuracy", "val_accuracy", "l1_norm/all"):
        np.testing.assert_array_equal(found.histories[0][name], curves[name].astype(np.float32))


def test_a_fresh_python_writes_and_reads_event_files_without_tensorflow():
    program = (
        "import sys; sys.path.append('tests'); from fake_runs import record; "
        "from regdash.export.event_files import event_files; from regdash.imports import read_import; "
        "read_import('a.zip', event_files([('a', record())], 1e9)); "
        "print(*{'tensorflow', 'keras', 'torch', 'tensorboard'} & set(sys.modules))"
    )
    answer = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == []
