"""`regdash lesson`: what it prints and how it ends."""

import json

import pytest

from regdash.cli import main

QUICK = """---
title: A line
question: Does it learn?
level: beginner
minutes: 2
experiments:
  plain:
    data: {name: line}
    network: {name: linear}
    training: {epochs: 2}
predictions:
  guess: {ask: How large is the loss?, number: val_loss(plain), low: 0, high: 1000}
claims:
  - CLAIM
---
{{predict: guess}}

{{chart: loss; of=plain}}
"""


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "own"
    found.mkdir()
    return found


def write(folder, claim, text=QUICK):
    (folder / "lesson.md").write_text(text.replace("CLAIM", claim))
    return str(folder)


def test_a_new_lesson_is_well_formed_and_is_never_written_over(tmp_path, capsys):
    place = str(tmp_path / "new")
    assert main(["lesson", "new", place]) == 0
    assert main(["lesson", "check", "--quick", place]) == 0
    assert "well formed" in capsys.readouterr().out
    assert main(["lesson", "new", place]) == 1
    assert "is there already; choose another folder" in capsys.readouterr().err


def test_three_faults_print_three_sentences_with_file_and_line(folder, capsys):
    text = QUICK.replace("level: beginner", "level: easy").replace("of=plain", "of=plan")
    assert main(["lesson", "check", write(folder, "val_los(plain) < 1", text)]) == 2
    out, err = capsys.readouterr()
    file = folder / "lesson.md"
    assert err.splitlines() == [
        f"{file}:4: level must be one of beginner, intermediate, advanced, got 'easy'",
        f"{file}:14: there is no measure val_los; did you mean val_loss?",
        f"{file}:18: there is no experiment plan; did you mean plain?",
    ]
    assert out == ""


def test_claims_are_printed_with_their_numbers_and_one_that_does_not_hold_fails(folder, capsys):
    claim = "epochs(plain) ~ 2 +- 0\n  - epochs(plain) > 2 in 5 of 5 seeds"
    assert main(["lesson", "check", write(folder, claim)]) == 1
    out, err = capsys.readouterr()
    held, failed, guess, count = out.splitlines()
    file = folder / "lesson.md"
    assert held == f"{file}:14: epochs(plain) ~ 2 +- 0: holds on average (epochs(plain) = 2 [2 2 2 2 2])"
    assert failed == (
        f"{file}:15: NOT SHOWN: epochs(plain) > 2 in 5 of 5 seeds: does not hold in 0 of 5 seeds "
        "(epochs(plain) = 2 [2 2 2 2 2])"
    )
    assert guess.startswith(f"{file}:12: prediction guess: the answer is ")
    assert count == f"{file}: 2 of 3 hold over 5 seeds."
    assert err.splitlines()[-1] == "10/10 epochs of 5 runs"


def test_everything_can_be_had_as_json(folder, capsys):
    assert main(["lesson", "check", "--json", write(folder, "epochs(plain) ~ 2 +- 0")]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["lesson"], found["faults"], found["holds"]) == ("own", [], True)
    assert [each["line"] for each in found["findings"]] == [14, 12]


def test_faults_can_be_had_as_json(folder, capsys):
    assert main(["lesson", "check", "--json", write(folder, "norm(plain)")]) == 2
    (found,) = json.loads(capsys.readouterr().out)
    assert found["lesson"] is None
    assert [each["line"] for each in found["faults"]] == [14]


def test_a_folder_without_a_lesson_is_a_sentence(tmp_path, capsys):
    assert main(["lesson", "check", str(tmp_path)]) == 1
    assert "lesson.md cannot be read (No such file or directory)" in capsys.readouterr().err


def test_the_list_names_every_lesson_that_there_is(capsys):
    assert main(["lesson", "list"]) == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.split() == ["kind", "name", "level", "minutes", "title"]
    assert any("l2-shrinks-l1-picks" in row for row in rows)
