"""Whether a setting differs from its baseline by more than chance, and how many seeds would tell."""

from collections.abc import Sequence

from regdash.diagnosis.advice import Advice
from regdash.intervals import MOST_SEEDS, Change, paired_change, seeds_to_decide
from regdash.record import RunRecord

OFFERED = 10  # seeds of one setting, at most

Key = tuple[int, int, int]


def within_noise(records: Sequence[RunRecord], baseline: Sequence[RunRecord]) -> tuple[str, Advice] | None:
    """What to say when the paired intervals of the validation loss, at its best and at the last epoch, hold 0.

    None when one does not: a setting may keep what another loses after its best epoch.

    Runs with equal seed, data seed and fold are a pair; there must be at least two pairs, on the same data set. Folds
    share training rows, so over folds the interval is somewhat too narrow (Bengio and Grandvalet, JMLR 5, 2004).
    """
    before, after = _best(baseline), _best(records)
    pairs = sorted(before.keys() & after.keys())
    change = paired_change([after[key] for key in pairs], [before[key] for key in pairs])
    old, new = _last(baseline), _last(records)
    end = paired_change([new[key] for key in pairs], [old[key] for key in pairs])
    alike = type(records[0].experiment.data) is type(baseline[0].experiment.data)
    if not (alike and change.within_noise and end.within_noise):
        return None
    word = _word(pairs)
    differences = [after[key] - before[key] for key in pairs]
    if not any(differences):
        sentence = f"The same as its baseline: the best validation loss is equal for all {change.count} {word}."
        return sentence, Advice("Change a setting that acts on this network, and compare again.")
    return _sentence(change, word), _more_seeds(seeds_to_decide(differences), word)


def key_of(record: RunRecord) -> Key:
    """What two runs must share to be a pair: seed, data seed and fold."""
    experiment = record.experiment
    return experiment.training.seed, experiment.split.seed, int(getattr(experiment.split, "fold", 0))


def _best(records: Sequence[RunRecord]) -> dict[Key, float]:
    return {key_of(r): float(r.history["val_loss"][r.best_epoch - 1]) for r in records if r.best_epoch}


def _last(records: Sequence[RunRecord]) -> dict[Key, float]:
    return {key_of(r): float(r.history["val_loss"][-1]) for r in records if r.best_epoch}


def _word(pairs: Sequence[Key]) -> str:
    """What the pairs differ in, in words."""
    differing = [len(set(values)) > 1 for values in zip(*pairs, strict=True)]
    if differing == [False, False, True]:
        return "folds"
    return "seeds" if not differing[2] else "runs"


def _sentence(change: Change, word: str) -> str:
    mean, low, high = (f"{value:+.3g}".replace("-", "−") for value in (change.mean, change.low, change.high))
    return (
        f"Within {word[:-1]} noise of its baseline: over {change.count} {word} the best validation loss differs by "
        f"{mean} on average, and the 95 % interval from {low} to {high} holds 0."
    )


def _more_seeds(needed: int | None, word: str) -> Advice:
    """The next step: as many pairs as would decide it, were mean and spread to stay as they are."""
    if needed is None:
        many = f"It would take more than {MOST_SEEDS} {word} to decide"
        return Advice(f"{many}: take the two as equal, or make a larger change.")
    if word != "seeds":
        return Advice(f"It would take about {needed} {word} to decide: repeat both with more seeds.")
    if needed > OFFERED:
        many = f"It would take about {needed} seeds to decide, and a setting has at most {OFFERED}"
        return Advice(f"{many}: take the two as equal, or make a larger change.")
    return Advice(f"Repeat both with {needed} seeds: if they differ as these do, that decides it.")
