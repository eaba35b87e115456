"""Comparison: settings side by side, what they differ in, and which differences are more than seed noise."""

from regdash.comparison.measures import BY_NAME, MEASURES, Measure, figures, offered
from regdash.comparison.names import names
from regdash.comparison.series import Place, Series, own_series
from regdash.comparison.table import Table, compare_table
from regdash.comparison.verdicts import Verdict, against, all_verdicts, incomparable, verdict

__all__ = [
    "BY_NAME",
    "MEASURES",
    "Measure",
    "Place",
    "Series",
    "Table",
    "Verdict",
    "against",
    "all_verdicts",
    "compare_table",
    "figures",
    "incomparable",
    "names",
    "offered",
    "own_series",
    "verdict",
]
