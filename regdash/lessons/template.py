"""A small lesson to begin with: it passes the check as it is."""

TEMPLATE = """---
# Everything up to the next line of dashes is the front matter, in YAML.
title: Weights under L2
question: What does an L2 penalty do to the weights of a linear model?
level: beginner          # beginner, intermediate or advanced
minutes: 5
seeds: 3                 # that the page trains; claims are always checked over 5

experiments:             # what is not said is as on the Train page
  plain:
    label: no penalty    # what it is called in charts
    data: {name: diabetes}
    network: {name: linear}
    optimizer: {name: sgd, learning_rate: 0.1}
    training: {epochs: 100, batch_size: 0}
  ridge:
    label: L2
    from: plain          # as plain, but
    regularizers: {l2: {l2: 0.1}}

sweeps:                  # one setting varied, for a curve against it
  strengths: {from: plain, vary: l2.l2, values: [0.01, 0.03, 0.1, 0.3, 1], label: L2}

predictions:             # what readers are asked before the run
  smaller:
    ask: Which network ends with the smaller weight norm?
    choices:
      - {text: the one without a penalty, when: norm(plain) < norm(ridge)}
      - {text: the one under L2, when: otherwise}

claims:                  # what the runs must show
  - norm(ridge) < norm(plain) in 5 of 5 seeds
  - zeros(ridge) ~ 0 +- 0.5

controls:                # on the Train page opened from here
  shown: [l2.l2]
  locked: [data, network]

further:
  - {say: Move the strength yourself, train: ridge, against: plain}
---
The objective of a linear model under L2 is the squared error and a price for the weights:

$$\\text{mean squared error} + \\lambda \\sum_i w_i^2$$

{{predict: smaller}}

{{compare: plain, ridge; chart=norms}}

Without a penalty the norm of the weights ends at {{value: norm(plain)}}, under L2 at {{value: norm(ridge)}}. No weight
is exactly zero: {{value: nonzero(ridge); whole}} of 10 are left.

{{compare: strengths; chart=sweep; measure=norm}}
"""
"""The text of lesson.md."""
