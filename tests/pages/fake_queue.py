"""A queue whose runs are made of formulas instead of training: the same interface, no engine, no store."""

import time
from hashlib import sha256

import numpy as np
from formula_searches import FormulaSearches

from regdash.codec import identity, to_json
from regdash.datasets import samples
from regdash.jobs.overview import Overview, ProcessView, QueueView, StoreView, Totals
from regdash.jobs.queue import EngineView, Load, RunView
from regdash.record import History, Probe, RunRecord
from regdash.repeats import Setting, setting_key
from regdash.settings import settings
from regdash.store.learning import LearningStore, OwnLesson, Progress
from regdash.store.requests import RequestStore, Wanted
from regdash.store.rooms import RoomStore
from regdash.store.schema import runs
from regdash.store.shelf import Kept, ShelfStore
from regdash.store.trained import TrainedStore

QUIET = Overview(
    (), QueueView(0, 0, 0, None), Totals(0, 0, 0, 0, 0), StoreView("SQLite", 0, 1, 0, 0), ProcessView(1.0, 1.0, 1), {}
)


class NoRooms:
    """A server without a single class."""

    def membership(self, session):
        return None

    def of(self, owner):
        return []


class FakeShelf:
    """A tray in memory, and no words about anything."""

    def __init__(self):
        self._picked = {}

    def picked(self, sessions):
        return tuple(self._picked.values())

    def kept(self, sessions):
        return dict(self._picked)

    def pick(self, session, experiment, seeds):
        self.pick_all(session, [Setting(experiment, seeds)])

    def pick_all(self, session, settings):
        for each in settings:
            key = setting_key(each.experiment)
            self._picked.setdefault(key, Kept(key, each.experiment, each.seeds, picked=1.0 + len(self._picked)))

    def unpick(self, session, key):
        self._picked.pop(key, None)


class FakeImports:
    """Imported curves by their id."""

    def __init__(self):
        self.curves = {}

    def get(self, ids):
        return {each: self.curves[each] for each in ids if each in self.curves}

    def list(self, sessions):
        return ()


class FakeLearning:
    """Answers and finished lessons of one visitor, and own lesson files by their ids, in memory."""

    def __init__(self):
        self.given, self.finished, self.files = {}, set(), {}

    def answer(self, session, lesson, prediction, text, room=""):
        self.given.setdefault(lesson, {})[prediction] = text

    def answers(self, sessions, lesson, room=""):
        return dict(self.given.get(lesson, {}))

    def finish(self, session, lesson):
        self.finished.add(lesson)

    def begin_again(self, sessions, lesson):
        self.given.pop(lesson, None)
        self.finished.discard(lesson)

    def progress(self, sessions):
        names = self.given.keys() | self.finished
        return {name: Progress(len(self.given.get(name, ())), name in self.finished) for name in names}

    def keep(self, session, title, text, limits):
        id_ = sha256(text.encode()).hexdigest()[:32]
        self.files[id_] = (title, text)
        return id_

    def text(self, id_):
        return self.files.get(id_, ("", ""))[1]

    def own(self, sessions):
        return tuple(OwnLesson(id_, title, 1.0, sessions[0]) for id_, (title, _) in self.files.items())

    def delete(self, session, id_):
        del self.files[id_]


class NothingTrained:
    """A visitor who has trained nothing by hand, and whose Runs page lists nothing."""

    def asked(self, sessions, run_ids):
        return set(run_ids)

    def by(self, sessions):
        return []

    def experiments(self, run_ids):
        return {}


class FakeQueue:
    """Runs last `seconds`; `asked` lists every experiment that was ever submitted."""

    def __init__(self, seconds=0.0, warning="", engine=None, refusal=None, database=None):
        self.rooms = RoomStore(database) if database else NoRooms()
        self.shelf = ShelfStore(database, settings()) if database else FakeShelf()
        self.trained = TrainedStore(database) if database else NothingTrained()
        self.imported = FakeImports()
        self.searches = FormulaSearches(fake_record)
        self.learning = LearningStore(database) if database else FakeLearning()
        self._database, self.listing = database, False
        self.seconds, self.warning, self.refusal = seconds, warning, refusal
        self._engine = engine or EngineView("ready", "The engine is ready.", "CPU")
        self.asked, self.started, self.stopped = [], {}, {}
        self._experiments = {}

    def submit(self, session, experiments, probed=(), room=""):
        if self.refusal is not None:
            raise self.refusal
        self._contribute(session, experiments, room)
        for experiment in experiments:
            run = identity(experiment)
            self.asked.append(experiment)
            self._experiments[run] = experiment
            if run in self.stopped or run not in self.started:
                self.started[run] = time.monotonic()
                self.stopped.pop(run, None)
        return [identity(experiment) for experiment in experiments]

    def _contribute(self, session, experiments, room):
        """What a class asks for is kept in a real store, in which it is done at once; the rest only when `listing`."""
        if room or self.listing:
            wanted = [Wanted(identity(each), to_json(each), each.training.epochs, False) for each in experiments]
            RequestStore(self._database).submit(session, wanted, settings(), room)
            with self._database.writing() as connection:
                connection.execute(runs.update().values(state="done", status="finished"))

    def bring(self, session, experiment):
        if self.refusal is not None:
            raise self.refusal

    def watch(self, run_ids):
        return [self._view(run) if run in self.started else None for run in run_ids]

    def cancel(self, session, run_ids):
        for run in run_ids:
            if run in self.started and self._done(run) < self._experiments[run].training.epochs:
                self.stopped[run] = self._done(run)

    def engine(self):
        return self._engine

    def load(self):
        return Load(0, 0, 0, None)

    def overview(self):
        return QUIET

    def _done(self, run):
        epochs = self._experiments[run].training.epochs
        if run in self.stopped:
            return self.stopped[run]
        share = (time.monotonic() - self.started[run]) / self.seconds if self.seconds else 1.0
        return min(epochs, max(0, int(share * epochs)))

    def _view(self, run):
        experiment, done = self._experiments[run], self._done(run)
        epochs = experiment.training.epochs
        ended = done == epochs or run in self.stopped
        record = fake_record(experiment, done, f"cancelled at epoch {done}" if done < epochs else "finished")
        left = None if ended or not done else self.seconds * (1 - done / epochs)
        state = "done" if ended else "running" if done else "waiting"
        return RunView(
            run, experiment, state, done, epochs, left, 0 if state != "waiting" else 1,
            record.history if done else None, record.probe if done else None, record if ended else None, "",
        )  # fmt: skip


