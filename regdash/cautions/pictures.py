"""Changes of images that change what they show."""

from regdash.datasets import MNIST, Digits
from regdash.experiment import Experiment
from regdash.regularizers import ImageFlip, ImageRotation

MOST_DEGREES = 30  # above, turned digits cost more than they teach (measured)


def mirrored_digits(experiment: Experiment) -> str:
    """Only 0, 1 and 8 stay themselves in a mirror."""
    if not experiment.regularizer(ImageFlip).active or not isinstance(experiment.data, Digits | MNIST):
        return ""
    return (
        "A mirrored 2 is no 2: of the ten digits only 0, 1 and 8 look alike in a mirror, and every second training "
        "image is mirrored. Switch it off for digits."
    )


def turned_digits(experiment: Experiment) -> str:
    """Turns above 30 degrees."""
    degrees = experiment.regularizer(ImageRotation).degrees
    if degrees <= MOST_DEGREES or not isinstance(experiment.data, Digits | MNIST):
        return ""
    return (
        f"Digits are told apart by their slant as well: turned by up to {degrees:g} degrees, a 7 may stand like a 1, "
        f"and what is learnt is blurred. Stay below {MOST_DEGREES}; 10 to 15 is usual."
    )
