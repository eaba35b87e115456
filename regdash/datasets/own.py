"""A table that the visitor has uploaded."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

from regdash.datasets.bundled import first_rows
from regdash.datasets.samples import Points
from regdash.datasets.table_files import Facts, load_facts, load_table
from regdash.errors import DataMissing
from regdash.params import param
from regdash.settings import settings

NO_TABLE = "No table has been uploaded yet. Choose a CSV or Parquet file."


def tables_folder() -> Path:
    """Where uploaded tables are kept."""
    return settings().data_dir / "tables"


@dataclass(frozen=True)
class OwnTable:
    """Rows from an uploaded file, named by the hash of their content.

    inputs [N, F], targets [N]. What is to be predicted, F and the classes follow from the file. Without a table, or
    on a machine that does not have it, there is one input and two classes, and `points` says what to do.
    """

    name: ClassVar[str] = "own"
    label: ClassVar[str] = "Own table"
    help: ClassVar[str] = "A CSV or Parquet file of your own: choose what is to be predicted, and from what."
    standardize: ClassVar[bool] = True
    default_train: ClassVar[float] = 0.5

    table: str = param(
        "",
        "Table",
        "The mark of the uploaded table: 32 hexadecimal digits made from its content, so that the same file is found "
        "again.",
        kind="key",
    )
    rows: int = param(
        20_000,
        "Rows",
        "How many rows of the table are used; a smaller table gives all it has. Fewer rows are easier to learn by "
        "heart.",
        low=20,
        high=20_000,
        unit="rows",
        stack=True,
    )

    @property
    def task(self) -> Literal["classification", "regression"]:
        """Whether classes or numbers are predicted."""
        facts = self.facts()
        return facts.task if facts else "classification"

    @property
    def features(self) -> int:
        """F, the inputs once categories are encoded."""
        facts = self.facts()
        return facts.features if facts else 1

    @property
    def classes(self) -> int:
        """C, the number of classes; 0 for regression."""
        facts = self.facts()
        return len(facts.class_names) if facts else 2

    @property
    def available(self) -> bool:
        """Whether the table is on this machine, so that it can be trained on."""
        return self.facts() is not None

    def facts(self) -> Facts | None:
        """What the stored table is; None when there is none or it is not on this machine."""
        try:
            return load_facts(tables_folder(), self.table) if self.table else None
        except DataMissing:
            return None

    def points(self, seed: int) -> Points:
        """Some rows of the table; DataMissing with a sentence when it is not here."""
        if not self.table:
            raise DataMissing(NO_TABLE, self.name)
        table = load_table(tables_folder(), self.table)
        kept = first_rows(table.targets, len(table.class_names), self.rows, seed)
        return Points(
            inputs=table.inputs[kept],
            targets=table.targets[kept],
            feature_names=table.feature_names,
            class_names=table.class_names,
            target_name=table.target_name,
        )
