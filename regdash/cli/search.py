"""`regdash search`: which settings are best, without a browser, through the store and the coordinator."""

import argparse
import json
import re
import secrets
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regdash.cli.bar import Bar, duration
from regdash.cli.files import read_text, write_text
from regdash.cli.tables import aligned
from regdash.errors import InvalidExperiment, RegdashError
from regdash.search import Plan, plan_from_json
from regdash.search.plan import HALVINGS
from regdash.search.result import SearchResult
from regdash.settings import settings
from regdash.store.ids import ANONYMOUS

if TYPE_CHECKING:
    from regdash.jobs.queue import Queue
    from regdash.jobs.searches import SearchView

LOOK = 0.1  # seconds between two looks at the store
PATIENCE = 5.0  # seconds for which the engine has to be down before that is said
MOST_ROWS = 20  # of the table; the JSON has all
PLANNED = ("budget", "strategy", "seeds", "folds", "metric", "epoch", "halving", "seed")


def add_to(commands: Any) -> None:
    """Declare the command."""
    search = commands.add_parser("search", help="find the best settings of a space without a browser")
    search.add_argument("space", type=Path, nargs="?", help="a plan as a JSON file, or - for standard input")
    search.add_argument("--resume", type=_id, metavar="ID", help="go on with a search that was paused or interrupted")
    search.add_argument("--budget", type=_budget, metavar="N|30s", help="so many trials, or seconds")
    search.add_argument("--strategy", help="grid, random, sobol, tpe, ...")
    search.add_argument("--seeds", type=_whole, help="repeat each trial with so many seeds")
    search.add_argument("--folds", type=_whole, help="judge each trial over so many folds")
    search.add_argument("--metric", help="by which trials are judged, such as val_loss or val_accuracy")
    search.add_argument("--epoch", help="judge at the best or at the last epoch")
    search.add_argument("--halving", help=" or ".join(filter(None, HALVINGS)))
    search.add_argument("--seed", type=_whole, help="of the proposals")
    search.add_argument("--json", type=Path, metavar="FILE", help="write plan and trials there; - instead of the table")
    search.set_defaults(run=_search)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise argparse.ArgumentTypeError(f"must be a whole number, got {text[:40]!r}")
    return int(text)


def _budget(text: str) -> dict[str, float]:
    """Of a plan: {"trials": 64}, or {"seconds": 30.0} for 30s."""
    if not re.fullmatch(r"\d{1,9}|\d{1,9}(\.\d{1,9})?s", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"must be trials such as 64 or seconds such as 30s, got {text[:40]!r}")
    return {"seconds": float(text[:-1])} if text.endswith("s") else {"trials": int(text)}


def _id(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{32}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"must be the 32 digits and letters that were printed, got {text[:40]!r}")
    return text


def _search(given: argparse.Namespace) -> int:
    plan = _plan(given)
    from regdash.jobs.queue import connect

    queue = connect(settings(), quiet=True)  # its log would be drawn into the bar
    if queue.warning:
        print(queue.warning, file=sys.stderr)
    try:
        return _conducted(queue, plan, given)
    finally:
        queue.close()


def _plan(given: argparse.Namespace) -> Plan | None:
    """What is to be searched; None when a search that is kept goes on."""
    if (given.space is None) == (given.resume is None):
        raise InvalidExperiment({"space": "Give either the file of a plan or --resume with the id of a search"})
    if given.resume is not None:
        changed = next((name for name in PLANNED if getattr(given, name) is not None), None)
        if changed:
            raise InvalidExperiment({changed: f"A search goes on as it was begun; leave --{changed} out"})
        return None
    text = read_text(given.space, settings().max_json_bytes)
    changes = {name: value for name in ("strategy", "halving", "seed") if (value := getattr(given, name)) is not None}
    plan = plan_from_json(text, **changes, **(given.budget or {}))
    judged = {
        name: value for name in ("seeds", "folds", "metric", "epoch") if (value := getattr(given, name)) is not None
    }
    plan = replace(plan, objective=replace(plan.objective, **judged))
    return replace(plan, trials=_most_trials(plan)) if given.budget and "seconds" in given.budget else plan


