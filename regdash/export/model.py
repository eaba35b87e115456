"""The trained network as a .keras file, made by a process of its own: the one that shows pages never loads Keras."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence

from regdash.errors import RegdashError
from regdash.record import RunRecord, pack

COMMAND = (sys.executable, "-m", "regdash.export.model_process")
SECONDS = 120.0  # that the process may take; it needs a few
PATIENCE = 60.0  # seconds to wait while other models are made
ENVIRONMENT = {"KERAS_BACKEND": "numpy", "CUDA_VISIBLE_DEVICES": "-1"}

log = logging.getLogger(__name__)
_alone = threading.Lock()


def model_file(
    record: RunRecord, command: Sequence[str] = COMMAND, seconds: float = SECONDS, patience: float = PATIENCE
) -> bytes:
    """The network of a record with its final weights, as `keras.models.load_model` reads it.

    It takes rows as the run's network did: those of data that are standardised, standardised. One is made at a time;
    RegdashError says in a sentence why it could not be done.
    """
    if not _alone.acquire(timeout=patience):
        raise RegdashError("Other models are being made at the moment. Wait a minute and try again.")
    try:
        done = subprocess.run(
            command, input=pack(record), capture_output=True, timeout=seconds, env=os.environ | ENVIRONMENT, check=False
        )
    except subprocess.TimeoutExpired:
        message = f"The model was not made within {seconds:g} seconds, as this machine is busy. Try again later."
        raise RegdashError(message) from None
    except OSError as error:
        raise RegdashError(f"The model could not be made: {error.strerror or error}. Try again later.") from None
    finally:
        _alone.release()
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace")[-4_000:]
        log.error("The process that writes a .keras file ended with status %d and said:\n%s", done.returncode, said)
        raise RegdashError("The model could not be made. What went wrong stands in the server's log; try again.")
    return done.stdout
