"""The errors Regdash raises on purpose: each is a sentence that says what to do."""

from collections.abc import Mapping
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
