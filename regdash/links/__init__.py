"""Links: what stands in the address of a page, readable, size-capped and checked."""

from regdash.links.address import (
    MOST_FIXED,
    MOST_RUNS,
    MOST_SEEDS,
    REGULARIZATION,
    SEEDS,
    VERSION,
    Address,
    fixable,
    from_address,
    from_link,
    to_address,
    to_link,
)
from regdash.links.comparison import MOST_ENTRIES, Comparison, Entry, from_comparison, to_comparison

__all__ = [
    "MOST_ENTRIES",
    "MOST_FIXED",
    "MOST_RUNS",
    "MOST_SEEDS",
    "REGULARIZATION",
    "SEEDS",
    "VERSION",
    "Address",
    "Comparison",
    "Entry",
    "fixable",
    "from_address",
    "from_comparison",
    "from_link",
    "to_address",
    "to_comparison",
    "to_link",
]
