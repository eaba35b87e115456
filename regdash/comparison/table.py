"""The table of a comparison: what the settings differ in, and what their runs have come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from regdash.comparison.differing import common, differing
from regdash.comparison.measures import BY_NAME, EXTRAS, MEASURES, Measure, best_epochs, ended, figures
from regdash.comparison.opened import HEADS, test_measure, test_summary
from regdash.comparison.series import Series
from regdash.intervals import Summary, summary

NOTHING = "–"


@dataclass(frozen=True)
class Table:
    """Texts by row and column, the same numbers behind them, and what all settings have in common.

    The first column is the setting's name. `numbers` has for each row the summaries of its measures, by their names,
    such as numbers[0]["best_loss"].
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shared: str = ""
    numbers: tuple[Mapping[str, Summary], ...] = field(default=())
    settings: int = 0  # how many columns after the first say what differs


def compare_table(series: Sequence[Series]) -> Table:
    """What differs and the results: mean ± half of the 95 % interval over seeds and folds, where there are several."""
    columns = differing([each.experiment for each in series])
    measures = [each for each in (*MEASURES, *EXTRAS) if any(_values(one, each) for one in series)]
    epochs = any(best_epochs(each) for each in series)
    numbers = tuple(_numbers(each, measures) for each in series)
    test = list(dict.fromkeys(name for each in series if (name := test_measure(each))))
    heads = (
        "Setting",
        *(each.label for each in columns),
        "Runs",
        *_heads(measures, epochs),
        *map(HEADS.__getitem__, test),
    )
    rows = tuple(
        (
            each.name,
            *(column.texts[at] for column in columns),
            _runs(each),
            *_cells(found, measures, epochs),
            *(_tested(each, name) for name in test),
        )
        for at, (each, found) in enumerate(zip(series, numbers, strict=True))
    )
    return Table(heads, rows, common([each.experiment for each in series]), numbers, len(columns))


def _numbers(series: Series, measures: Sequence[Measure]) -> dict[str, Summary]:
    found = {each.name: summary(_values(series, each)) for each in measures}
    return found | {"best_epoch": summary(best_epochs(series))}


def _values(series: Series, measure: Measure) -> list[float]:
    return list(figures(series, measure).values())


def _heads(measures: Sequence[Measure], epochs: bool) -> tuple[str, ...]:
    heads = [each.head for each in measures]
    return (*heads[:1], "Best epoch", *heads[1:]) if epochs else tuple(heads)


def _cells(found: Mapping[str, Summary], measures: Sequence[Measure], epochs: bool) -> tuple[str, ...]:
    cells = [_text(found[each.name], each) for each in measures]
    return (*cells[:1], _epoch(found["best_epoch"]), *cells[1:]) if epochs else tuple(cells)


def _text(found: Summary, measure: Measure) -> str:
    """0.312 ± 0.021; the mean alone for a single run."""
    if not found.n:
        return NOTHING
    half = found.high - found.mean
    half = half if half > 1e-9 * abs(found.mean) else 0.0  # equal values, but for rounding
    if measure.share:
        spread = f" ± {100 * half:.1f}" if found.n > 1 else ""
        return f"{100 * found.mean:.1f}{spread} %".replace("-", "−")
    return f"{measure.written(found.mean)} ± {half:.2g}" if found.n > 1 else measure.written(found.mean)


def _tested(series: Series, name: str) -> str:
    """What the test rows say, where they have been opened."""
    shown = BY_NAME["best_accuracy" if name == "accuracy" else "best_r2"]
    return _text(test_summary(series), shown) if test_measure(series) == name else NOTHING


def _epoch(found: Summary) -> str:
    if not found.n:
        return NOTHING
    return f"{found.mean:.0f} ± {found.high - found.mean:.0f}" if found.n > 1 else f"{found.mean:.0f}"


def _runs(series: Series) -> str:
    """How many runs have ended, of how many."""
    count = len(ended(series))
    return str(count) if series.experiment is None or count >= series.wanted else f"{count} of {series.wanted}"
