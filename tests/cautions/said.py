"""What the cautions say of an experiment, or of one rule's border."""

from regdash.cautions import warnings_before
from regdash.experiment import Experiment


def said(words: str, **parts: object) -> str:
    """The one sentence with these words, or nothing."""
    (sentence,) = [s for s in warnings_before(Experiment(**parts)) if words in s] or [""]
    return sentence
