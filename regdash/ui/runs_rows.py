"""The rows of the Runs page: runs that differ only in seed and fold are one row."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from regdash.codec import from_dict
from regdash.errors import InvalidExperiment
from regdash.experiment import Experiment
from regdash.jobs.recent import Recent
from regdash.repeats import Setting
from regdash.store.shelf import Kept
from regdash.store.trained import Trained, TrainedStore
from regdash.ui.setting_words import in_words

STATES = ("running", "waiting", "failed", "diverged", "cancelled", "stopped early", "done")
"""What has become of runs, the most urgent first: a row with several is named after the first."""

_places = Recent(50_000)  # run id -> (seed, fold)
_settings = Recent(10_000)  # key -> (experiment with seed and fold 0,), or (None,) when it cannot be read


@dataclass(frozen=True)
class Row:
    """One setting with its runs; `first` is its lowest seed."""

    key: str
    plain: Experiment  # with seed 0 and fold 0
    first: int
    seeds: int  # one after the other from `first`
    runs: tuple[Trained, ...]
    kept: Kept | None = None

    @cached_property
    def setting(self) -> Setting:
        """Its runs as the Train page and a comparison know them."""
        return Setting(self.plain.with_values({"training.seed": self.first}), self.seeds)

    @property
    def words(self) -> str:
        """What it is."""
        return in_words(self.plain)

    @property
    def name(self) -> str:
        """What the visitor calls it, or nothing."""
        return self.kept.name if self.kept else ""

    @property
    def tags(self) -> tuple[str, ...]:
        """The visitor's tags."""
        return self.kept.tags if self.kept else ()

    @property
    def pinned(self) -> bool:
        """Whether its runs are kept however old they get."""
        return self.kept is not None and self.kept.pinned

    @cached_property
    def states(self) -> tuple[str, ...]:
        """What has become of each run."""
        return tuple(state_of(run) for run in self.runs)

    @property
    def state(self) -> str:
        """The most urgent of them."""
        return min(self.states, key=STATES.index)

    @property
    def moving(self) -> bool:
        """Whether a run still waits or trains."""
        return self.state in ("running", "waiting")

    @property
    def share(self) -> float:
        """The share of all epochs that is done, 0 to 1."""
        pairs = zip(self.runs, self.states, strict=True)
        ended = [1.0 if not _moves(state) else run.epochs_done / max(run.epochs_total, 1) for run, state in pairs]
        return sum(ended) / len(ended)

    @property
    def error(self) -> str:
        """The sentence of a run that has failed."""
        return next((run.error for run in self.runs if run.state == "failed"), "")

    @property
    def when(self) -> float:
        """When one of them was last asked for."""
        return max(run.asked for run in self.runs)

    @property
    def size(self) -> int:
        """Bytes of their records."""
        return sum(run.size for run in self.ended)

    @property
    def searched(self) -> bool:
        """Whether only searches have asked for it."""
        return all(run.searched for run in self.runs)

    @cached_property
    def nicknames(self) -> tuple[str, ...]:
        """Who has trained it, in a class."""
        return tuple(sorted({run.nickname for run in self.runs if run.nickname}))

    @property
    def ended(self) -> tuple[Trained, ...]:
        """The runs that have a record, each once, whoever has asked for them."""
        return tuple({run.run_id: run for run in self.runs if run.state == "done"}.values())

    @property
    def number(self) -> int:
        """How many runs there are."""
        return len({run.run_id for run in self.runs})


def rows_of(store: TrainedStore, runs: Sequence[Trained], kept: Mapping[str, Kept]) -> tuple[list[Row], list[Row]]:
    """The rows, and those in the bin. What another version of Regdash wrote and this one cannot read is left out.

    A setting that was trained again after it was deleted is back.
    """
    _learn(store, runs)
    grouped: dict[str, dict[str, Trained]] = defaultdict(dict)
    for run in runs:
        grouped[run.setting].setdefault(run.run_id + run.nickname, run)
    here: list[Row] = []
    binned: list[Row] = []
    for key, those in grouped.items():
        known: tuple[Experiment | None] = _settings.get(key) or (None,)
        if known[0] is None:
            continue
        row = _row(key, known[0], tuple(those.values()), kept.get(key))
        deleted = row.kept is not None and row.kept.deleted >= row.when
        (binned if deleted else here).append(row)
    return here, binned


def state_of(run: Trained) -> str:
    """What has become of a run, in the words of STATES."""
    if run.state != "done":
        return run.state if run.state in STATES else "failed"
    word = run.status.partition(" at epoch")[0]
    return word if word in STATES else "done"


def _row(key: str, plain: Experiment, runs: tuple[Trained, ...], kept: Kept | None) -> Row:
    first, seeds = _span({_places.get(run.run_id)[0] for run in runs})
    return Row(key, plain, first, seeds, runs, kept)


def _span(seeds: Iterable[int]) -> tuple[int, int]:
    """The lowest seed, and how many there are one after the other from it."""
    here = set(seeds)
    first = last = min(here)
    while last + 1 in here:
        last += 1
    return first, last - first + 1


def _learn(store: TrainedStore, runs: Sequence[Trained]) -> None:
    """Look up the settings, seeds and folds that are not known yet; they never change."""
    new = [run for run in runs if _places.get(run.run_id) is None or _settings.get(run.setting) is None]
    if not new:
        return
    texts = store.experiments([run.run_id for run in new])
    for run in new:
        text = texts.get(run.run_id, "{}")
        tree = json.loads(text)
        _places.put(run.run_id, _place(tree))
        if _settings.get(run.setting) is None:
            _settings.put(run.setting, (_read(tree),))


def _place(tree: Mapping[str, Any]) -> tuple[int, int]:
    return int(tree.get("training", {}).get("seed", 0)), int(tree.get("split", {}).get("fold", 0))


def _read(tree: Mapping[str, Any]) -> Experiment | None:
    plain = {"training": {**tree.get("training", {}), "seed": 0}, "split": {**tree.get("split", {}), "fold": 0}}
    try:
        return from_dict({**tree, **plain})
    except InvalidExperiment:
        return None


def _moves(state: str) -> bool:
    return state in ("running", "waiting")
