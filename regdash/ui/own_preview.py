"""A look at an uploaded table before it is used: first rows, what each column is, how the classes are balanced."""

from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from regdash.datasets.tables import Prepared, Table

KINDS = {
    "number": "number",
    "category": "category",
    "switch": "yes or no",
    "date": "date, left out",
    "identifier": "name of the row, left out",
    "constant": "constant, left out",
    "text": "text, left out",
    "empty": "empty, left out",
}


@st.dialog("Preview", width="large")
def draw(table: Table, prepared: Prepared | None) -> None:
    """Draw the preview over the page."""
    notes = [*table.notes, *(prepared.notes if prepared else ())]
    st.html("".join(f'<p class="rd-notice" role="status">{escape(note)}</p>' for note in notes) or "<span></span>")
    st.caption(f"The first of {table.rows:,} rows")
    st.dataframe(first_rows(table), hide_index=True, height="content")
    st.caption(f"What the {len(table.columns)} columns are")
    st.dataframe(columns(table), hide_index=True)
    if prepared is not None:
        st.caption("The target")
        share = st.column_config.ProgressColumn("share", format="percent", min_value=0.0, max_value=1.0)
        st.dataframe(balance(prepared), hide_index=True, column_config={"share": share})


def first_rows(table: Table) -> pd.DataFrame:
    """The first rows as they were written."""
    return pd.DataFrame({column.name: column.first for column in table.columns})


def columns(table: Table) -> pd.DataFrame:
    """Each column with its kind, how many values and holes it has, and what is to be known about it."""
    return pd.DataFrame(
        {
            "column": [column.name for column in table.columns],
            "type": [KINDS[column.kind] for column in table.columns],
            "different": [column.different for column in table.columns],
            "missing": [column.missing for column in table.columns],
            "note": [column.note for column in table.columns],
        }
    )


def balance(prepared: Prepared) -> pd.DataFrame:
    """How many rows each class has; for numbers their lowest, middle, mean and highest value."""
    if prepared.class_names:
        counts = np.bincount(prepared.targets, minlength=len(prepared.class_names))
        return pd.DataFrame({"class": prepared.class_names, "rows": counts, "share": counts / counts.sum()})
    values = prepared.targets
    facts = {"lowest": values.min(), "median": np.median(values), "mean": values.mean(), "highest": values.max()}
    return pd.DataFrame({"of the target": list(facts), "value": [float(fact) for fact in facts.values()]})
