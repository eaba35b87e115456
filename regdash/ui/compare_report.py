"""The report of the Compare page."""

import math

from regdash.comparison import BY_NAME, Measure, all_verdicts, offered
from regdash.export.report import Report
from regdash.ui import compare_charts, compare_state, report, share
from regdash.ui.compare_runs import Lanes
from regdash.ui.compare_table import table_of

TITLE = "Comparison"
HOLM = "{count} pairs are judged; where Holm's correction at 5 % is passed the difference remains: {left}."
NONE = "none"


def menu(lanes: Lanes) -> None:
    """The button that takes all charts, the table and the verdicts away."""
    report.download_menu("compare", lambda: made(lanes))


def made(lanes: Lanes) -> Report:
    """Everything that the page shows."""
    pairs = all_verdicts(lanes.series, _measure(lanes)) if len(lanes.lanes) > 1 else ()
    judged = sum(not math.isnan(each.p) for each in pairs)
    remaining = "; ".join(f"{each.first} and {each.second}" for each in pairs if each.remains)
    return Report(
        title=TITLE,
        date=report.today(),
        pictures=compare_charts.pictures(lanes),
        settings={lane.series.name: lane.entry.setting for lane in lanes.lanes if lane.entry.setting is not None},
        table=table_of(lanes),
        verdicts=tuple(each.sentence for each in pairs),
        note=HOLM.format(count=judged, left=remaining or NONE) if judged > 1 else "",
        link=share.link(compare_state.link(), "compare"),
        used=_versions(lanes),
    )


def _measure(lanes: Lanes) -> Measure:
    there = offered(lanes.series)
    wanted = BY_NAME.get(lanes.comparison.measure)
    return wanted if wanted is not None and wanted in there else there[0]


def _versions(lanes: Lanes) -> dict[str, str] | None:
    """The versions with which the first run was trained; None where there is none."""
    records = (record for lane in lanes.lanes for record in lane.series.records.values())
    first = next(records, None)
    return dict(first.versions) if first is not None and first.versions else None
