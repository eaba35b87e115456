"""Whether a lesson shows what it says, on made-up runs of known ends."""

import pytest
from made_lessons import BODY, lesson, runs

from regdash.lessons.checking import check_lesson, check_lessons, evidence_of, runs_of
from regdash.repeats import setting_key

CLASSES = """
  plain: {}
  ridge:
    from: plain
    regularizers: {l2: {l2: 0.1}}"""
ENDS = {"plain": (0.5, 0.6, 0.7, 0.8, 0.9), "ridge": (0.4, 0.4, 0.6, 0.7, 0.95)}


def made(body=BODY, **changes):
    return lesson(body, experiments=CLASSES, **changes)


def report(given, ends=ENDS):
    records = [record for name, each in given.experiments.items() for record in runs(each, ends[name])]
    return check_lesson(given, evidence_of(records))


@pytest.mark.parametrize(("held", "holds"), [(3, True), (4, True), (5, False)])
def test_a_claim_holds_in_as_many_seeds_as_it_says_or_more(held, holds):
    given = made(claims=f"[val_loss(ridge) < val_loss(plain) in {held} of 5 seeds]")
    (checked,) = report(given).claims
    assert (checked.holds, checked.seeds, checked.of) == (holds, 4, 5)


def test_a_claim_that_does_not_hold_says_its_numbers():
    (checked,) = report(made(claims="[val_loss(ridge) > val_loss(plain) in 5 of 5 seeds]")).claims
    assert checked.sentence == (
        "val_loss(ridge) > val_loss(plain) in 5 of 5 seeds: does not hold in 1 of 5 seeds "
        "(val_loss(ridge) = 0.61 [0.4 0.4 0.6 0.7 0.95], val_loss(plain) = 0.7 [0.5 0.6 0.7 0.8 0.9])"
    )


def test_a_claim_without_seeds_is_about_the_means():
    assert report(made(claims="[val_loss(plain) ~ 0.7 +- 0.001]")).claims[0].holds
    assert not report(made(claims="[val_loss(plain) ~ 0.6 +- 0.001]")).claims[0].holds


def test_a_claim_about_a_figure_needs_no_run():
    given = made(claims="[soft_threshold.l1_of_one(strength=1) ~ 0 +- 0.001]")
    assert report(given).claims[0].sentence.endswith(": holds (soft_threshold.l1_of_one(strength=1) = 0)")


@pytest.mark.parametrize(
    ("guess", "holds", "said"),
    [
        ("{ask: A, choices: [{text: x, when: val_loss(ridge) < val_loss(plain)}, {text: y}]}", True, "right is: x"),
        ("{ask: A, choices: [{text: x, when: val_loss(ridge) > val_loss(plain)}, {text: y}]}", True, "right is: y"),
        ("{ask: A, choices: [{text: x, when: 1 < 2}, {text: y, when: 2 < 3}]}", False, "got 2 (x; y)"),
        ("{ask: A, choices: [{text: x, when: 1 > 2}, {text: y, when: 2 > 3}]}", False, "got 0 (none is)"),
        ("{ask: A, number: val_loss(plain), unit: nats}", True, "the answer is 0.7 nats"),
        ("{ask: A, number: val_loss(plain), low: 0.8, high: 1}", False, "is 0.7, which must lie within low 0.8"),
        ("{ask: A, number: 0 / 0}", False, "the answer is nan"),
        ("{ask: A, sketch: val_loss(plain)}", True, "the curve lies between 0.7 and 1"),
        ("{ask: A, sketch: val_loss(plain), low: 0.75}", False, "between 0.7 and 1, which must lie within low 0.75"),
    ],
)  # fmt: skip
def test_a_prediction_must_have_an_answer_that_can_be_given(guess, holds, said):
    (found,) = report(made(predictions=f"\n  guess: {guess}")).predictions
    assert (found.holds, said in found.sentence) == (holds, True), found.sentence
    assert found.line > 1


def test_a_sketch_of_runs_that_end_at_different_epochs_is_their_mean_as_long_as_they_last():
    given = made(predictions="\n  guess: {ask: A, sketch: val_loss(plain), low: 0.55, high: 1}")
    plain, ridge = given.experiments.values()
    members = [*runs(plain, (0.5, 0.5, 0.5, 0.5, 1.0), epochs=20)[:4], runs(plain, (1.0,) * 5, epochs=40)[4]]
    (found,) = check_lesson(given, evidence_of([*members, *runs(ridge, ENDS["ridge"])])).predictions
    assert found.holds  # the mean of the first 20 epochs ends at 0.6, later only the long run of 1.0 is left
    assert "between 0.6 and 1" in found.sentence


def test_a_value_in_the_text_must_be_finite():
    given = made(BODY + "\n\n{{value: val_loss(plain)}} {{value: val_loss(plain) / 0}}")
    (found,) = report(given).values
    assert (found.holds, found.sentence) == (False, "value val_loss(plain) / 0: must be a finite number, got inf")


def test_runs_that_lessons_share_are_trained_once_and_all_together():
    lessons = (made(), made(claims="[norm(ridge) < norm(plain), norm(l2=0.5) < norm(plain)]"))
    asked = []

    def train(experiments):
        asked.append(experiments)
        return [run for each in experiments for run in runs(each, (0.5,))]

    reports = check_lessons(lessons, train)
    assert [each.lesson for each in reports] == list(lessons)
    (trained,) = asked
    assert trained == runs_of(lessons)
    assert len(trained) == len(set(trained)) == 3 * 5
    assert len({setting_key(each) for each in trained}) == 3
