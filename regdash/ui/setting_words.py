"""A setting in words: what differs from the default experiment."""

from functools import lru_cache

from regdash.experiment import Experiment, differences

MOST_NAMED, LONGEST = 6, 60


@lru_cache(maxsize=4_096)
def in_words(experiment: Experiment) -> str:
    """The data set, the network, the optimizer, and what else differs: 'Moons, Dense, Adam with Dropout 0.3'."""
    found = _different(experiment)
    more = f", and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    head = f"{experiment.data.label}, {experiment.network.label}, {experiment.optimizer.label}"
    return f"{head} with {', '.join(found[:MOST_NAMED])}{more}" if found else head


@lru_cache(maxsize=4_096)
def short_words(experiment: Experiment) -> str:
    """What differs from the default experiment, short enough for a button: 'Iris: Dropout 0.3, L2 strength 0.01'."""
    data = "" if experiment.data == Experiment().data else experiment.data.label
    words = ": ".join(filter(None, (data, ", ".join(_different(experiment))))) or "Default setting"
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _different(experiment: Experiment) -> list[str]:
    return [
        f"{each.label} {each.after}"
        for each in differences(Experiment(), experiment)
        if each.path not in ("data", "training.seed", "split.fold")
    ]
