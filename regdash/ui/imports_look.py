"""A look at imported curves: what was recognised in words, and the first and last epochs."""

from collections.abc import Sequence

import streamlit as st

from regdash.comparison.imported import Imported

MOST_SAID = 5  # columns or names that are named


def facts(each: Imported) -> str:
    """What was recognised, in words: TensorBoard, 3 runs, 150 epochs: loss, val_loss."""
    runs = "1 run" if len(each.histories) == 1 else f"{len(each.histories)} runs"
    epochs = "1 epoch" if each.epochs == 1 else f"{each.epochs:,} epochs"
    first = ", ".join(each.columns[:MOST_SAID])
    more = f" and {len(each.columns) - MOST_SAID} more" if len(each.columns) > MOST_SAID else ""
    return f"{each.source}, {runs}, {epochs}: {first}{more}."


def table(each: Imported) -> None:
    """The first and the last epochs of the first run."""
    frame = each.histories[0].to_frame()[[name for name in each.columns if name in each.histories[0]][:8]]
    short = frame if len(frame) <= 8 else frame.iloc[[*range(4), *range(len(frame) - 4, len(frame))]]
    st.dataframe(short.reset_index(), hide_index=True)


def listed(names: Sequence[str]) -> str:
    """The first few names."""
    return ", ".join(names[:MOST_SAID]) + (" ..." if len(names) > MOST_SAID else "")
