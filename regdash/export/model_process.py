"""The process behind `model.model_file`: a record comes by standard input, a .keras file goes to standard output.

This is the only file of the room that loads Keras, and nothing imports it. NumPy does as its backend, for nothing is
computed; with TensorFlow out of sight Keras loads in a fraction of the time.
"""

import os
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Write the model of the record."""
    data = sys.stdin.buffer.read()
    out = os.dup(1)
    os.dup2(2, 1)  # what libraries print must not get into the file
    sys.modules["tensorflow"] = None  # type: ignore[assignment]
    import keras

    from regdash.datasets import shape_of
    from regdash.networks import build
    from regdash.record import unpack

    record = unpack(data)
    experiment, outputs = record.experiment, int(record.val_outputs.shape[-1])
    model = build(experiment.network, keras, shape_of(experiment.data), outputs, experiment.training.seed)
    model.set_weights(list(record.weights))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "run.keras"
        model.save(file)
        with os.fdopen(out, "wb") as whole:
            whole.write(file.read_bytes())


if __name__ == "__main__":
    main()
