"""The .keras file of a run, and what is said when it cannot be made."""

import sys

import numpy as np
import pytest

from regdash.api import MLP, Digits, Experiment, Moons, Split, Training, samples, train
from regdash.errors import RegdashError
from regdash.export.model import model_file
from regdash.networks import ResidualConvolutional

SHORT = Training(epochs=1, batch_size=16)
EXPERIMENTS = {
    "dense": Experiment(data=Moons(samples=60), network=MLP((8,), normalization="layer"), training=SHORT),
    "convolutional": Experiment(
        data=Digits(rows=60),
        split=Split(train=0.5),
        network=ResidualConvolutional(filters=(4, 6), normalization="batch"),
        training=SHORT,
    ),
}


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras, when it loads
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_plain_keras_loads_the_file_and_predicts_what_the_run_predicts(name, tmp_path):
    from regdash.training.backend import keras

    experiment = EXPERIMENTS[name]
    (record,) = train(experiment)
    path = tmp_path / "run.keras"
    path.write_bytes(model_file(record))
    answers = keras.models.load_model(path).predict(samples(experiment.data, experiment.split).validation.x, verbose=0)
    np.testing.assert_allclose(answers, record.val_outputs, atol=1e-5, rtol=1e-5)


@pytest.fixture(scope="module")
def record():
    (found,) = train(EXPERIMENTS["dense"])
    return found


def test_a_process_that_fails_is_a_sentence_without_its_trace(record, caplog):
    with pytest.raises(RegdashError, match="could not be made") as raised:
        model_file(record, [sys.executable, "-c", "raise SystemError('secret')"])
    assert "secret" not in str(raised.value)
    assert "secret" in caplog.text


def test_a_process_that_takes_too_long_is_ended_with_a_sentence(record):
    with pytest.raises(RegdashError, match=r"not made within 0\.5 seconds"):
        model_file(record, [sys.executable, "-c", "import time; time.sleep(60)"], seconds=0.5)


def test_a_process_that_cannot_be_started_is_a_sentence(record):
    with pytest.raises(RegdashError, match="could not be made: No such file"):
        model_file(record, ["/nowhere/python"])
