"""`regdash search` in front of searches that train nothing."""

import io
import json

import pytest
from fake_searches import ID, FakeQueue, FakeSearches

from regdash.api import Experiment, Objective, Plan, Range, Space, Training, plan_from_dict, plan_to_json
from regdash.cli import bar, main, search
from regdash.search import Outcome

PLAN = Plan(
    Space(Experiment(training=Training(epochs=20)), (Range("l2.l2", 1e-4, 1.0, log=True, steps=5),)),
    strategy="grid",
    objective=Objective(seeds=3),
)


@pytest.fixture
def queue(monkeypatch) -> FakeQueue:
    found = FakeQueue()
    monkeypatch.setattr("regdash.jobs.queue.connect", lambda settings, quiet: found)
    monkeypatch.setattr(search, "LOOK", 0)
    return found


@pytest.fixture
def space(tmp_path):
    path = tmp_path / "space.json"
    path.write_text(plan_to_json(PLAN))
    return str(path)


def test_a_search_prints_its_points_best_first(queue, space, capsys):
    assert main(["search", space]) == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.split() == ["trial", "l2.l2", "val_loss", "standard_error", "epoch"]
    strengths = [float(row.split()[1]) for row in rows[:5]]
    assert strengths == [0.01, 0.001, 0.1, 0.0001, 1.0]  # by the distance of the logarithms from 0.01
    assert queue.closed


def test_the_rule_of_one_standard_error_is_said_below_the_table(queue, space, capsys):
    main(["search", space])
    assert "one standard error" in capsys.readouterr().out.splitlines()[-1]


def test_progress_goes_to_standard_error_as_plain_lines_where_nobody_draws(queue, space, capsys):
    main(["search", space])
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("0/5 trials, no result yet")
    assert any(line.startswith("5/5 trials, best val_loss ") for line in said)
    assert f"Its table again: regdash search --resume {ID}" in said[-1]


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        (["--strategy", "random", "--budget", "7"], "trials", 7),
        (["--strategy", "random"], "strategy", "random"),
        (["--seed", "11"], "seed", 11),
        (["--budget", "30s"], "seconds", 30.0),
        (["--budget", "1.5s"], "seconds", 1.5),
        (["--seeds", "4"], "objective", Objective(seeds=4)),
        (["--folds", "5"], "objective", Objective(seeds=3, folds=5)),
        (["--metric", "val_accuracy", "--epoch", "last"], "objective", Objective("val_accuracy", "last", 3)),
    ],
)
def test_an_option_replaces_what_the_plan_says(queue, space, options, field, value):
    queue.searches.outcome = lambda plan, values: Outcome((0.5,) * plan.objective.runs)
    assert main(["search", space, *options]) == 0
    assert getattr(queue.searches.kept.plan, field) == value


def test_halving_can_be_asked_for(queue, space):
    assert main(["search", space, "--halving", "halving"]) == 0
    assert queue.searches.kept.plan.halving == "halving"


def test_interrupting_pauses_the_search_and_says_how_to_go_on(queue, space, capsys):
    queue.searches.stop_at = 0
    assert main(["search", space]) == 130
    assert queue.searches.said == ["begin", "paused"]
    assert capsys.readouterr().err.splitlines()[-1] == f"Paused. Go on with: regdash search --resume {ID}"


def test_a_paused_search_goes_on_and_keeps_its_id(queue, space, capsys):
    queue.searches.stop_at = 0
    main(["search", space])
    assert main(["search", "--resume", ID]) == 0
    assert queue.searches.said == ["begin", "paused", "running"]
    assert len(capsys.readouterr().out.splitlines()) >= 6


def test_a_search_that_has_ended_prints_its_table_again(queue, space, capsys):
    main(["search", space])
    first = capsys.readouterr().out
    assert main(["search", "--resume", ID]) == 0
    assert capsys.readouterr().out == first
    assert queue.searches.said == ["begin"]


def test_the_json_holds_the_plan_and_every_trial(queue, space, tmp_path, capsys):
    out = tmp_path / "out.json"
    assert main(["search", space, "--json", str(out)]) == 0
    found = json.loads(out.read_text())
    assert (found["id"], found["state"], len(found["trials"])) == (ID, "done", 5)
    assert plan_from_dict(found["plan"]) == PLAN
    best = found["trials"][found["best"]]
    assert best["values"] == {"l2.l2": 0.01}
    assert best["score"] == pytest.approx(0.0)


