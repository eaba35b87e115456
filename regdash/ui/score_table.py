"""The scores of the runs as tables below the charts: all of them, per class, and per fold."""

import math
from collections.abc import Callable, Sequence
from html import escape

import pandas as pd
import streamlit as st

from regdash.ui import score_report
from regdash.ui.members import Runs, Setting
from regdash.ui.score_report import WHEN, Scored, When

WAITING = "Shown when the run has ended."
IN_PERCENT = ("accuracy", "macro_precision", "macro_recall", "macro_f1", "precision", "recall", "f1", "ece")
NOTHING = "–"
HEADS = {"best": "best epoch", "last": "last epoch"}
FOLDED = (
    ("log_loss", "loss"),
    ("accuracy", "accuracy"),
    ("macro_f1", "F1"),
    ("mse", "mse"),
    ("mae", "mae"),
    ("r2", "R²"),
)

Row = tuple[str, ...]


def draw(current: Runs | None, baseline: Runs | None) -> None:
    """A closed expander; the scores are only worked out while it is open."""
    expander = st.expander("Scores", key="scores", on_change="rerun")
    if not expander.open:
        return
    with expander:
        runs = _scored(current)
        if current is None or not runs:
            st.caption(WAITING)
        else:
            _draw(runs, _comparable(runs, _scored(baseline)), current.setting)


def overall_rows(runs: Sequence[Scored], baseline: Sequence[Scored] = ()) -> tuple[Row, list[Row]]:
    """The head and the rows of the table of all scores, the baseline in columns of its own."""
    settings = [("", runs), *([("baseline, ", baseline)] if baseline else [])]
    head = ("", *(f"{word}{_head(each, when)}" for word, each in settings for when in WHEN))
    labels = score_report.names(runs)
    rows = [
        (label, *(_cell(each, when, name) for _, each in settings for when in WHEN)) for name, label in labels.items()
    ]
    return head, rows


def class_rows(runs: Sequence[Scored]) -> tuple[Row, list[Row]]:
    """The head and the rows of the table per class."""
    table = score_report.per_class(runs)
    best, last = (table[table["epoch"] == when] for when in WHEN)
    words = ("precision", "recall", "F1")
    head = ("class", *(f"{word}, {when}" for when in WHEN for word in words), "rows")
    parts = [part[list(score_report.PER_CLASS)].to_numpy() for part in (best, last)]
    rows = [
        (str(name), *(percent(value) for part in parts for value in part[place]), f"{count:g}")
        for place, (name, count) in enumerate(zip(last["class"], last["rows"].round(1), strict=True))
    ]
    return head, rows


def fold_rows(runs: Sequence[Scored]) -> tuple[Row, list[Row]]:
    """The head and the rows of the table per fold; several seeds give the mean of each fold."""
    labels = score_report.names(runs)
    columns = [(name, word) for name, word in FOLDED if name in labels]
    head = ("fold", *(f"{word}, {when}" for when in WHEN for _, word in columns), "rows")
    rows = []
    for fold in sorted({run.fold for run in runs}):
        those = [run for run in runs if run.fold == fold]
        cells = (text(name, score_report.mean(those, when, name).mean) for when in WHEN for name, _ in columns)
        rows.append((f"{fold + 1}", *cells, f"{those[0].last.rows}"))
    return head, rows


def percent(share: float) -> str:
    """0.887 as 88.7 %, a dash for nothing."""
    return f"{100 * share:.1f} %" if math.isfinite(share) else NOTHING


def text(name: str, value: float) -> str:
    """A score as it is written: shares in per cent, the others with three digits."""
    if name in IN_PERCENT:
        return percent(value)
    return NOTHING if not math.isfinite(value) else f"{value:.3f}" if abs(value) < 100 else f"{value:.3g}"


def table(caption: str, head: Row, rows: Sequence[Row]) -> str:
    """A table under its caption as HTML; every text is escaped."""
    heads = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    lines = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(each)}</td>" for each in rest)}</tr>'
        for first, *rest in rows
    )
    said = escape(caption)
    inside = f'<table aria-label="{said}"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'
    return f'<p class="rd-caption">{said}</p><div class="rd-scores">{inside}</div>'


def _scored(runs: Runs | None) -> list[Scored]:
    """The scores of the runs that have ended and answered at least once."""
    records = runs.records if runs is not None else ()
    return [score_report.score(record) for record in records if len(record.val_outputs)]


def _head(runs: Sequence[Scored], when: When) -> str:
    """The epoch with its number, where all runs have the same."""
    epochs = {run.epoch(when) for run in runs}
    return f"{HEADS[when]} ({epochs.pop()})" if len(epochs) == 1 else HEADS[when]


def _cell(runs: Sequence[Scored], when: When, name: str) -> str:
    """The mean, and half the width of its interval where there are several runs."""
    found = score_report.mean(runs, when, name)
    half = found.high - found.mean
    return f"{text(name, found.mean)} ± {text(name, half)}" if math.isfinite(half) else text(name, found.mean)


def _comparable(runs: Sequence[Scored], baseline: Sequence[Scored]) -> Sequence[Scored]:
    """The baseline when it has the same scores."""
    return baseline if baseline and baseline[0].last.task == runs[0].last.task else ()


def _draw(runs: Sequence[Scored], baseline: Sequence[Scored], setting: Setting) -> None:
    """The tables below each other, and their files."""
    many = setting.repeats if len(runs) == len(setting.places) else f"{len(runs)} runs"
    over = f"; means over {many}" if len(runs) > 1 else ""
    half = " ± half of the 95 % interval" if over else ""
    said = f"On the validation rows{over}{half}. Best is the epoch with the lowest validation loss."
    st.html(table(said, *overall_rows(runs, baseline)))
    if runs[0].last.class_names:
        st.html(table(f"Each class at the best and at the last epoch{over}.", *class_rows(runs)))
    if setting.folds > 1:
        seeds = f"; means over {setting.seeds} seeds" if setting.seeds > 1 else ""
        st.html(table(f"Each fold at the best and at the last epoch{seeds}.", *fold_rows(runs)))
    with st.container(horizontal=True, gap="small", key="score-files"):
        _download("scores", lambda: _both(score_report.overall, runs, baseline))
        if runs[0].last.class_names:
            _download("scores per class", lambda: _both(score_report.per_class, runs, baseline))
        if setting.folds > 1:
            _download("scores per fold", lambda: _both(score_report.per_run, runs, baseline))


def _both(read: Callable[..., pd.DataFrame], runs: Sequence[Scored], baseline: Sequence[Scored]) -> pd.DataFrame:
    tables = [read(runs, "current"), *([read(baseline, "baseline")] if baseline else [])]
    return pd.concat(tables, ignore_index=True)


def _download(what: str, read: Callable[[], pd.DataFrame]) -> None:
    st.download_button(
        f"Download {what} (CSV)",
        data=lambda: read().to_csv(index=False),
        file_name=f"regdash-{what.replace(' ', '-')}.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"download {what}",
        help="In full precision.",
    )
