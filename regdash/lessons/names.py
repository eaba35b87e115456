"""What the words of an expression mean: a lesson's experiments, their settings, and the numbers of figures."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from regdash.errors import InvalidExperiment, RegdashError
from regdash.experiment import Experiment
from regdash.params import nearest, params_of


class Consequence(RegdashError):
    """Something that cannot be read because of another fault, which is said where it is."""


@dataclass(frozen=True)
class Names:
    """What an expression may speak of: a lesson's experiments by name; the first is meant when none is named.

    `known` lists what figures and demonstrations compute: name -> names of numbers. `broken` are the names of
    experiments that could not be read, which has been said already.
    """

    experiments: Mapping[str, Experiment] = field(default_factory=dict)
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    broken: Collection[str] = frozenset()

    @property
    def base(self) -> Experiment | None:
        return next(iter(self.experiments.values()), None)


def resolved(names: Names, positional: Sequence[str], changes: Mapping[str, Any]) -> Experiment:
    """The experiment that is meant: by its name, with changes such as dropout=0.75 or learning_rate=0.1."""
    if len(positional) > 1:
        raise RegdashError(f"one experiment is asked for at a time, got {', '.join(positional)}")
    if positional and positional[0] in names.broken:
        raise Consequence
    if positional and positional[0] not in names.experiments:
        known = tuple(names.experiments)
        hint = nearest(positional[0], known) or (f"; there are {', '.join(known)}" if known else "; there is none")
        raise RegdashError(f"there is no experiment {positional[0]} in this lesson{hint}")
    found = names.experiments[positional[0]] if positional else names.base
    if found is None:
        raise (
            Consequence if names.broken else RegdashError("this lesson has no experiments; list some, or ask a figure")
        )
    try:
        return found.with_values({_path(found, key): value for key, value in changes.items()}) if changes else found
    except InvalidExperiment as error:
        raise RegdashError("; ".join(error.errors.values())) from None


def _path(experiment: Experiment, key: str) -> str:
    """The setting that a word means: dropout is dropout.rate, learning_rate is optimizer.learning_rate."""
    if key in experiment.parts:
        declared = params_of(type(experiment.parts[key]))
        if declared:
            return f"{key}.{declared[0].name}"
    found = [path for path in experiment.values if path.partition(".")[2] == key]
    if len(found) != 1:
        problem = f"could be {' or '.join(found[:3])}" if found else "is no setting of this experiment"
        words = tuple(path.partition(".")[2] for path in experiment.values)
        raise RegdashError(f"{key} {problem}{'' if found else nearest(key, words)}")
    return found[0]
