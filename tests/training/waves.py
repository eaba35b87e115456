"""Members that join a crew in waves, and how alike two records are."""

import numpy as np

from regdash.training.crew import Crew, Member

ONE_EPOCH = 1e-9  # seconds of a segment: as short as a segment can be


def trained(*waves, apart=2, seconds=ONE_EPOCH, **limits):
    """Let waves of members join a crew, some turns apart, and train all to their ends: their records by ticket."""
    crew, ended = Crew(seconds, **limits), {}
    for wave in waves:
        crew.add(wave)
        for _ in range(apart):
            ended |= advanced(crew).ended
    return ended | rest(crew)


def rest(crew):
    """The records of all that are left."""
    ended = {}
    while crew.tickets:
        ended |= advanced(crew).ended
    return ended


def advanced(crew):
    """One turn in which nothing fails."""
    turn = crew.turn()
    assert not turn.failed
    return turn


def members(experiments, first=0, probed=False):
    return [Member(first + k, experiment, probed) for k, experiment in enumerate(experiments)]


def alike(ours, theirs, atol=2e-6):
    """The same curves, the same end, and the same weights and answers."""
    assert ours.status == theirs.status
    for name in theirs.history:
        np.testing.assert_allclose(ours.history[name], theirs.history[name], atol=atol, rtol=1e-4, err_msg=name)
    for own, other in zip(ours.weights, theirs.weights, strict=True):
        np.testing.assert_allclose(own, other, atol=1e-4)
    for name in ("train_outputs", "val_outputs", "best_outputs", "test_outputs", "best_test_outputs"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), atol=1e-3, rtol=1e-3, err_msg=name)


def same_looks(ours, theirs):
    """The same boundary and the same snapshots after the same epochs."""
    np.testing.assert_array_equal(ours.probe.epochs, theirs.probe.epochs)
    np.testing.assert_array_equal(ours.probe.x, theirs.probe.x)
    np.testing.assert_allclose(ours.probe.answers.astype(int), theirs.probe.answers.astype(int), atol=1)
    np.testing.assert_array_equal(ours.snapshots.epochs, theirs.snapshots.epochs)
    for layer, norms in theirs.snapshots.spectral.items():
        np.testing.assert_allclose(ours.snapshots.spectral[layer], norms, rtol=1e-4)
