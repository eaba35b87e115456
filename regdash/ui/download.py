"""The curves on the page as a CSV file."""

import pandas as pd
import streamlit as st

from regdash.ui.members import Runs


def curves(current: Runs, baseline: Runs | None) -> pd.DataFrame:
    """All curves below each other in full precision: setting, seed, fold, epoch, then the columns of the history."""
    tables = []
    for name, runs in (("current", current), ("baseline", baseline)):
        for view in runs.views if runs is not None else ():
            if view.history is not None:
                table = view.history.to_frame().reset_index()
                if view.experiment.split.folds:
                    table.insert(0, "fold", view.experiment.split.fold)
                table.insert(0, "seed", view.experiment.training.seed)
                table.insert(0, "setting", name)
                tables.append(table)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def download_curves(current: Runs, baseline: Runs | None) -> None:
    """A button that writes the file when it is pressed."""
    st.download_button(
        "Download curves (CSV)",
        data=lambda: curves(current, baseline).to_csv(index=False),
        file_name="regdash-curves.csv",
        mime="text/csv",
        on_click="ignore",
        help="Every curve at every epoch, in full precision.",
    )
