"""The errors Regdash raises on purpose: each is a sentence that says what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType


class RegdashError(Exception):
    """Any error that Regdash raises on purpose; its text is meant for people."""


class InvalidExperiment(RegdashError):
    """Some settings are wrong: one sentence per field, all of them at once."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors: Mapping[str, str] = MappingProxyType(dict(errors))
        super().__init__("\n".join(f"{field}: {message}" for field, message in self.errors.items()))

    def __reduce__(self) -> tuple[type["InvalidExperiment"], tuple[dict[str, str]]]:
        return InvalidExperiment, (dict(self.errors),)


@dataclass(frozen=True)
class Fault:
    """What is wrong in a text, and in which of its lines, counted from 1."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.sentence}"


class InvalidLesson(RegdashError):
    """A lesson's file is wrong: one sentence for each fault, with its line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[type["InvalidLesson"], tuple[tuple[Fault, ...]]]:
        return InvalidLesson, (self.faults,)


class BrokenLink(RegdashError):
    """A link could not be read; the text says why."""


class StoreUnavailable(RegdashError):
    """The store cannot be read or written; the text says where and why."""


class DataMissing(RegdashError):
    """The rows of a data set are not on this machine, or cannot be read; the text says what to do."""

    def __init__(self, message: str, data: str = "") -> None:
        super().__init__(message)
        self.data = data  # the name of the data set, as in links


def sentence(error: BaseException) -> str:
    """What stopped a training, for people: our own words as they are, others with their kind."""
    if isinstance(error, RegdashError):
        return str(error)
    words = " ".join(str(error).split())[:200]
    return f"The training stopped with an error of its own ({type(error).__name__}: {words})."
