"""A few small lessons of the tests' own, and what is done to a page that shows them."""

import numpy as np
from fake_queue import fake_record
from test_train import button, words

from regdash.lessons.reading import read_lesson
from regdash.repeats import Setting

LEARN = "pages/learn.py"
LESSON = """---
title: Does L2 help?
question: What does a penalty change?
level: beginner
minutes: 7
seeds: 2
experiments:
  plain:
    label: no penalty
    training: {epochs: 30}
  decayed:
    label: with L2
    from: plain
    regularizers: {l2: {l2: 0.01}}
predictions:
  which:
    ask: Which norm is smaller?
    choices:
      - {text: Of no penalty, when: norm(plain) < norm(decayed)}
      - {text: With the penalty, when: otherwise}
  much:
    ask: How small is it?
    number: norm(decayed)
    low: 0
    high: 10
claims:
  - norm(decayed) < norm(plain) in 5 of 5 seeds
controls:
  shown: [l2.l2]
  locked: [data]
further:
  - {say: Move it, train: decayed, against: plain}
  - {say: Side by side, compare: [plain, decayed]}
sources:
  - A book
---
Before.

{{predict: which}}

In between it is {{value: norm(decayed)}}.

{{compare: plain, decayed; chart=norms}}

{{predict: much}}

The end: {{value: accuracy(decayed); percent}}.

{{objective: decayed}}
"""
SECOND = LESSON.replace("Does L2 help?", "Another one").replace("level: beginner", "level: advanced")
QUESTION = """---
title: Why tune at all?
seeds: 1
experiments:
  plain:
    training: {epochs: 20}
claims:
  - norm(plain) > 0
---
First words.

{{compare: plain}}

Last words: {{value: norm(plain)}}.
"""
EXPERIMENTS = read_lesson(LESSON, "does-l2-help").experiments


def checked(page):
    assert not page.exception
    return page


def press(page, label):
    return checked(button(page, label).click().run())


def text(page):
    return words(page) + " ".join(each.value for each in page.markdown)


def labels(page):
    return [each.label for each in page.button]


def address(page):
    return {key: value if isinstance(value, str) else value[0] for key, value in page.query_params.items()}


def members():
    return [member for each in EXPERIMENTS.values() for member in Setting(each, 2).members]


def norm(name):
    """The mean over both seeds of the formula's weight norm at the last epoch."""
    records = [fake_record(member) for member in Setting(EXPERIMENTS[name], 2).members]
    return np.mean([record.history["l2_norm/all"][-1] for record in records])


def predicted(page):
    """Choose the second answer and keep it."""
    page.radio[0].set_value(1).run()
    return press(page, "Keep my prediction")
