"""Imported: curves that were trained elsewhere, and how they are kept."""

import json
import zlib
from dataclasses import dataclass

import numpy as np

from regdash.errors import RegdashError
from regdash.record import History

MOST_KEPT = 16 * 2**20  # bytes of one setting's kept curves once unpacked
LONGEST_NAME = 80
RUNNING = (
    "Its training loss is Keras' running mean with dropout on and the penalty included. Regdash's own is without "
    "either, so the two are not drawn as one quantity and no gap is told."
)
PENALISED = (
    "Keras' validation loss includes any L1 or L2 penalty of the model; Regdash's own never does. Compare the two only "
    "where there is none, or a small one."
)
UNJUDGED = "It has no validation loss, so no best epoch can be told."


@dataclass(frozen=True)
class Imported:
    """One setting that was trained elsewhere: a history for each of its seeds.

    The columns have our names, see `regdash.imports.names`; `val_loss` is always there, nan where it was not given.
    `notes` say what was assumed while reading; they are not kept.
    """

    name: str
    source: str  # in words, such as "Keras history"
    histories: tuple[History, ...]
    notes: tuple[str, ...] = ()

    @property
    def epochs(self) -> int:
        """How many epochs the longest history has."""
        return max((len(history.epochs) for history in self.histories), default=0)

    @property
    def columns(self) -> tuple[str, ...]:
        """The curves that at least one history has a number of."""
        names = dict.fromkeys(name for history in self.histories for name in history)
        return tuple(name for name in names if any(name in h and not np.isnan(h[name]).all() for h in self.histories))

    @property
    def cautions(self) -> tuple[str, ...]:
        """How its losses differ from ours, in sentences; they stand wherever it is compared."""
        if "loss" in self.columns:  # without penalty: written by Regdash
            return () if "val_loss" in self.columns else (UNJUDGED,)
        said = (RUNNING,) if "running_loss" in self.columns else ()
        return (*said, PENALISED if "val_loss" in self.columns else UNJUDGED)


def clean_name(name: str, otherwise: str = "Imported") -> str:
    """A name in one line of at most 80 letters, without what cannot be printed."""
    words = "".join(letter if letter.isprintable() else " " for letter in name).split()
    return " ".join(words)[:LONGEST_NAME].strip() or otherwise


def to_bytes(imported: Imported) -> bytes:
    """The curves as they are kept, without their name: compressed JSON, equal for equal curves.

    Raises RegdashError with a sentence when they are too many to be kept.
    """
    tables = [{name: column.tolist() for name, column in sorted(each.items())} for each in imported.histories]
    text = json.dumps(tables, separators=(",", ":")).encode()
    if len(text) > MOST_KEPT:
        raise RegdashError(
            f"{imported.name} has too many numbers: written out they may take {MOST_KEPT // 2**20} MB, and they take "
            f"{len(text) / 2**20:.1f} MB. Bring fewer seeds, columns or epochs."
        )
    return zlib.compress(text, 6)


def from_bytes(name: str, source: str, data: bytes) -> Imported:
    """Kept curves; raises RegdashError when they are damaged."""
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(data, MOST_KEPT)
        if not unpacker.eof:
            raise ValueError("they are cut off or too large")
        tables = json.loads(text)
        histories = tuple(History({key: np.array(column, float) for key, column in each.items()}) for each in tables)
    except (ValueError, TypeError, AttributeError, RecursionError, zlib.error) as error:
        raise RegdashError(f"the kept curves of {name} are damaged and cannot be read ({str(error)[:80]})") from None
    return Imported(name, source, histories)
