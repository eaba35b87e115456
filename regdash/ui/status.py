"""Where the runs stand, in one line: waiting, epochs done and time left, or how they ended."""

from collections import Counter
from html import escape

from regdash.jobs.engine import EngineView
from regdash.jobs.queue import Load
from regdash.ui.members import Runs

STARTING = "Getting the engine ready (about 10 s the first time): you can already choose settings."


def sentence(runs: Runs | None, engine: EngineView, pending: bool, load: Load | None = None) -> str:
    """One line for people; `pending` says that the settings differ from what was trained."""
    if runs is not None and runs.failure:
        return runs.failure
    if runs is not None and runs.moving:
        return _moving(runs, engine, load)
    if engine.state != "ready":
        return engine.sentence or STARTING
    if pending:
        return "The settings have changed. Press Train to see what they do."
    return _ended(runs) if runs is not None else "Nothing has been trained yet."


def share(runs: Runs | None) -> float:
    """The share of all epochs that is done, 0 to 1."""
    if runs is None or not runs.views:
        return 0.0
    if not runs.moving:
        return 1.0
    return sum(_done(view.epochs_done, view.epochs_total, view.state) for view in runs.views) / len(runs.views)


def state(runs: Runs | None, engine: EngineView) -> str:
    """One word for programs that watch the page: idle, starting, waiting, running, failed, done."""
    if runs is None:
        return "idle" if engine.state == "ready" else engine.state
    if runs.failure:
        return "failed"
    if runs.moving:
        return "running" if any(view.state == "running" for view in runs.views) else "waiting"
    return "done"


def draw(runs: Runs | None, engine: EngineView, pending: bool, load: Load | None = None) -> str:
    """The line and its bar as HTML, with the state as data for programs."""
    word, run = state(runs, engine), runs.id if runs else ""
    percent = round(100 * share(runs))
    busy = word in ("running", "waiting", "starting")
    bar = (
        f'<div class="rd-bar" data-busy="{str(busy).lower()}" role="progressbar" aria-label="Training progress" '
        f'aria-valuemin="0" aria-valuemax="100" aria-valuenow="{percent}"><i style="width:{percent}%"></i></div>'
    )
    return (
        f'<div class="rd-status" data-testid="rd-state" data-run="{escape(run)}" data-state="{word}" '
        f'data-pending="{str(pending).lower()}"><span>{escape(sentence(runs, engine, pending, load))}</span>{bar}</div>'
    )


def waits(runs: Runs | None) -> bool:
    """Whether none of the runs has begun."""
    return runs is not None and runs.moving and not any(view.state == "running" for view in runs.views)


def _moving(runs: Runs, engine: EngineView, load: Load | None) -> str:
    trained = [view for view in runs.views if view.state == "running"]
    if engine.state == "starting":
        return engine.sentence or STARTING
    if engine.state == "down":
        return engine.sentence
    if not trained:
        return _waiting(min((view.place for view in runs.views if view.place), default=0), load)
    slowest = min(trained, key=lambda view: view.epochs_done)
    lefts = [view.seconds_left for view in trained if view.seconds_left is not None]
    left = f", about {max(lefts):.0f} s left" if lefts and max(lefts) >= 1 else ""
    several = f" ({runs.setting.repeats})" if runs.setting.repeats else ""
    return f"Training: epoch {slowest.epochs_done} of {slowest.epochs_total}{several}{left}."


def _waiting(place: int, load: Load | None) -> str:
    """The place in the queue, and how long it takes at the speed of the last minute until its turn has come."""
    if place < 2:
        return "Waiting for the engine."
    if load is None or load.waiting < place:
        return f"Waiting: place {place} in the queue."
    seconds = (load.seconds or 0.0) * place / load.waiting
    about = f", about {seconds:.0f} s" if seconds >= 1 else ""
    return f"Waiting: place {place} of {load.waiting}{about}."


def _ended(runs: Runs) -> str:
    seconds = sum(record.seconds for record in runs.records)
    took = f" in {seconds:.1f} s" if seconds >= 0.05 else ""
    if len(runs.views) == 1:
        record = runs.records[0]
        text = record.status[:1].upper() + record.status[1:]
        epochs = len(record.history.epochs)
        several = "epoch" if epochs == 1 else "epochs"
        return f"{text}: {epochs} {several}{took}." if text == "Finished" else f"{text}{took}."
    words = Counter(record.status.partition(" at epoch")[0] for record in runs.records)
    ends = ", ".join(f"{count} {word}" for word, count in words.most_common())
    return f"{runs.setting.repeats}: {ends}{took}."


def _done(done: int, total: int, state: str) -> float:
    return 1.0 if state in ("done", "failed") else done / max(total, 1)
