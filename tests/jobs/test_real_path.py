"""No fake anywhere: `regdash coordinator` in its own process, TensorFlow in the worker, Keras layers in the network."""

import numpy as np
import pytest
from waiting import ended, until

from regdash.experiment import Experiment

SMALL = {"training.epochs": 12, "network.widths": (8,), "data.samples": 60}


@pytest.mark.timeout(120)
def test_an_experiment_goes_from_the_queue_through_keras_to_a_record_that_learnt(open_queue):
    queue = open_queue(command=(), warm_up=False, segment_seconds=0.01)
    experiments = [Experiment().with_values(SMALL | {"training.seed": seed}) for seed in (1, 2)]
    ids = queue.submit("ann", experiments, probed=[0])
    assert queue.engine().state == "starting"
    until(lambda: ended(queue, ids), seconds=90.0)
    assert queue.engine().state == "ready"
    assert "CPU" in queue.engine().device or "GPU" in queue.engine().device
    views = queue.watch(ids)
    assert [view.record.status for view in views] == ["finished", "finished"]
    assert all(view.history["loss"][-1] < view.history["loss"][0] for view in views)
    assert not np.array_equal(views[0].history["loss"], views[1].history["loss"])
    assert [view.probe is not None for view in views] == [True, False]
    assert "tensorflow" in views[0].record.versions