def fake_record(experiment, epochs=None, status="finished"):
    """A record whose curves overfit the less the stronger the regularisation."""
    epochs = experiment.training.epochs if epochs is None else epochs
    data = samples(experiment.data, experiment.split)
    chance = np.random.default_rng(experiment.training.seed)
    values = experiment.values
    strength = values["dropout.rate"] + 100 * values["l2.l2"] + 300 * values["l1.l1"]
    t = np.arange(1, epochs + 1)
    start = {"binary": 0.7, "multiclass": np.log(max(len(data.class_names), 2)), "regression": 1.0}[data.task]
    loss = start * (0.1 + 0.15 * min(strength, 4) + 0.9 * np.exp(-t / 18))
    rise = 0.004 * start * np.exp(-3 * strength)
    val_loss = start * (0.3 + 0.75 * np.exp(-t / 15)) + rise * np.maximum(t - 25, 0)
    noise = chance.normal(0, 0.006 * start, epochs) + chance.normal(0, 0.02 * start)
    columns = {"loss": loss, "val_loss": val_loss + noise, "penalty": 0.02 * strength * (1 + t / 50)}
    columns["running_loss"] = loss * 1.1 + columns["penalty"]
    if data.task == "regression":
        columns |= {"mae": loss**0.5, "r2": 1 - loss, "val_mae": val_loss**0.5, "val_r2": 1 - val_loss}
    else:
        columns |= {"accuracy": 1 - 0.45 * loss / start, "val_accuracy": 1 - 0.45 * columns["val_loss"] / start}
    names = [*(f"hidden_{i + 1}" for i in range(experiment.hidden_places)), "output"]
    for place, name in enumerate(names):
        norm = (4 + place) * (1 + t / 60) / (1 + strength)
        columns |= {
            f"l1_norm/{name}": 6 * norm, f"l2_norm/{name}": norm, f"near_zero/{name}": 0.02 + 0 * t + 0.1 * strength
        }  # fmt: skip
    columns |= {
        "l2_norm/all": np.sqrt(sum(columns[f"l2_norm/{n}"] ** 2 for n in names)),
        "l1_norm/all": sum(columns[f"l1_norm/{n}"] for n in names),
        "near_zero/all": np.clip(0.02 + 0 * t + 0.1 * strength, 0, 1),
    }
    outputs = chance.normal(0, 2, (len(data.validation), data.outputs))
    if data.task == "multiclass":
        outputs += 5 * (data.validation.y[:, None] == np.arange(data.outputs))
    elif data.task == "binary":
        outputs += 5 * (2 * data.validation.y[:, None] - 1)
    else:
        outputs = data.validation.y[:, None] * 0.7 + 0.1 * outputs
    return RunRecord(
        experiment, status, History(columns), (), np.zeros((len(data.train), data.outputs)), outputs,
        probe=_probe(data, t) if data.features == 2 and epochs else None, seconds=0.3,
    )  # fmt: skip


def _probe(data, t):
    inputs = data.input_mean + data.input_scale * data.train.x
    x, y = (np.linspace(inputs[:, k].min() - 0.5, inputs[:, k].max() + 0.5, 50) for k in (0, 1))
    epochs = np.unique(np.concatenate([t[:1], t[9::10], t[-1:]]))
    plane = np.sin(2 * x)[None, :] - y[:, None] * 1.5
    answers = [255 / (1 + np.exp(-plane * min(e / 10, 6))) for e in epochs]
    answers = np.repeat(np.stack(answers)[..., None], data.outputs, axis=-1)
    return Probe(epochs, answers.round().astype(np.uint8), x, y)