def _most_trials(plan: Plan) -> int:
    """As many as this server allows: the time ends the search, not their number."""
    return max(1, min(settings().max_trials, settings().max_search_runs // plan.objective.runs))


def _conducted(queue: "Queue", plan: Plan | None, given: argparse.Namespace) -> int:
    bar = Bar(sys.stderr)
    session, search_id = _begun(queue, plan) if plan is not None else _gone_on(queue, given.resume)
    try:
        view = _watched(queue, search_id, bar)
    except KeyboardInterrupt:
        queue.searches.pause(session, search_id)
        bar.say(f"Paused. Go on with: regdash search --resume {search_id}")
        return 128 + signal.SIGINT
    bar.end()
    _report(view, given.json)
    return _status(view)


def _begun(queue: "Queue", plan: Plan) -> tuple[str, str]:
    """The session of a new search, which is its own, and its id."""
    session = f"{ANONYMOUS}cli-{secrets.token_hex(8)}"
    return session, queue.searches.begin(session, plan)


def _gone_on(queue: "Queue", search_id: str) -> tuple[str, str]:
    """The session of a search that is kept, and its id; whoever may read the store may go on with it."""
    view = _view(queue, search_id)
    if view.state == "paused":
        queue.searches.resume(view.session, search_id)
    return view.session, search_id


def _watched(queue: "Queue", search_id: str, bar: Bar) -> "SearchView":
    """The search as it is when it no longer runs; until then the bar shows how far it is."""
    version, trouble, since = "", "", time.monotonic()
    while True:
        view = _view(queue, search_id)
        if view.version != version:
            version = view.version
            told = sum(each.told for each in view.trials)
            bar.show(told, view.runs_total // view.plan.objective.runs, _words(view))
        if view.state != "running":
            return view
        engine = queue.engine()
        since = since if engine.state == "down" else time.monotonic()
        if time.monotonic() - since >= PATIENCE and engine.sentence != trouble:
            trouble = engine.sentence
            bar.say(trouble)
        time.sleep(LOOK)


def _view(queue: "Queue", search_id: str) -> "SearchView":
    view = queue.searches.view(search_id)
    if view is None:
        raise RegdashError(f"There is no search {search_id} in this store.")
    return view


def _words(view: "SearchView") -> str:
    found = SearchResult(view.plan, view.trials).best
    best = f"best {view.plan.objective.metric} {found.score:.4g}" if found else "no result yet"
    pace = f", {view.trials_per_second:.3g} trials/s" if view.trials_per_second else ""
    left = f", {duration(view.seconds_left)} left" if view.seconds_left is not None and view.state == "running" else ""
    return f"trials, {best}{pace}{left}"


def _report(view: "SearchView", place: Path | None) -> None:
    result = SearchResult(view.plan, view.trials)
    if place is not None:
        facts = {"id": view.id, "state": view.state, "sentence": view.sentence, **result.to_dict()}
        write_text(place, json.dumps(facts, allow_nan=False))
    if str(place) == "-":
        return
    rows = result.rows()
    print("\n".join(aligned(rows[:MOST_ROWS])))
    if len(rows) > MOST_ROWS:
        print(f"... and {len(rows) - MOST_ROWS} more; --json FILE writes all.")
    rule = result.one_standard_error
    if rule is not None and view.plan.objective.runs > 1:
        print(rule.sentence)


def _status(view: "SearchView") -> int:
    again = f"regdash search --resume {view.id}"
    if view.state == "done":
        print(f"Search {view.id} is done. Its table again: {again}", file=sys.stderr)
        return 0
    words = {"paused": f"was paused. Go on with: {again}", "cancelled": "was cancelled.", "failed": "has failed."}
    print(f"Search {view.id} {words.get(view.state, 'has ended.')} {view.sentence}".rstrip(), file=sys.stderr)
    return 1
