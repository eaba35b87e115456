"""Scalars in TensorBoard's event files."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from regdash.comparison.imported import Imported, clean_name
from regdash.imports.frames import unframed
from regdash.imports.histories import MOST_COLUMNS, MOST_CURVES, MOST_EPOCHS, BrokenImport
from regdash.imports.names import VALIDATION, names_of
from regdash.imports.tables import history_from, stripped

MOST_SCALARS = 1_000_000
MOST_TAGS = 2_000
LONGEST_TAG = 200
PARTS = {"train": "", "training": ""} | dict.fromkeys(VALIDATION, "val ")  # folders of a run, and what they put before

Curves = dict[str, dict[int, float]]  # tag -> step -> value
KINDS = {1: ("f4", "float_val"), 2: ("f8", "double_val"), 3: ("i4", "int_val"), 9: ("i8", "int64_val")}  # of tensors
HALF = 19


def is_event_file(data: bytes) -> bool:
    """Whether it begins as event files do: a first record that says which version it is."""
    return b"brain.Event:" in data[:64]


def from_event_files(name: str, files: Sequence[tuple[str, bytes]]) -> list[Imported]:
    """The runs in a log directory, its files given as (path, content): one for each folder that has scalars.

    The folders `train` and `validation` of a run are read together. Steps become epochs in their order.
    """
    runs: dict[str, Curves] = {}
    room = [MOST_SCALARS]
    for path, data in sorted(files):
        folder = path.replace("\\", "/").rpartition("/")[0]
        parent, _, last = folder.rpartition("/")
        before = PARTS.get(last.lower())
        run = folder if before is None else parent
        for tag, step, value in _scalars(f"{name}, {path[-60:]}" if path != name else name, data, room):
            curves = runs.setdefault(run, {})
            if (key := f"{before or ''}{tag}") in curves or len(curves) < MOST_TAGS:
                curves.setdefault(key, {})[step] = value
    found = [made for run, curves in runs.items() if (made := _imported(name, run, curves)) is not None]
    if not found:
        seen = sorted({tag for curves in runs.values() for tag in curves})[:5]
        what = f"the scalars here: {', '.join(tag[:30] for tag in seen)}" if seen else "there are no scalars at all"
        raise BrokenImport(f"{name}: no scalar is a curve that Regdash knows, such as epoch_loss; {what}.")
    if len(found) > MOST_CURVES:
        raise BrokenImport(f"{name}: at most {MOST_CURVES} runs are read, got {len(found):,}. Bring some folders only.")
    return found


def _scalars(where: str, data: bytes, room: list[int]) -> Iterator[tuple[str, int, float]]:
    """(tag, step, value) of every scalar in a file, the old kind and the new one."""
    from google.protobuf.message import DecodeError
    from tensorboardX.proto.event_pb2 import Event

    try:
        for record in unframed(data):
            event = Event.FromString(record)
            for each in event.summary.value:
                value = each.simple_value if each.WhichOneof("value") == "simple_value" else _tensor(each)
                if value is None:
                    continue
                room[0] -= 1
                if room[0] < 0:
                    raise BrokenImport(f"{where}: at most {MOST_SCALARS:,} scalars are read. Bring fewer runs at once.")
                yield each.tag[:LONGEST_TAG], int(event.step), float(value)
    except (ValueError, DecodeError) as error:
        raise BrokenImport(f"{where}: this event file is damaged ({str(error)[:80]}). Copy it again.") from None


def _tensor(value: Any) -> float | None:
    """The number in a tensor of one number that the scalars' page would show; None for anything else."""
    if value.WhichOneof("value") != "tensor":
        return None
    tensor, plugin = value.tensor, value.metadata.plugin_data.plugin_name
    if plugin not in ("", "scalars") or any(dim.size != 1 for dim in tensor.tensor_shape.dim):
        return None
    if tensor.dtype == HALF:
        return float(np.array(list(tensor.half_val[:1]), np.uint16).view(np.float16)[0]) if tensor.half_val else None
    if tensor.dtype not in KINDS:
        return None
    kind, field = KINDS[tensor.dtype]
    if tensor.tensor_content:
        wide = np.dtype(kind).itemsize
        return float(np.frombuffer(tensor.tensor_content[:wide], f"<{kind}")[0]) if _fits(tensor, wide) else None
    written = getattr(tensor, field)
    return float(written[0]) if len(written) == 1 else None


def _fits(tensor: Any, wide: int) -> bool:
    return len(tensor.tensor_content) == wide


def _imported(name: str, run: str, curves: Mapping[str, Mapping[int, float]]) -> Imported | None:
    """The run as imported curves; None when none of its scalars is one that Regdash knows."""
    names = names_of(curves)
    if not names.kept:
        return None
    if len(names.kept) > MOST_COLUMNS:
        raise BrokenImport(f"{name}: at most {MOST_COLUMNS} curves of a run are read, got {len(names.kept)}.")
    steps = sorted({step for theirs in names.kept.values() for step in curves[theirs]})
    if len(steps) > MOST_EPOCHS:
        raise BrokenImport(
            f"{name}: at most {MOST_EPOCHS:,} epochs are read, and {run[:40] or 'it'} has {len(steps):,}."
        )
    table = {theirs: [curves[theirs].get(step, math.nan) for step in steps] for theirs in names.kept.values()}
    history, _ = history_from(table, name)
    notes = () if steps[-1] - steps[0] == len(steps) - 1 else (_counted(steps),)
    return Imported(clean_name(run.strip("/"), clean_name(stripped(name))), "TensorBoard", (history,), notes)


def _counted(steps: Sequence[int]) -> str:
    first = ", ".join(f"{step:,}" for step in steps[:3])
    return f"Its steps are {first}, ...; they are taken as epochs 1, 2, 3, ..."
