"""A TensorBoard log directory of runs, with HParams, as one zip file."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from regdash.codec import identity
from regdash.experiment import Experiment
from regdash.export.event_words import Words, curves_of, explanation
from regdash.export.hparams import MOST_LIKE_A_PLACE, experiment_summary, hyper_parameters, session_end, session_start
from regdash.imports.frames import framed
from regdash.record import RunRecord, Snapshots

HORIZON = datetime(1980, 1, 1, tzinfo=UTC)  # the first moment that a zip file can hold
LONGEST_NAME = 60


@dataclass(frozen=True)
class _Run:
    folder: str
    group: str  # equal for the seeds and folds of one setting
    record: RunRecord


def event_files(runs: Sequence[tuple[str, RunRecord]], now: float) -> bytes:
    """The log directory of named runs: a folder for each, with `train` and `validation` inside.

    Runs of equal name are seeds and folds of one setting: they get folders inside the name's, and HParams shows their
    mean. Scalars have the names and meanings of Keras' TensorBoard callback, where Keras has them: `epoch_loss` holds
    the penalty, `epoch_data_loss` does not. Steps are epochs, from 0 as in Keras. A run's wall times end at `now`
    (seconds since 1970), so equal arguments give equal bytes.
    """
    placed = _placed(runs)
    shared = hyper_parameters([run.record.experiment for run in placed])
    tags = tuple(dict.fromkeys(words.tag for run in placed for words, _ in Words.figures(run.record)))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("README.txt", now), explanation([run.record for run in placed]))
        for place, (run, chosen) in enumerate(zip(placed, shared, strict=True)):
            whole = [(now - run.record.seconds, 0, experiment_summary(shared, tags, now))] if place == 0 else []
            for folder, events in _events(run, chosen, whole, now):
                name = f"{run.folder}{folder}/events.out.tfevents.{int(now)}.regdash"
                archive.writestr(_entry(name, now), framed([event.SerializeToString() for event in events]))
    return file.getvalue()


def _placed(runs: Sequence[tuple[str, RunRecord]]) -> list[_Run]:
    """Each run with a folder of its own."""
    many = Counter(name for name, _ in runs)
    taken: Counter[str] = Counter()
    folders: dict[str, str] = {}
    for name in many:
        clean = folder_name(name)
        taken[clean.lower()] += 1
        folders[name] = clean if taken[clean.lower()] == 1 else f"{clean}-{taken[clean.lower()]}"
    found, used = [], set()
    for name, record in runs:
        folder = folders[name] + (f"/{_member(record.experiment)}" if many[name] > 1 else "")
        while folder in used:
            folder += "-again"
        used.add(folder)
        found.append(_Run(folder, folders[name], record))
    return found


def folder_name(name: str) -> str:
    """A visitor's name as a folder that no system and no unzip stumbles over."""
    clean = re.sub(r"[^\w .,+=-]+", "_", name, flags=re.ASCII).strip(" ._")[:LONGEST_NAME].rstrip(" .")
    return "run" if not clean else f"{clean}_" if clean.lower() in MOST_LIKE_A_PLACE else clean


def _member(experiment: Experiment) -> str:
    fold = f"-fold-{experiment.split.fold}" if experiment.split.folds else ""
    return f"seed-{experiment.training.seed}{fold}"


def _events(
    run: _Run, chosen: Mapping[str, Any], whole: Sequence[tuple[float, int, Any]], now: float
) -> Iterator[tuple[str, list[Any]]]:
    """The events of a run by the folder inside its own: "", "/train", "/validation"; `whole` stands first."""
    record, summaries = run.record, list(whole)
    start = now - record.seconds
    summaries.append((start, 0, session_start(chosen, run.group, identity(record.experiment), start)))
    summaries += [(now, record.best_epoch - 1, summary) for summary in _figures(record)]
    summaries.append((now, 0, session_end(record.status, now)))
    yield "", _file(start, summaries)
    for folder, curves in curves_of(record.history).items():
        steps = _scalars(curves, len(record.history.epochs))
        if folder == "train" and record.snapshots is not None:
            steps += _histograms(record.snapshots)
        epochs = max(1, len(record.history.epochs))
        times = [(start + record.seconds * (step + 1) / epochs, step, summary) for step, summary in steps]
        yield f"/{folder}", _file(start, sorted(times, key=lambda each: each[1]))


def _file(start: float, summaries: Sequence[tuple[float, int, Any]]) -> list[Any]:
    """The events of one file: its version, then the summaries (wall time, step, summary)."""
    from tensorboardX.proto.event_pb2 import Event

    first = Event(wall_time=start, file_version="brain.Event:2")
    return [first, *(Event(wall_time=at, step=max(0, step), summary=summary) for at, step, summary in summaries)]


def _scalars(curves: Mapping[Words, Any], epochs: int) -> list[tuple[int, Any]]:
    """(step, summary) for each epoch with all of its curves; what a tag means stands with its first value."""
    from tensorboardX.proto.summary_pb2 import Summary

    if not epochs:
        return []
    columns = [(words, column.tolist()) for words, column in curves.items()]
    rows = [
        (at, Summary(value=[Summary.Value(tag=words.tag, simple_value=column[at]) for words, column in columns]))
        for at in range(epochs)
    ]
    for value, (words, _) in zip(rows[0][1].value, columns, strict=True):
        value.metadata.CopyFrom(_metadata(words, "scalars"))
    return rows


def _figures(record: RunRecord) -> list[Any]:
    """What the HParams table shows of a run: validation loss at the best and the last epoch, its gap."""
    from tensorboardX.proto.summary_pb2 import Summary

    return [
        Summary(value=[Summary.Value(tag=words.tag, simple_value=value, metadata=_metadata(words, "scalars"))])
        for words, value in Words.figures(record)
    ]


def _histograms(snapshots: Snapshots) -> list[tuple[int, Any]]:
    """(step, summary) of the weights' histograms; sums are worked out from the middles of the bins."""
    from tensorboardX.proto.summary_pb2 import HistogramProto, Summary

    found = []
    for layer, counts in snapshots.counts.items():
        edges = np.asarray(snapshots.edges[layer], float)
        middles = (edges[1:] + edges[:-1]) / 2
        for epoch, row in zip(snapshots.epochs.tolist(), np.asarray(counts, float), strict=True):
            filled = np.flatnonzero(row)
            histogram = HistogramProto(
                min=float(edges[filled[0]]) if len(filled) else 0.0,
                max=float(edges[filled[-1] + 1]) if len(filled) else 0.0,
                num=float(row.sum()),
                sum=float(row @ middles),
                sum_squares=float(row @ middles**2),
                bucket_limit=edges[1:].tolist(),
                bucket=row.tolist(),
            )
            value = Summary.Value(tag=f"{layer}/kernel/histogram", histo=histogram)
            found.append((int(epoch) - 1, Summary(value=[value])))
    return found


def _metadata(words: Words, plugin: str) -> Any:
    from tensorboardX.proto.summary_pb2 import SummaryMetadata

    named = SummaryMetadata.PluginData(plugin_name=plugin)
    return SummaryMetadata(plugin_data=named, summary_description=words.meaning)


def _entry(name: str, now: float) -> zipfile.ZipInfo:
    when = max(datetime.fromtimestamp(now, UTC), HORIZON)
    entry = zipfile.ZipInfo(name, when.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
