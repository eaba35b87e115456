"""The report of the Train page: its runs, beside those of the baseline."""

from regdash.comparison import BY_NAME, Series, all_verdicts, compare_table, own_series
from regdash.experiment import Experiment
from regdash.export.report import Report
from regdash.links import to_address
from regdash.ui import chart_grid, report, session, share
from regdash.ui.members import Runs

TITLE = "Training runs"
MEASURES = ("best_loss", "gap")


def menu(draft: Experiment, current: Runs, baseline: Runs | None) -> None:
    """The button that takes all charts of these runs away."""
    report.download_menu("train", lambda: made(draft, current, baseline))


def made(draft: Experiment, current: Runs, baseline: Runs | None) -> Report:
    """Everything that the page has of these runs."""
    named = {"Current": current} | ({"Baseline": baseline} if baseline is not None else {})
    series = [_series(name, runs) for name, runs in named.items()]
    pairs = [each for name in MEASURES for each in all_verdicts(series, BY_NAME[name])] if baseline is not None else []
    versions = next((dict(record.versions) for runs in named.values() for record in runs.records), None)
    return Report(
        title=TITLE,
        date=report.today(),
        pictures=chart_grid.pictures(draft, current, baseline),
        settings={name: runs.setting for name, runs in named.items()},
        table=compare_table(series),
        verdicts=tuple(each.sentence for each in pairs),
        link=share.link(to_address(session.draft())),
        used=versions or None,
    )


def _series(name: str, runs: Runs) -> Series:
    views = runs.views
    return own_series(name, runs.setting, [view.history for view in views], [view.record for view in views])