def test_json_on_standard_output_stands_alone(queue, space, capsys):
    assert main(["search", space, "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["best"] == 2


def test_a_plan_may_come_from_standard_input(queue, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(plan_to_json(PLAN).encode())))
    assert main(["search", "-"]) == 0
    assert queue.searches.kept.plan == PLAN


def test_a_search_in_which_every_trial_fails_ends_with_its_sentence(queue, space, capsys):
    queue.searches.outcome = lambda plan, values: Outcome(problem="the run diverged at epoch 3")
    assert main(["search", space]) == 0
    assert "the run diverged at epoch 3" in capsys.readouterr().out


def test_an_engine_that_is_down_is_said_once(queue, space, capsys, monkeypatch):
    queue.state = "down"
    monkeypatch.setattr(search, "PATIENCE", 0)
    main(["search", space])
    assert capsys.readouterr().err.count("The engine is not running. Start it with: regdash coordinator") == 1


def test_a_store_that_is_only_temporary_is_said(queue, space, capsys):
    queue.warning = "The store cannot be written."
    main(["search", space])
    assert capsys.readouterr().err.startswith("The store cannot be written.\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "space: Give either the file of a plan or --resume with the id of a search"),
        (["--resume", ID, "--budget", "9"], "budget: A search goes on as it was begun; leave --budget out"),
        (["SPACE", "--strategy", "tpo"], "did you mean tpe?"),
        (["SPACE", "--seeds", "0"], "seeds: Seeds must be between 1 and 50, got 0"),
        (["SPACE", "--strategy", "random", "--budget", "0"], "trials: The budget must be between 1 and"),
        (["SPACE", "--metric", "val_r2"], "metric: The metric must be one of val_loss, val_accuracy"),
        (["SPACE", "--halving", "thirds"], "halving: Halving must be halving, hyperband or nothing"),
    ],
)
def test_a_wrong_option_is_refused_with_a_sentence(queue, space, capsys, arguments, sentence):
    assert main(["search", *(space if word == "SPACE" else word for word in arguments)]) == 2
    assert sentence in capsys.readouterr().err
    assert queue.searches.said == []


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--budget=many", "must be trials such as 64 or seconds such as 30s, got 'many'"),
        ("--budget=-3", "must be trials such as 64"),
        ("--seeds=two", "must be a whole number, got 'two'"),
        ("--resume=../x", "must be the 32 digits and letters that were printed, got '../x'"),
    ],
)
def test_an_option_that_cannot_be_read_is_refused_with_a_sentence(space, capsys, option, sentence):
    with pytest.raises(SystemExit, match="2"):
        main(["search", space, option])
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "json: The text must be JSON"),
        ("[]", "json: A search must be an object, got list"),
        (" " * 70_000, "must have at most 65536 bytes"),
        ('{"space": {}}', "space: There is nothing to search"),
        ('{"space": {"l3.l3": {"low": 0, "high": 1}}}', "l3.l3: This experiment has no setting"),
        ('{"space": {"l2.l2": {"low": 0, "high": 1, "log": true}}}', "l2.l2: A logarithmic range of"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_a_sentence(queue, tmp_path, capsys, text, sentence):
    path = tmp_path / "space.json"
    path.write_text(text)
    assert main(["search", str(path)]) == 2
    assert sentence in capsys.readouterr().err


def test_an_id_that_the_store_does_not_know_is_said(queue, capsys):
    assert main(["search", "--resume", "f" * 32]) == 1
    assert capsys.readouterr().err == f"There is no search {'f' * 32} in this store.\n"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_in_a_terminal_one_line_is_drawn_over_and_over():
    screen = Terminal()
    line = bar.Bar(screen)
    line.show(0, 8, "trials, no result yet")
    line.show(4, 8, "trials")
    line.end()
    first, second = screen.getvalue().split("\r")[1:]
    assert first == "[........................] 0/8 trials, no result yet"
    assert second.startswith("[############............] 4/8 trials ")
    assert len(second.rstrip("\n")) >= len(first)  # what stood there before is covered


def test_elsewhere_lines_are_few():
    now, log = [0.0], io.StringIO()
    line = bar.Bar(log, clock=lambda: now[0])
    for done in range(101):
        now[0] += 0.1
        line.show(done, 100, "trials")
    assert log.getvalue().splitlines()[0] == "0/100 trials"
    assert log.getvalue().splitlines()[-1] == "100/100 trials"
    assert len(log.getvalue().splitlines()) <= 4  # ten seconds, one line in five


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (59.4, "59 s"), (125, "2 min 5 s"), (3_840, "1 h 4 min"), (-1, "0 s")]
)
def test_a_length_of_time_is_said_for_people(seconds, words):
    assert bar.duration(seconds) == words


def test_an_unfinished_search_is_kept_when_the_store_says_no(queue, space, capsys, monkeypatch):
    class Full(FakeSearches):
        def begin(self, session, plan, race=""):
            from regdash.errors import RegdashError

            raise RegdashError("You may have at most 3 unfinished searches.")

    queue.searches = Full()
    assert main(["search", space]) == 1
    assert capsys.readouterr().err == "You may have at most 3 unfinished searches.\n"
    assert queue.closed
