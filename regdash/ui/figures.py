"""The five figures above the charts: read from the curves, compared with the baseline, written as small cards."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from regdash.intervals import paired_change
from regdash.record import History


@dataclass(frozen=True)
class Figure:
    """One number on the page: its name, the value as text, a note, and the change against the baseline."""

    name: str
    label: str
    help: str
    value: str
    note: str = ""
    change: str = ""
    verdict: str = ""  # "within seed noise", "beyond fold noise" and the like, or nothing to judge by


def read_figures(
    current: Sequence[History], baseline: Sequence[History] = (), noise: str = "seed"
) -> tuple[Figure, ...]:
    """Best validation loss, generalisation gap, accuracy or R2, weight norm and share of near-zero weights.

    Each is the mean over seeds and folds; a change is the mean of the differences, the k-th run of one with the k-th
    of the other. `noise` says what the runs of one setting differ in.
    """
    regression = any("val_r2" in history for history in current)
    score = _R2 if regression else _ACCURACY
    return tuple(_figure(each, current, baseline, noise) for each in (_BEST, _GAP, score, _NORM, _NEAR_ZERO))


def draw_figures(figures: Sequence[Figure]) -> str:
    """The cards as HTML; every text is escaped."""
    return f'<div class="rd-figures">{"".join(_card(figure) for figure in figures)}</div>'


@dataclass(frozen=True)
class _Measure:
    name: str
    label: str
    help: str
    read: Callable[[History], float]
    write: Callable[[float], str]
    note: Callable[[Sequence[History]], str] = lambda histories: ""
    write_change: Callable[[float], str] | None = None


def _figure(measure: _Measure, current: Sequence[History], baseline: Sequence[History], noise: str) -> Figure:
    values = [_safe(measure.read, history) for history in current]
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return Figure(measure.name, measure.label, measure.help, "–")
    change = paired_change(values, [_safe(measure.read, history) for history in baseline])
    text = verdict = ""
    if change.count:
        text = f"{(measure.write_change or measure.write)(abs(change.mean))}"
        text = "unchanged" if not float_of(text) else ("+" if change.mean > 0 else "−") + text
        if change.within_noise is not None:
            verdict = f"{'within' if change.within_noise else 'beyond'} {noise} noise"
    value = measure.write(float(np.mean(finite)))
    return Figure(measure.name, measure.label, measure.help, value, measure.note(current), text, verdict)


def float_of(text: str) -> float:
    """The number at the beginning of a text such as '1.2 %'."""
    return float(text.split()[0])


def _safe(read: Callable[[History], float], history: History) -> float:
    try:
        return read(history)
    except (KeyError, IndexError, ValueError):
        return math.nan


def _last(column: str) -> Callable[[History], float]:
    return lambda history: float(history[column][-1])


def _best(history: History) -> float:
    return float(history["val_loss"][history.best_epoch - 1]) if history.best_epoch else math.nan


def _gap(history: History) -> float:
    return float(history["val_loss"][-1]) - float(history["loss"][-1])


def _best_note(histories: Sequence[History]) -> str:
    epochs = sorted({history.best_epoch for history in histories if history.best_epoch})
    if not epochs:
        return ""
    return f"at epoch {epochs[0]}" if len(epochs) == 1 else f"at epochs {epochs[0]} to {epochs[-1]}"


def _mean_note(column: str, write: Callable[[float], str]) -> Callable[[Sequence[History]], str]:
    def note(histories: Sequence[History]) -> str:
        values = [_safe(_last(column), history) for history in histories]
        finite = [value for value in values if math.isfinite(value)]
        return f"{write(float(np.mean(finite)))} in training" if finite else ""

    return note


def _losses_note(histories: Sequence[History]) -> str:
    return "at the last epoch"


def _loss_text(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 100 else f"{value:.3g}"


def _norm_text(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 10_000 else f"{value:.3g}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"


def _layers_note(histories: Sequence[History]) -> str:
    layers = len(histories[0].layers)
    return f"of {layers} layers" if layers > 1 else "of one layer"


def _card(figure: Figure) -> str:
    quiet = f'<span class="rd-note">{escape(figure.note)}</span>' if figure.note else ""
    change = ""
    if figure.change:
        verdict = escape(figure.verdict)
        judged = f" <em>{verdict}</em>" if verdict else ""
        change = f'<span class="rd-change" data-verdict="{verdict}">{escape(figure.change)}{judged}</span>'
    return (
        f'<div class="rd-figure" data-testid="rd-{escape(figure.name)}" title="{escape(figure.help)}">'
        f'<span class="rd-label">{escape(figure.label)}</span>'
        f'<span class="rd-value">{escape(figure.value)}</span>{quiet}{change}</div>'
    )


_BEST = _Measure(
    "best",
    "Best validation loss",
    "The lowest validation loss of all epochs, without any penalty.",
    _best,
    _loss_text,
    _best_note,
)
_GAP = _Measure(
    "gap",
    "Generalisation gap",
    "Validation loss minus training loss at the last epoch, both without penalty. Near 0 the network does on new rows "
    "what it does on those it learnt from.",
    _gap,
    _loss_text,
    _losses_note,
)
_ACCURACY = _Measure(
    "score",
    "Validation accuracy",
    "The share of validation rows whose class is answered rightly at the last epoch.",
    _last("val_accuracy"),
    _percent,
    _mean_note("accuracy", _percent),
    _points,
)
_R2 = _Measure(
    "score",
    "Validation R²",
    "The share of the variation of the validation targets that the network explains at the last epoch; 1 is all of "
    "it, 0 is no better than their mean.",
    _last("val_r2"),
    _loss_text,
    _mean_note("r2", _loss_text),
)
_NORM = _Measure(
    "norm",
    "Weight norm",
    "The square root of Σw² over all layers at the last epoch, biases left out.",
    _last("l2_norm/all"),
    _norm_text,
    _layers_note,
)
_NEAR_ZERO = _Measure(
    "near-zero",
    "Near-zero weights",
    "The share of weights smaller than 0.001 in size at the last epoch.",
    _last("near_zero/all"),
    _percent,
    lambda histories: "below 0.001 in size",
    _points,
)
