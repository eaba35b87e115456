"""What the curves say, in plain words, and the next thing to try; every verdict is a stated rule on the numbers."""

from regdash.diagnosis.measures import Measures, loss_of_knowing_nothing, measure
from regdash.diagnosis.verdicts import Diagnosis, Kind, diagnose

__all__ = ["Diagnosis", "Kind", "Measures", "diagnose", "loss_of_knowing_nothing", "measure"]
