"""A run so far, as bytes: packed many times a second while it trains, so nothing is compressed."""

import io
import json
from dataclasses import dataclass

import numpy as np

from regdash.errors import RegdashError
from regdash.record import History, Probe

PROBE = ("epochs", "answers", "x", "y")


@dataclass(frozen=True)
class Partial:
    """The curves and grid answers of a run that is still training."""

    history: History
    probe: Probe | None


def pack_partial(partial: Partial) -> bytes:
    """One table [C, E] of all curves and the names of its rows, then the probe's arrays; never pickled."""
    names = json.dumps(list(partial.history)).encode()
    arrays = {"names": np.frombuffer(names, np.uint8), "table": np.stack(list(partial.history.values()))}
    if partial.probe is not None:
        arrays |= {name: getattr(partial.probe, name) for name in PROBE}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def unpack_partial(data: bytes) -> Partial:
    """The run so far from its bytes; raises RegdashError when they are damaged."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            names = json.loads(archive["names"].tobytes())
            history = History(dict(zip(names, archive["table"], strict=True)))
            probe = Probe(**{name: archive[name] for name in PROBE}) if "answers" in archive else None
    except Exception as error:  # damaged bytes may fail anywhere in zip, the array headers or JSON
        raise RegdashError(f"the curves so far are damaged and cannot be read ({error})") from None
    return Partial(history, probe)
