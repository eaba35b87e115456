"""Reading a lesson's file: what it becomes, and a sentence with its line for everything that is wrong in it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_lessons import BODY, FRONT, lesson, text

from regdash.errors import InvalidLesson
from regdash.lessons.catalogue import lesson_files, read_file
from regdash.lessons.lesson import Place, Text
from regdash.lessons.reading import read_lesson
from regdash.lessons.template import TEMPLATE
from regdash.regularizers import L2


def faults(written: str) -> list[tuple[int, str]]:
    """(line, sentence) of everything that is wrong."""
    with pytest.raises(InvalidLesson) as raised:
        read_lesson(written, "made")
    return [(fault.line, fault.sentence) for fault in raised.value.faults]


def faults_or_none(written: str) -> list[tuple[int, str]]:
    try:
        read_lesson(written, "made")
    except InvalidLesson as error:
        return [(fault.line, fault.sentence) for fault in error.faults]
    return []


def only_fault(written: str) -> str:
    ((_, sentence),) = faults(written)
    return sentence


MANY = f"{{s: {{from: ridge, vary: l2.l2, values: {[place / 100 for place in range(30)]}}}}}"


def line_of(written: str, part: str) -> int:
    """The line, from 1, in which something stands."""
    return next(at for at, row in enumerate(written.split("\n"), 1) if part in row)


def test_a_lesson_holds_what_its_file_says():
    made = lesson()
    assert (made.title, made.level, made.minutes, made.seeds) == ("Weights", "beginner", 5, 3)
    assert made.experiments["ridge"].regularizer(L2).l2 == 0.1
    assert made.experiments["ridge"].data == made.experiments["plain"].data
    assert [block.kind for block in made.blocks if isinstance(block, Place)] == ["predict", "compare"]
    assert made.blocks[-1] == Place("compare", ("plain", "ridge"), {"chart": "norms"}, made.blocks[-1].line)


def test_the_lesson_to_begin_with_is_well_formed():
    assert read_lesson(TEMPLATE, "begun").title == "Weights under L2"


def test_a_question_mark_needs_no_quotes():
    made = lesson(predictions="\n  guess: {ask: Which one? And why?, number: norm(ridge), high: 9}")
    assert made.predictions["guess"].ask == "Which one? And why?"


def test_three_faults_give_three_sentences_with_their_lines():
    written = text(level="hard", claims="\n  - norm(rigde) < 1", body=BODY + "\n\n{{chart: soft_treshold}}")
    found = faults(written)
    assert [line for line, _ in found] == [line_of(written, part) for part in ("level:", "rigde", "soft_treshold")]
    assert [sentence.split("; ")[-1] for _, sentence in found] == [
        "level must be one of beginner, intermediate, advanced, got 'hard'",
        "did you mean ridge?",
        "did you mean soft_threshold?",
    ]


def test_a_wrong_experiment_is_said_once_and_not_again_wherever_it_is_named():
    written = text(FRONT.replace("l2: 0.1", "l2: -1"), BODY + "\n\n{{value: norm(ridge)}} {{value: norm()}}")
    ((line, sentence),) = faults(written)
    assert line == line_of(written, "l2: -1")
    assert "must be 0 or between" in sentence


def test_a_fault_of_an_experiment_is_not_blamed_on_those_that_come_from_it():
    written = text(FRONT.replace("{name: diabetes}", "{name: diabetis}"))
    ((line, sentence),) = faults(written)
    assert line == line_of(written, "diabetis")
    assert sentence.endswith("did you mean diabetes?")


@pytest.mark.parametrize(
    ("front", "sentence"),
    [
        ("a: [[[[[[[[[[[[[1]]]]]]]]]]]]]", "nested 12 deep"),
        ("a: &x 1\nb: *x", "a reference (&name, *name) cannot be used"),
        ("minutes: !!int abc", "a tag (!name) cannot be used"),
        ("title: !!python/object/apply:os.system [ls]", "a tag (!name) cannot be used"),
        ("title: a: b", "this is not YAML"),
        ("title: \x00", "a control character stands here"),
        ("- title", "must be a list of names with values"),
        ("", "must be a list of names with values"),
    ],
)
def test_front_matter_that_could_do_harm_or_cannot_be_read_is_refused(front, sentence):
    assert sentence in only_fault(f"---\n{front}\n---\n")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"minutes": "1e999"}, "a number must be finite"),
        ({"minutes": "9" * 50}, "a number must be finite and short"),
        ({"minutes": "true"}, "minutes must be a whole number between 1 and 120, got True"),
        ({"title": ""}, "title must be a text"),
        ({"title": "'  '"}, "title is missing"),
        ({"title": "[a, {b: c}]"}, "title must be a text"),
        ({"sources": "{a: b}"}, "sources must be a list of texts"),
        ({"controls": "{locked: [l2.l3]}"}, "there is no setting 'l2.l3'; did you mean l2.l2?"),
        ({"controls": "{locked: [data], hidden: [data]}"}, "data may stand in one of"),
        ({"controls": "{looked: [data]}"}, "controls has the lists shown, locked and hidden"),
        ({"further": "[{say: Go, train: [ridge]}]"}, "there is no experiment ['ridge']"),
        ({"further": "[{say: Go, compare: [plain, [ridge]]}]"}, "there is no experiment ['ridge']"),
        ({"further": "[{say: Go}]"}, "leads to one of train"),
        ({"further": "[{say: Go, search: How strong}]"}, "did you mean How strong?"),
        ({"claims": "['']"}, "claims must be a list of texts"),
        ({"claims": "[norm(ridge)]"}, "a claim must compare two numbers"),
        ({"claims": "[norm(ridge) < 1 in 3 of 4 seeds]"}, "claims are checked over 5 seeds"),
        ({"claims": "[soft_threshold.zeros(strength=1) > 0 in 5 of 5 seeds]"}, "leave out: in 5 of 5 seeds"),
        ({"claims": "[soft_threshold.zeros(strength=9) > 0]"}, "Strength must be between 0 and 2, got 9"),
        ({"claims": "[val_accuracy(ridge) > 0]"}, "val_accuracy is for classes"),
        ({"sweeps": "{s: {from: ridge, vary: l2.l2, values: [1, 1.0]}}"}, "must be different from each other"),
        ({"sweeps": "{s: {from: ridge, vary: network.name, values: [1, 2]}}"}, "vary must be a setting such as l2.l2"),
        ({"sweeps": "{s: {from: ridge, vary: training.seed, values: [1, 2]}}"}, "every seed repeats"),
        ({"sweeps": "{s: {from: ridge, vary: data.rows, values: [a, [b]]}}"}, "must be a whole number, got 'a'"),
        ({"sweeps": "{s: {from: [ridge], vary: l2.l2, values: [1, 2]}}"}, "from must name an experiment"),
        ({"extra": "1"}, "there is no 'extra' in a lesson"),
        ({"seeds": "125"}, "seeds must be a whole number"),
        ({"seeds": "10", "sweeps": MANY}, "at most 250 runs, and this one has 320"),
    ],
)  # fmt: skip
def test_a_wrong_value_says_what_must_hold(changes, sentence):
    assert any(sentence in said for _, said in faults(text(**changes)))


@pytest.mark.parametrize(
    ("guess", "sentence"),
    [
        ("{ask: A, number: norm(ridge), low: 1, high: 0}", "low must be below high"),
        ("{ask: A, number: norm(ridge), step: 1e-9}", "step must be between 0.0001 and 1"),
        ("{ask: A, number: norm(ridge), sketch: loss(ridge)}", "either choices, a number or a sketch"),
        ("{number: norm(ridge)}", "has its question after ask"),
        ("{ask: A, sketch: val_lost(ridge)}", "sketch must be a curve of an experiment"),
        ("{ask: A, sketch: [1]}", "sketch must be a curve of an experiment"),
        ("{ask: A, choices: [{text: a, when: 1 < 2}]}", "a list of 2 to 6 answers"),
        ("{ask: A, choices: [{text: a}, {text: b}]}", "at most one choice is right otherwise"),
        ("{ask: A, choices: [{text: a, when: 1 < 2}, {text: a}]}", "two are the same"),
        ("{ask: A, choices: [[], {text: a}]}", "every choice has a text"),
        ("{ask: A, number: 'norm(ridge, l2=5)'}", "a changed experiment that the page does not train"),
        ("3", "guess must be names with values"),
    ],
)
def test_a_prediction_that_cannot_be_asked_is_refused(guess, sentence):
    assert any(sentence in said for _, said in faults(text(predictions=f"\n  guess: {guess}")))


@pytest.mark.parametrize("name", ["lambda", "Plain", "a-b", "1st", "x" * 41])
def test_a_name_is_one_that_an_expression_can_hold(name):
    written = text(experiments=f"\n  {name}: {{}}\n  plain: {{}}\n  ridge: {{}}")
    ((line, sentence),) = faults(written)
    assert line == line_of(written, name)
    assert "a name has small letters, digits and _" in sentence


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("<script>alert(1)</script>", "HTML cannot be used"),
        ("a <img src=x onerror=alert(1)>", "HTML cannot be used"),
        ("![a](https://example.org/a.png)", "pictures cannot be used"),
        ("[a](javascript:alert(1))", "a link must begin with https://, got javascript:alert(1"),
        ("[a](/learn)", "a link must begin with https://"),
        ("[a]: javascript:alert(1)", "a link must begin with https://"),
        ("http://example.org", "a link must begin with https://"),
        ("- {{chart: soft_threshold}}", "must stand in a line of its own"),
        ("{{chart soft_threshold}}", "must be written {{value: expression}} or {{chart: name}}"),
        ("{{chart: soft_threshold", "{{ must be closed by }}"),
        ("{{plot: soft_threshold}}", "there is no place {{plot: ...}}"),
        ("{{value: norm(ridge); huge}}", "a value is written plain, percent, whole"),
        ("{{chart: soft_threshold; strength=a}}", "strength must be a number, got a"),
        ("{{chart: soft_threshold; strength}}", "after a semicolon must come name=value"),
        ("{{chart: boundary; of=ridge}}", "data with two inputs and classes"),
        ("{{chart: loss}}", "there is no experiment (none is named)"),
        ("{{compare: ridge; column=val_los}}", "there is no curve los; did you mean loss?"),
        ("{{compare: ridge; chart=sweep}}", "there is no sweep ridge"),
        ("{{demo: none}}", "there is no demonstration none"),
        ("{{predict: guess}}", "is asked for twice"),
        ("  ```", "must stand at the beginning of its line"),
        ("a ``` b", "must stand in a line of its own"),
        ("```python", "the code that begins here must end with a line ```"),
    ],
)
def test_what_may_not_stand_in_the_text_is_refused_in_its_line(row, sentence):
    written = text(body=f"{BODY}\n\n{row}")
    assert any(line == len(written.split("\n")) and sentence in said for line, said in faults(written)), faults(written)


@pytest.mark.parametrize("row", ["{{value: norm(ridge)}}", "{{chart: loss; of=ridge}}", "{{compare: ridge}}"])
def test_nothing_of_the_runs_is_shown_before_the_reader_has_predicted(row):
    assert "after the first {{predict: ...}}" in only_fault(text(body=f"{row}\n\n{BODY}"))


def test_a_figure_may_stand_before_the_prediction():
    made = lesson("{{value: soft_threshold.zeros(strength=1); percent}}\n\n{{chart: soft_threshold}}\n\n" + BODY)
    assert isinstance(made.blocks[0], Text)


def test_code_is_left_as_it_is():
    code = "```python\nif a <b: print('{{value: 1}}', '![')\n```"
    (*_, last) = lesson(f"{BODY}\n\n{code}\n\n`{{{{value: 1}}}}` and $x^{{{{2}}}}$").blocks
    assert isinstance(last, Text)
    assert last.markdown.startswith(code)
    assert last.values == {}


def test_251_words_in_a_row_are_too_many_and_250_are_not():
    words = "word " * 250
    assert lesson(f"{BODY}\n\n{words}")
    assert "at most 250 words" in only_fault(text(body=f"{BODY}\n\n{words}more"))


def test_a_prediction_must_be_asked():
    assert [sentence.split(";")[0] for _, sentence in faults(text(body="Nothing."))] == [
        "a lesson asks for a prediction: {{predict: name}} must stand somewhere in its text",
        "the prediction guess is asked for nowhere",
    ]


def test_two_settings_cannot_have_one_name_in_charts():
    sweeps = "{one: {from: ridge, vary: l2.l2, values: [1, 2], label: A}, two: {from: ridge, vary: l2.l2, values: [2, 3], label: A}}"  # noqa: E501
    assert "A 2 is there twice" in only_fault(text(sweeps=sweeps))


def test_a_file_that_is_too_long_or_no_text_is_refused(tmp_path):
    long, other = tmp_path / "long.md", tmp_path / "other.md"
    long.write_text(text(body="a" * 70_000))
    other.write_bytes(b"---\n\xff\xfe")
    for path in (long, other):
        with pytest.raises(InvalidLesson, match="at most 65536 bytes"):
            read_file(path)


def test_lessons_are_named_after_their_folders_without_the_number_and_come_in_its_order(tmp_path):
    for folder in ("02-second", "01-first"):
        (tmp_path / "lessons" / folder).mkdir(parents=True)
        (tmp_path / "lessons" / folder / "lesson.md").write_text(text())
    assert [name for name, _ in lesson_files(tmp_path, "lesson")] == ["first", "second"]


PIECES = st.sampled_from(
    [*FRONT.split("\n"), *BODY.split("\n"), "---", "  x: [", "- {", "? a", "a: !b c", "1e999", "%"]
)
MIXED = st.lists(st.one_of(PIECES, st.text(max_size=12))).map("\n".join)


@given(front=MIXED, body=MIXED)
@settings(max_examples=80)
def test_whatever_a_file_holds_it_is_a_lesson_or_faults_with_lines_of_the_file(front, body):
    written = f"---\n{front}\n---\n{body}"
    rows = written.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    found = faults_or_none(written)
    assert all(1 <= line <= rows + 1 and sentence for line, sentence in found)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just("plain")),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip
FIELDS = (
    "title",
    "minutes",
    "seeds",
    "experiments",
    "sweeps",
    "predictions",
    "claims",
    "controls",
    "further",
    "sources",
)


@given(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=3))
@settings(max_examples=80)
def test_a_value_of_any_kind_in_any_field_gives_a_lesson_or_sentences(changes):
    written = text(**{name: json.dumps(value) for name, value in changes.items()})
    assert all(line >= 1 and "Error" not in sentence for line, sentence in faults_or_none(written))
