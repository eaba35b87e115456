"""Two measures that lessons ask of a finished run: what its errors cost, and which input weighs most."""

from dataclasses import replace

import numpy as np
import pytest
from fake_runs import record
from sklearn.metrics import log_loss

from regdash.api import Diabetes, Digits, Experiment, Linear, Split, samples
from regdash.lessons.measures import value_of

MOONS = Experiment()
DIGITS = Experiment(data=Digits(rows=100), split=Split(train=0.5))


def labels(experiment):
    return samples(experiment.data, experiment.split).validation.y.ravel().astype(int)


def test_the_cost_of_errors_is_the_log_loss_of_the_wrong_answers_alone():
    right = labels(MOONS)
    logits = np.random.default_rng(0).normal(0, 3, len(right))
    wrong = (logits > 0) != right
    peer = log_loss(right[wrong], 1 / (1 + np.exp(-logits[wrong])), labels=[0, 1])
    run = replace(record(MOONS), val_outputs=logits[:, None])
    assert value_of(run, "error_cost") == pytest.approx(peer)


def test_the_cost_of_errors_among_ten_classes_is_that_of_their_softmax():
    right = labels(DIGITS)
    logits = np.random.default_rng(1).normal(0, 3, (len(right), 10))
    wrong = logits.argmax(axis=1) != right
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    peer = log_loss(right[wrong], chances[wrong], labels=range(10))
    run = replace(record(DIGITS), val_outputs=logits)
    assert value_of(run, "error_cost") == pytest.approx(peer)


def test_a_run_without_errors_has_no_cost_of_errors():
    sure = np.where(labels(MOONS) == 1, 4.0, -4.0)[:, None]
    assert np.isnan(value_of(replace(record(MOONS), val_outputs=sure), "error_cost"))


def test_the_strongest_input_is_counted_from_one_and_its_sign_does_not_matter():
    line = Experiment(data=Diabetes(), network=Linear())
    kernel = np.zeros((10, 1))
    kernel[2], kernel[8] = 0.4, -0.7
    assert value_of(replace(record(line), weights=(kernel, np.zeros(1))), "strongest") == 9
