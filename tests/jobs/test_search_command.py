"""`regdash search` through the real store and coordinator, in front of the fake engine."""

import json

import pytest

from regdash.api import MLP, Experiment, Objective, Plan, Range, Space, Training, plan_to_json
from regdash.cli import main

PLAN = Plan(
    Space(
        Experiment(network=MLP(widths=(4,)), training=Training(epochs=5)),
        (Range("l2.l2", 1e-4, 1.0, log=True, steps=4),),
    ),
    strategy="grid",
    objective=Objective(seeds=2),
)


@pytest.fixture
def space(tmp_path, open_queue, monkeypatch) -> str:
    monkeypatch.setattr("regdash.jobs.queue.connect", lambda settings, quiet: open_queue())
    path = tmp_path / "space.json"
    path.write_text(plan_to_json(PLAN))
    return str(path)


def test_a_search_from_the_command_line_ends_and_its_table_can_be_had_again(space, tmp_path, capsys):
    out = tmp_path / "found.json"
    assert main(["search", space, "--json", str(out)]) == 0
    found = json.loads(out.read_text())
    assert found["state"] == "done"
    assert [each["values"]["l2.l2"] for each in found["trials"]] == list(PLAN.space.axes[0])
    assert [len(each["scores"]) for each in found["trials"]] == [2, 2, 2, 2]
    table = capsys.readouterr().out
    assert main(["search", "--resume", found["id"]]) == 0
    assert capsys.readouterr().out == table
