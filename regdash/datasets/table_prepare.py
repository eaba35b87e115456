"""A table and what was chosen from it, as numbers for a network."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from regdash.datasets.table_columns import Column
from regdash.datasets.table_limits import (
    FEWEST_IN_CLASS,
    FEWEST_ROWS,
    LIMITS,
    InvalidTable,
    Limits,
    distinct,
    listed,
    plain,
)

if TYPE_CHECKING:
    from regdash.datasets.tables import Table

TableTask = Literal["classification", "regression"]
Missing = Literal["refuse", "impute"]

FEW_NUMBERS = 10  # whole numbers of so few kinds are classes


@dataclass(frozen=True, eq=False)
class Prepared:
    """A table ready for a network: inputs [N, F], targets [N] (class numbers or values)."""

    inputs: NDArray[np.float64]
    targets: NDArray[Any]
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]  # empty for regression
    target_name: str
    notes: tuple[str, ...] = ()

    @property
    def task(self) -> TableTask:
        """What is to be predicted: a class or a number."""
        return "classification" if self.class_names else "regression"


def task_of(target: Column) -> TableTask:
    """Words, switches and few whole numbers are classes; other numbers are values to predict."""
    if target.kind != "number":
        return "classification"
    known = target.values[~np.isnan(target.values)]
    few = target.different <= FEW_NUMBERS
    return "classification" if few and (known == np.round(known)).all() else "regression"


def prepare(
    table: "Table",
    target: str,
    inputs: Sequence[str],
    task: TableTask | None = None,
    missing: Missing = "refuse",
    limits: Limits = LIMITS,
) -> Prepared:
    """Encode the chosen columns; InvalidTable with a sentence for each field that is wrong.

    Categories become one column of 0 and 1 each (one-hot). A missing number becomes the median of its column, a
    missing category one of its own called "missing". The median is taken over all rows, validation and test rows too,
    so a little of them is known beforehand; where that matters, fill in the cells before the upload.
    """
    faults: dict[str, str] = {}
    chosen = _chosen(table, target, inputs, faults)
    if target not in table.names:
        raise InvalidTable(faults)
    aim = table.column(target)
    known = ~np.isnan(aim.values)
    goal, classes = _target(aim, aim.values[known], task or task_of(aim), limits, faults)
    columns = [(column, column.values[known]) for column in chosen]
    if missing == "refuse":
        _refuse_missing(columns, faults)
    encoded = [_encoded(column, values) for column, values in columns]
    width = sum(len(names) for names, _ in encoded)
    if width > limits.inputs:
        faults["inputs"] = (
            f"A network may have at most {limits.inputs} inputs, and these columns make {width}, because each category "
            "becomes one of its own. Untick columns with many different words."
        )
    if faults:
        raise InvalidTable(faults)
    return Prepared(
        inputs=np.ascontiguousarray(np.concatenate([block() for _, block in encoded], axis=1)) + 0.0,
        targets=goal,
        feature_names=distinct(name for names, _ in encoded for name in names),
        class_names=classes,
        target_name=aim.name,
        notes=_notes(aim, columns, int((~known).sum())),
    )


def _chosen(table: "Table", target: str, inputs: Sequence[str], faults: dict[str, str]) -> list[Column]:
    """The input columns; what is wrong with them and with the name of the target goes into `faults`."""
    if target not in table.names:
        faults["target"] = f"The target must be one of the columns, got “{plain(str(target))}”. Choose a column."
    unknown = [plain(str(name)) for name in inputs if name not in table.names]
    useless = [name for name in inputs if name in table.names and not table.column(name).usable]
    if unknown:
        faults["inputs"] = f"Inputs must be columns of the table, got {listed(unknown)}. Choose columns."
    elif target in inputs:
        faults["inputs"] = f"The target cannot be an input as well, got “{plain(target)}” as both. Untick it."
    elif useless:
        faults["inputs"] = f"Inputs must hold numbers or categories, got {listed(useless)}. Untick these columns."
    elif not inputs:
        faults["inputs"] = "At least one input is needed, got none. Tick a column of numbers or categories."
    return [] if "inputs" in faults else [table.column(name) for name in dict.fromkeys(inputs)]


def _target(
    aim: Column, values: NDArray[np.float64], task: TableTask, limits: Limits, faults: dict[str, str]
) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Class numbers and class names, or values and no names."""
    problem = _target_problem(aim, values, task, limits)
    if problem:
        field, sentence = problem
        faults[field] = sentence
        return values, ()
    if task == "regression":
        return values + 0.0, ()
    used, places = np.unique(values, return_inverse=True)
    counts = np.bincount(places)
    names = distinct(aim.categories[int(v)] if aim.categories else f"{v:.10g}" for v in used)
    small = [f"{name} ({count})" for name, count in zip(names, counts, strict=True) if count < FEWEST_IN_CLASS]
    if small:
        faults["target"] = (
            f"Every class needs at least {FEWEST_IN_CLASS} rows, and too few have {listed(small)}. "
            "Remove these rows or join small classes."
        )
    return places.astype(np.int64), names


