"""What a real coordinator writes down about a run."""

import json
import os
import subprocess
from dataclasses import replace

from waiting import COORDINATOR, ended, experiment, until

SESSION = "a-" + "badcafe0" * 4


def test_every_event_of_a_run_is_one_line_with_its_id_and_nothing_about_who_asked(open_queue, here, tmp_path):
    queue = open_queue(embedded=False)
    (run,) = queue.submit(SESSION, [experiment(epochs=3, **{"dropout.rate": 0.377})])
    settings = replace(here, log_format="json", embedded=False)
    with (tmp_path / "log").open("w+") as log:
        process = subprocess.Popen(
            COORDINATOR, stdin=subprocess.PIPE, stderr=log, env=os.environ | settings.environment(), cwd=tmp_path
        )
        until(lambda: ended(queue, [run]))
        process.stdin.close()
        assert process.wait(20) == 0
    text = (tmp_path / "log").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["event"] for line in lines if line.get("run") == run] == ["run claimed", "run began", "run finished"]
    assert [line["event"] for line in lines[:3]] == ["worker started", "coordinator started", "worker ready"]
    assert lines[-1]["event"] == "coordinator ended"
    assert not any(secret in text for secret in ("badcafe", "0.377", "dropout", "moons"))
    assert "(withheld)" not in text
