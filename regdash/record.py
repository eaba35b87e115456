"""RunRecord: what one training produced; frozen and NumPy only, so that pages need no engine to read it."""

import importlib
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.codec import from_json, identity, to_json
from regdash.datasets import samples, shape_of
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.networks import build

Array = NDArray[Any]

HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..{'descr': '([<|][a-z]\d)', 'fortran_order': False, 'shape': \(([\d, ]*)\), }", re.S
)
MOST_BYTES = 2**30  # of a record after decompression
TABLES = ("spectral", "dead", "counts", "edges")  # of snapshots, each with one array by layer or place
OUTPUTS = ("train_outputs", "val_outputs", "best_outputs", "test_outputs", "best_test_outputs")


@dataclass(frozen=True)
class History(Mapping[str, Array]):
    """Curves over epochs: a table of columns [E], with `epochs` = 1..E as its index.

    loss and val_loss are penalty-free and evaluated at the end of the epoch with dropout off; `penalty` is the
    L1 + L2 term; `running_loss` is what Keras prints: the mean over the epoch's batches, dropout on, penalty
    included. Then accuracy and val_accuracy, or mae, r2, val_mae, val_r2; and per layer
    `l1_norm/<layer>` = sum |w|, `l2_norm/<layer>` = sqrt(sum w^2), `near_zero/<layer>` = share of |w| < 0.001,
    with `/all` for the whole network.
    """

    columns: Mapping[str, Array]

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def epochs(self) -> Array:
        """1, 2, ..., E."""
        return np.arange(1, len(next(iter(self.columns.values()), ())) + 1)

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of the layers that have weights, without "all"."""
        return tuple(c.partition("/")[2] for c in self.columns if c.startswith("l2_norm/") and c != "l2_norm/all")

    @property
    def best_epoch(self) -> int:
        """The epoch (from 1) with the lowest val_loss; 0 when there is none yet."""
        losses = self.columns["val_loss"]
        return int(np.nanargmin(losses)) + 1 if np.isfinite(losses).any() else 0

    def to_frame(self) -> Any:
        """The table as a pandas DataFrame with the epoch as its index."""
        import pandas as pd

        return pd.DataFrame(dict(self.columns), index=pd.Index(self.epochs, name="epoch"))


@dataclass(frozen=True)
class Probe:
    """The network's answers on a grid over the two inputs at some epochs.

    `answers` [K, G, G, O] holds round(255 * probability) at epochs [K]; rows follow the second input, `x` [G] and
    `y` [G] are the grid's ticks in the units of the data.
    """

    epochs: Array
    answers: Array
    x: Array
    y: Array


@dataclass(frozen=True)
class Snapshots:
    """What the weights of a network looked like at some epochs [K].

    By layer: `spectral` [K] is the largest singular value of its kernel, `counts` [K, bins] its histogram between
    `edges` [bins + 1]. By hidden place: `dead` [K] is the share of units that are 0 on every training row.
    `coefficients` [K, F * O] are the weights of a linear network, None for others.
    """

    epochs: Array
    spectral: Mapping[str, Array]
    dead: Mapping[str, Array]
    counts: Mapping[str, Array]
    edges: Mapping[str, Array]
    coefficients: Array | None = None


@dataclass(frozen=True)
class RunRecord:
    """One finished (or cancelled, or diverged) training."""

    experiment: Experiment
    status: str  # "finished", "stopped early at epoch 31", "diverged at epoch 12", "cancelled at epoch 40"
    history: History
    weights: tuple[Array, ...]  # kernels [I, O], biases [O], ... in the order of the keras.Model's `weights`
    train_outputs: Array  # [N, O] logits or values at the final weights
    val_outputs: Array
    probe: Probe | None = None
    seconds: float = 0.0  # of the stack this member was trained in, divided by its members
    versions: Mapping[str, str] = field(default_factory=dict)
    best_outputs: Array = field(default_factory=lambda: np.zeros((0, 1), np.float32))  # validation, best epoch
    snapshots: Snapshots | None = None
    test_outputs: Array = field(default_factory=lambda: np.zeros((0, 1), np.float32))  # shown by a search's reveal only
    best_test_outputs: Array = field(default_factory=lambda: np.zeros((0, 1), np.float32))  # the same at the best epoch

    @property
    def id(self) -> str:
        return identity(self.experiment)

    @property
    def best_epoch(self) -> int:
        return self.history.best_epoch

    @property
    def gap(self) -> float:
        """Generalisation gap at the last epoch: val_loss - loss, both penalty-free; nan before the first epoch."""
        if not len(self.history.epochs):
            return float("nan")
        return float(self.history["val_loss"][-1] - self.history["loss"][-1])

    def to_keras(self, keras: Any = None) -> Any:
        """The trained network as an ordinary keras.Model: standardised inputs [N, F] to logits or values [N, O].

        It predicts what the run's network predicts, and `model.save("run.keras")` keeps it. `keras` is the installed
        one unless another is handed in.
        """
        keras = keras or importlib.import_module("keras")
        rows = samples(self.experiment.data, self.experiment.split)
        model = build(
            self.experiment.network,
            keras,
            shape_of(self.experiment.data),
            rows.outputs,
            self.experiment.training.seed,
        )
        model.set_weights(list(self.weights))
        return model


def pack(record: RunRecord) -> bytes:
    """A record as bytes: an .npz archive, never pickled."""
    arrays = _table(record.history)
    arrays |= {f"weight:{place}": weight for place, weight in enumerate(record.weights)}
    arrays |= {name: getattr(record, name) for name in OUTPUTS}
    if record.probe is not None:
        arrays |= {f"probe:{name}": getattr(record.probe, name) for name in ("epochs", "answers", "x", "y")}
    arrays |= {f"snapshot:{name}": array for name, array in _flat(record.snapshots).items()}
    facts = {
        "experiment": to_json(record.experiment),
        "status": record.status,
        "seconds": record.seconds,
        "versions": dict(record.versions),
    }
    arrays["facts"] = np.frombuffer(json.dumps(facts).encode(), np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]  # weights hardly shrink, and it would take three times as long
    return buffer.getvalue()


def unpack(data: bytes) -> RunRecord:
    """The record from its bytes; raises RegdashError when they are damaged."""
    try:
        arrays = _arrays(data)
        facts = json.loads(arrays["facts"].tobytes())
        probe = {name.partition(":")[2]: array for name, array in arrays.items() if name.startswith("probe:")}
        return RunRecord(
            experiment=from_json(facts["experiment"]),
            status=facts["status"],
            history=_history(arrays),
            weights=tuple(arrays[f"weight:{i}"] for i in range(sum(n.startswith("weight:") for n in arrays))),
            **{name: arrays[name] for name in OUTPUTS if name in arrays},
            probe=Probe(**probe) if probe else None,
            snapshots=_unflat({n.partition(":")[2]: a for n, a in arrays.items() if n.startswith("snapshot:")}),
            seconds=facts["seconds"],
            versions=facts["versions"],
        )
    except Exception as error:  # damaged bytes may fail anywhere in zip, zlib, the array headers or JSON
        raise RegdashError(f"this stored run is damaged and cannot be read ({error})") from None


def _table(history: History) -> dict[str, Array]:
    """All curves as one table [C, E] with the names of its rows: an archive of few arrays is made and read quickly."""
    names = np.frombuffer(json.dumps(list(history)).encode(), np.uint8)
    return {"history": np.stack(list(history.values())), "history_names": names} if len(history) else {}


def _history(arrays: Mapping[str, Array]) -> History:
    """The curves; earlier versions kept each of them by itself."""
    if "history" not in arrays:
        return History({n.partition(":")[2]: a for n, a in arrays.items() if n.startswith("history:")})
    names = json.loads(arrays["history_names"].tobytes())
    return History(dict(zip(names, arrays["history"], strict=True)))


def _arrays(data: bytes) -> dict[str, Array]:
    """All arrays of an .npz archive by name. It has many small ones, for which np.load takes five times as long."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        size = sum(entry.file_size for entry in entries)
        if size > MOST_BYTES:
            raise ValueError(f"it would take {size} bytes, and at most {MOST_BYTES} are read")
        return {entry.filename.removesuffix(".npy"): _array(_content(data, entry)) for entry in entries}