def _target_problem(
    aim: Column, values: NDArray[np.float64], task: TableTask, limits: Limits
) -> tuple[str, str] | None:
    if aim.kind == "date":
        return "target", f"A target must hold numbers or classes, and “{aim.name}” holds dates. Choose another column."
    if len(values) < FEWEST_ROWS:
        sentence = f"At least {FEWEST_ROWS} rows must have a target, got {len(values)} in “{aim.name}”."
        return "target", f"{sentence} Choose another column."
    different = len(np.unique(values))
    if different == 1:
        return "target", (
            f"A target needs at least two different values, and “{aim.name}” has the same in every row. "
            "Choose another column."
        )
    if task == "regression" and aim.kind not in ("number", "identifier"):
        return "task", f"Regression predicts numbers, and “{aim.name}” holds words. Choose classification."
    if task == "regression" and aim.kind == "identifier":
        return "target", f"“{aim.name}” only tells the rows apart, so nothing can be learnt. Choose another column."
    if task == "classification" and different > limits.classes:
        other = "regression" if aim.kind == "number" else "another column"
        return "task" if aim.kind == "number" else "target", (
            f"There may be at most {limits.classes} classes, and “{aim.name}” has {different:,} different values. "
            f"Choose {other}."
        )
    return None


def _refuse_missing(columns: list[tuple[Column, NDArray[np.float64]]], faults: dict[str, str]) -> None:
    holes = {column.name: int(np.isnan(values).sum()) for column, values in columns}
    total = sum(holes.values())
    if total:
        names = listed(f"{name} ({count})" for name, count in holes.items() if count)
        cells = "1 cell is" if total == 1 else f"{total:,} cells are"
        faults["missing"] = f"{cells} missing, in {names}. Choose to fill them in, or untick these columns."


def _encoded(column: Column, values: NDArray[np.float64]) -> tuple[list[str], Any]:
    """The names of the inputs that a column becomes, and a function that makes them [N, k]."""
    holes = np.isnan(values)
    if column.kind == "number":
        middle = float(np.median(values[~holes])) if (~holes).any() else 0.0
        return [column.name], lambda: np.where(holes, middle, values)[:, None]
    if column.kind == "switch" and not holes.any():
        return [column.name], lambda: values[:, None]
    used = np.unique(values[~holes])
    names = [plain(f"{column.name} = {column.categories[int(place)]}") for place in used]
    if holes.any():
        names.append(plain(f"{column.name} = missing"))
    places = np.where(holes, len(used), np.searchsorted(used, np.where(holes, 0, values)))
    return names, lambda: (places[:, None] == np.arange(len(names))).astype(np.float64)


def _notes(aim: Column, columns: list[tuple[Column, NDArray[np.float64]]], without: int) -> tuple[str, ...]:
    filled = [column.name for column, values in columns if np.isnan(values).any()]
    notes = []
    if without:
        rows = "1 row without a target is" if without == 1 else f"{without:,} rows without a target are"
        notes.append(f"{rows} left out.")
    if filled:
        notes.append(f"Missing cells are filled in: {listed(filled)}.")
    return tuple(notes)
