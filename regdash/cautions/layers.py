"""Layers through which nothing passes: sigmoids in a row, and normalisation over a single number."""

from regdash.cautions.places import batch, choice, hidden, rows, steps_per_epoch
from regdash.experiment import Experiment
from regdash.networks import Highway

MANY = 4  # sigmoids in a row
FEW_STEPS = 7  # up to here one bad step costs a fifth of the validation loss and more after 150 epochs (measured)


def deep_sigmoid(experiment: Experiment) -> str:
    """Each sigmoid leaves at most 1/4 of the gradient, where neither skips, gates nor normalisation help it."""
    layers = _bends_in_a_row(experiment)
    if choice(experiment, "activation") != "sigmoid" or layers < MANY:
        return ""
    return (
        f"A sigmoid's slope is at most 1/4, so {layers} layers of them shrink the gradient up to {4**layers:,} times "
        "on its way back and the first layers hardly learn. Use relu or fewer layers."
    )


def one_unit_normalized(experiment: Experiment) -> str:
    """Over one number x - mean is 0."""
    narrow = [place for place, shape in enumerate(hidden(experiment), start=1) if shape[-1] == 1]
    if choice(experiment, "normalization") != "layer" or not narrow:
        return ""
    return (
        f"Hidden place {narrow[0]} has a single unit or filter, and layer normalisation subtracts its mean, which is "
        "itself: what is left is 0 for every row, and the network answers the same for all. Take at least 2 units."
    )


def batch_of_one(experiment: Experiment) -> str:
    """Over a batch of one row x - mean is 0."""
    if batch(experiment) > 1 or not _normalizes_rows(experiment):
        return ""
    return (
        "Batch normalisation subtracts the mean of the batch, and with 1 row that is the row itself: in training every "
        "unit gives the same for all rows and nothing is learnt from the inputs. Take a batch size of 16 or more."
    )


def last_batch_of_one(experiment: Experiment) -> str:
    """One of few steps is spoilt where n mod B = 1."""
    n, size, steps = rows(experiment), batch(experiment), steps_per_epoch(experiment)
    if size == 1 or n % size != 1 or steps > FEW_STEPS or not _normalizes_rows(experiment):
        return ""
    better = next(b for b in range(size + 1, n + 1) if n % b != 1)
    return (
        f"Batches of {size} out of {n} rows leave 1 row for the last of {steps} steps, and batch normalisation of a "
        f"single row makes 0 of everything: one step in {steps} is misled. Take a batch size of {better}."
    )


def _bends_in_a_row(experiment: Experiment) -> int:
    """How many activations a gradient has to pass one after the other; 0 where there is a way around them."""
    places = len(hidden(experiment))
    detour = choice(experiment, "skip") is True or isinstance(experiment.network, Highway)
    if detour or choice(experiment, "normalization") != "none":
        return 0
    return 2 * places - 1 if choice(experiment, "skip") is False else places


def _normalizes_rows(experiment: Experiment) -> bool:
    """Whether batch normalisation takes one number per row; over an image it has all pixels besides."""
    dense = choice(experiment, "widths") if experiment.network.images else hidden(experiment)
    return choice(experiment, "normalization") == "batch" and bool(dense)
