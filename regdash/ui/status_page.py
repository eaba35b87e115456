"""The Status page: how the engine is, what it does at this moment and how fast; nothing about who asked for it."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

import streamlit as st

from regdash.errors import StoreUnavailable
from regdash.jobs.engine import EngineView
from regdash.jobs.overview import CoordinatorView, Overview, StackInFlight, StoreView
from regdash.jobs.queue import Queue
from regdash.ui import operators
from regdash.ui.throughput import throughput

EVERY = 2.0  # seconds between two looks
MOST_ROWS = 20  # of a table
NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "keras": "Keras", "numpy": "NumPy", "sqlalchemy": "SQLAlchemy"}
WORDS = {"ready": "ready", "starting": "starting", "down": "ended", "gone": "no sign of life"}


def draw(queue: Queue) -> None:
    """Draw the page; it is drawn anew by itself."""
    with st.container(key="status"):
        st.fragment(_area, run_every=EVERY)(queue)


def _area(queue: Queue) -> None:
    engine = queue.engine()
    try:
        found = operators.observer().look()
    except StoreUnavailable as error:
        st.html(f'<h1>Status</h1><p class="rd-notice" role="status">{escape(str(error))}</p>')
        return
    now, moments = operators.observer().moments()
    st.html(page(engine, found, throughput(moments, now), operators.offered()))


def page(engine: EngineView, found: Overview, chart: str, links: bool) -> str:
    """All of it as HTML."""
    parts = [_head(engine, found), _figures(found), _section("Throughput", chart)]
    parts += [_section("In training now", _stacks(found)), _section("Workers", _workers(found))]
    return f'<div class="rd-health" data-testid="rd-status-page">{"".join(parts)}{_foot(found, links)}</div>'


def sentence(engine: EngineView, found: Overview) -> str:
    """How it is, in words for anybody."""
    queue = found.queue
    if engine.state != "ready":
        return engine.sentence
    if not queue.running and not queue.waiting:
        return f"{engine.sentence} Nothing is being trained and nothing waits."
    trained = f"{count(queue.running, 'run')} in training"
    waits = f", {count(queue.waiting, 'run')} of {count(queue.sessions, 'session')} waiting" if queue.waiting else ""
    return f"{engine.sentence} {trained}{waits}."


def _head(engine: EngineView, found: Overview) -> str:
    return (
        f'<h1>Status</h1><p class="rd-engine" data-state="{escape(engine.state)}"><i aria-hidden="true"></i>'
        f"{escape(sentence(engine, found))}</p>"
    )


def _figures(found: Overview) -> str:
    queue, totals, store = found.queue, found.totals, found.store
    stacks = sum(len(each.stacks) for each in found.living)
    share = totals.cache_share
    oldest = f"the first for {duration(queue.oldest_seconds)}" if queue.oldest_seconds is not None else "nobody waits"
    cells = (
        ("training", "In training", f"{queue.running:,}", f"in {count(stacks, 'stack')}"),
        ("waiting", "Waiting", f"{queue.waiting:,}", oldest),
        ("pace", "Epochs per second", rate(found.epochs_per_s), f"{rate(found.members_per_s)} runs per second"),
        ("cache", "Trained before", "–" if share is None else f"{share:.0%}", f"of {totals.asked:,} asked for"),
        ("store", "Store", size(store.bytes), _room(store)),
    )
    return f'<div class="rd-figures">{"".join(_figure(*cell) for cell in cells)}</div>'


def _figure(name: str, label: str, value: str, note: str) -> str:
    return (
        f'<div class="rd-figure" data-testid="rd-status-{name}"><span class="rd-label">{label}</span>'
        f'<span class="rd-value">{escape(value)}</span><span class="rd-note">{escape(note)}</span></div>'
    )


def _stacks(found: Overview) -> str:
    stacks: list[StackInFlight] = sorted(
        (stack for each in found.living for stack in each.stacks), key=lambda stack: (-stack.members, stack.label)
    )
    if not stacks:
        return '<p class="rd-empty">Nothing is being trained. Runs of one shape will stand here together.</p>'
    rows = [(each.label or "Unnamed", f"{each.members:,}", f"{each.epochs_left:,}") for each in stacks[:MOST_ROWS]]
    return _table(("Data set, network, optimizer", "Runs", "Epochs to go"), rows, len(stacks))


def _workers(found: Overview) -> str:
    shown = [each for each in found.coordinators if each.state != "down"]
    rows = [row for each in shown for row in _rows_of(each)]
    if not rows:
        return '<p class="rd-empty">No worker is running.</p>'
    return _table(("Worker", "State", "Memory"), rows[:MOST_ROWS], len(rows))


def _rows_of(coordinator: CoordinatorView) -> list[tuple[str, str, str]]:
    if not coordinator.workers:
        return [(coordinator.device or "Not known yet", WORDS.get(coordinator.state, coordinator.state), "")]
    return [
        (each.device or coordinator.device, WORDS.get(each.state, each.state), _megabytes(each.memory_mb))
        for each in coordinator.workers
    ]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], total: int) -> str:
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(each)}</td>" for each in others)}</tr>'
        for first, *others in rows
    )
    more = f'<p class="rd-empty">and {total - MOST_ROWS:,} more</p>' if total > MOST_ROWS else ""
    return f'<div class="rd-scores"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}'


def _foot(found: Overview, links: bool) -> str:
    process, totals = found.process, found.totals
    here = [f"running for {duration(process.uptime_seconds)}"]
    here += [_megabytes(process.memory_mb)] if process.memory_mb is not None else []
    here += [count(process.sessions, "browser") + " connected"] if process.sessions is not None else []
    counted = [
        f"{totals.finished:,} trained",
        f"{totals.failed:,} failed",
        count(totals.lost_workers, "worker") + " lost",
    ]
    latency = [each.latency_ms for each in found.living if each.latency_ms is not None]
    if latency:
        counted.append(f"{max(latency):,.0f} ms from asking to the first step, the last time")
    engine = next((each.versions for each in found.living if each.versions), {})
    lines = [
        ("Web process", here),
        ("Since the store was made", counted),
        ("Versions", _versions(found.versions, engine)),
    ]
    items = "".join(f"<dt>{name}</dt><dd>{escape(' · '.join(parts))}</dd>" for name, parts in lines)
    programs = '<dt>For programs</dt><dd><a href="status.json">status.json</a> · <a href="metrics">metrics</a></dd>'
    return f'<dl class="rd-facts">{items}{programs if links else ""}</dl>'


def _section(title: str, html: str) -> str:
    return f"<section><h2>{title}</h2>{html}</section>"


def _versions(web: Mapping[str, str], engine: Mapping[str, str]) -> list[str]:
    both = dict(web) | {name: text for name, text in engine.items() if name not in web}
    return [f"{NAMES.get(name, name[:1].upper() + name[1:])} {text}" for name, text in both.items()]


def _room(store: StoreView) -> str:
    return f"of {size(store.limit_bytes)}, {count(store.runs, 'run')}"


def _megabytes(number: float | None) -> str:
    return "" if number is None else f"{number:,.0f} MB"


def size(number: int) -> str:
    """Bytes as people say them: 12.4 MB."""
    for unit in ("kB", "MB"):
        number_in = number / (1e3 if unit == "kB" else 1e6)
        if number_in < 999.5:
            return f"{number_in:.1f} {unit}" if number_in < 99.95 else f"{number_in:.0f} {unit}"
    return f"{number / 1e9:.1f} GB"


def duration(seconds: float) -> str:
    """Seconds as people say them: 42 s, 5 min, 3 h, 2 days."""
    for limit, unit, name in ((90, 1, "s"), (5_400, 60, "min"), (172_800, 3_600, "h")):
        if seconds < limit:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds / 86_400:.0f} days"


def rate(number: float) -> str:
    """A pace with two or three digits: 0.25, 4.2, 465."""
    if number >= 9.95 or number == 0:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 0.95 else f"{number:.2f}"


def count(number: int, noun: str) -> str:
    """A number and its noun: 1 run, 2 runs."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
