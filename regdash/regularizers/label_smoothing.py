"""Targets that are not quite sure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from regdash.params import param
from regdash.regularizers.base import Where


@dataclass(frozen=True)
class LabelSmoothing:
    """y * (1 - smoothing) + smoothing / C on the training targets of C classes; two classes in one column have C = 2.

    As `label_smoothing` of keras.losses.CategoricalCrossentropy and BinaryCrossentropy. For classification only.
    The curves are judged on the true labels. Source: Szegedy et al., CVPR 2016, arXiv 1512.00567.
    """

    name: ClassVar[str] = "label_smoothing"
    label: ClassVar[str] = "Label smoothing"
    help: ClassVar[str] = "Teaches the network to be a little unsure, so that it does not push its answers to extremes."
    station: ClassVar[Where] = "targets"

    smoothing: float = param(
        0.0,
        "Label smoothing",
        "The share of certainty taken from the true class and spread evenly over all classes while training. Helps "
        "against wrong labels and overconfidence. 0 is off; 0.1 is usual. It changes nothing in a regression.",
        low=0.01,
        high=0.5,
        step=0.01,
        off=0.0,
        stack=True,
        strength=1,
    )

    @property
    def active(self) -> bool:
        return self.smoothing > 0

    @property
    def numbers(self) -> Mapping[str, float]:
        return {"label_smoothing": self.smoothing}

    @staticmethod
    def smoothed(y: Any, smoothing: Any, ops: Any) -> Any:
        """The targets [..., C], one-hot or one column of 0 and 1; `smoothing` broadcasts against them."""
        classes = max(int(y.shape[-1]), 2)
        return y * (1 - smoothing) + smoothing / classes