def _content(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """What one file of an archive holds; ZipFile.open would look for encryption, comments and much else."""
    names, extra = struct.unpack_from("<HH", data, entry.header_offset + 26)
    start = entry.header_offset + 30 + names + extra
    packed = data[start : start + entry.compress_size]
    stored = entry.compress_type == zipfile.ZIP_STORED
    content = packed if stored else zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, max(entry.file_size, 1))
    if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
        raise ValueError(f"{entry.filename} is not what was written")
    return content


def _array(content: bytes) -> Array:
    """The array of an .npy file; never pickled."""
    header = HEADER.match(content)
    if header is None or np.dtype(header[1].decode()).kind not in "biuf":
        return np.asarray(np.lib.format.read_array(io.BytesIO(content), allow_pickle=False))
    shape = tuple(int(length) for length in header[2].split(b",") if length.strip())
    start = 10 + int.from_bytes(content[8:10], "little")
    return np.frombuffer(content, header[1].decode(), offset=start).reshape(shape).copy()


def _flat(snapshots: Snapshots | None) -> dict[str, Array]:
    """Snapshots as arrays by name, such as "spectral/hidden_1"."""
    if snapshots is None:
        return {}
    found = {"epochs": snapshots.epochs}
    for table in TABLES:
        found |= {f"{table}/{name}": array for name, array in getattr(snapshots, table).items()}
    return found if snapshots.coefficients is None else found | {"coefficients": snapshots.coefficients}


def _unflat(arrays: Mapping[str, Array]) -> Snapshots | None:
    if not arrays:
        return None
    tables: dict[str, dict[str, Array]] = {table: {} for table in TABLES}
    for name, array in arrays.items():
        table, _, key = name.partition("/")
        if key:
            tables[table][key] = array
    return Snapshots(epochs=arrays["epochs"], coefficients=arrays.get("coefficients"), **tables)
