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
from regdash.links.embedding import EMBEDDING, MOST_CONTROLS, Embedding, from_embedding, to_embedding
from regdash.links.words import MOST_LETTERS, lesson_text

__all__ = [
    "EMBEDDING",
    "MOST_CONTROLS",
    "MOST_ENTRIES",
    "MOST_FIXED",
    "MOST_LETTERS",
    "MOST_RUNS",
    "MOST_SEEDS",
    "REGULARIZATION",
    "SEEDS",
    "VERSION",
    "Address",
    "Comparison",
    "Embedding",
    "Entry",
    "fixable",
    "from_address",
    "from_comparison",
    "from_embedding",
    "from_link",
    "lesson_text",
    "to_address",
    "to_comparison",
    "to_embedding",
    "to_link",
]
