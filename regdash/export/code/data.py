"""The rows of a data set, drawn or loaded as Regdash does it."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from regdash.datasets import (
    CIFAR10,
    MNIST,
    Blobs,
    BreastCancer,
    Circles,
    Diabetes,
    Digits,
    FashionMNIST,
    Friedman,
    HighDimensionalLine,
    Iris,
    Line,
    Moons,
    OwnTable,
    PureNoise,
    Spirals,
    Wine,
    Xor,
)
from regdash.datasets.own import tables_folder
from regdash.datasets.table_files import load_table
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.export.code.pieces import Constant, Section
from regdash.params import params_of

NAMES: Mapping[str, str] = {
    "samples": "POINTS",
    "noise": "POINT_NOISE",
    "inner": "INNER_RADIUS",
    "turns": "TURNS",
    "classes": "CLASSES",
    "rows": "ROWS_USED",
    "inputs": "INPUTS",
}
PURPOSES = ("LAYOUT", "NOISE", "LABELS", "SPLIT", "ROWS")

STREAM = '''
def stream(purpose):
    """Random numbers of their own for each purpose, so that one never changes another."""
    return np.random.default_rng([DATA_SEED, 7919, purpose])
'''
STRATIFIED = '''
def stratified_order(targets, chance):
    """A shuffled order in which every beginning holds the classes in their proportions."""
    shuffled = chance.permutation(len(targets))
    keys = np.empty(len(targets))
    for group in np.unique(targets):
        members = targets[shuffled] == group
        keys[members] = (np.arange(members.sum()) + chance.random()) / members.sum()
    return shuffled[np.argsort(keys, kind="stable")]
'''
MOONS = """
angle = np.pi * stream(LAYOUT).random(POINTS)
upper = np.arange(POINTS) % 2 == 0
first = np.where(upper, np.cos(angle), 1 - np.cos(angle))
second = np.where(upper, np.sin(angle), 0.5 - np.sin(angle))
inputs = np.stack([first, second], axis=1)
inputs += POINT_NOISE * stream(NOISE).standard_normal((POINTS, 2))
targets = (~upper).astype(int)
"""
CIRCLES = """
angle = 2 * np.pi * stream(LAYOUT).random(POINTS)
inside = np.arange(POINTS) % 2 == 1
radius = np.where(inside, INNER_RADIUS, 1.0)
inputs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
inputs += POINT_NOISE * stream(NOISE).standard_normal((POINTS, 2))
targets = inside.astype(int)
"""
SPIRALS = """
radius = stream(LAYOUT).random(POINTS)
targets = np.arange(POINTS) % 2  # which of the two arms
angle = 2 * np.pi * TURNS * radius + np.pi * targets
inputs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
inputs += POINT_NOISE * stream(NOISE).standard_normal((POINTS, 2))
"""
XOR = """
row = np.arange(POINTS)
targets = row % 2  # 1 where the signs of the two inputs differ
first = np.where(row // 2 % 2 == 0, 1.0, -1.0)
signs = np.stack([first, np.where(targets == 1, -first, first)], axis=1)
inputs = signs * stream(LAYOUT).random((POINTS, 2))
inputs += POINT_NOISE * stream(NOISE).standard_normal((POINTS, 2))
"""
BLOBS = """
targets = np.arange(POINTS) % CLASSES
angle = 2 * np.pi * targets / CLASSES
inputs = np.stack([np.cos(angle), np.sin(angle)], axis=1)  # the centres
inputs += POINT_NOISE * stream(NOISE).standard_normal((POINTS, 2))
"""
PURE_NOISE = """
inputs = stream(LAYOUT).standard_normal((ROWS_USED, INPUTS))
coin = stream(NOISE).random((ROWS_USED + 1) // 2) < 0.5
targets = np.stack([coin, ~coin], axis=1).ravel()[:ROWS_USED].astype(int)  # one of each two
"""
LINE = """
inputs = 2 * stream(LAYOUT).random((POINTS, 1)) - 1
targets = 3 * inputs[:, 0] + 2 + POINT_NOISE * stream(NOISE).standard_normal(POINTS)
"""
FRIEDMAN = """
inputs = stream(LAYOUT).random((POINTS, INPUTS))  # only the first five say anything
targets = 10 * np.sin(np.pi * inputs[:, 0] * inputs[:, 1]) + 20 * (inputs[:, 2] - 0.5) ** 2
targets += 10 * inputs[:, 3] + 5 * inputs[:, 4]
targets += POINT_NOISE * stream(NOISE).standard_normal(POINTS)
"""
HIGH_DIMENSIONAL_LINE = """
inputs = stream(LAYOUT).standard_normal((POINTS, INPUTS))
targets = 0.05 + 0.01 * inputs.sum(axis=1)
targets += POINT_NOISE * stream(NOISE).standard_normal(POINTS)
"""
DRAWN: Mapping[type[Any], str] = {
    Moons: MOONS,
    Circles: CIRCLES,
    Spirals: SPIRALS,
    Xor: XOR,
    Blobs: BLOBS,
    PureNoise: PURE_NOISE,
    Line: LINE,
    Friedman: FRIEDMAN,
    HighDimensionalLine: HIGH_DIMENSIONAL_LINE,
}
BUNDLED: Mapping[type[Any], str] = {
    Iris: "load_iris()",
    Wine: "load_wine()",
    BreastCancer: "load_breast_cancer()",
    Digits: "load_digits()",
    Diabetes: "load_diabetes(scaled=False)",
}
DOWNLOADED = (FashionMNIST, MNIST, CIFAR10)


def data_section(data: Any, seed: int) -> Section:
    """Code that leaves `inputs` [N, F] and `targets` [N]; RegdashError when a data set cannot be written as code."""
    made = _writer(data)(data)
    constants = [Constant(NAMES[p.name], getattr(data, p.name)) for p in params_of(type(data)) if p.name in NAMES]
    if data.classes and not any(each.name == "CLASSES" for each in constants):
        constants.append(Constant("CLASSES", data.classes))
    constants.append(Constant("DATA_SEED", seed, "of the rows and of how they are divided"))
    return Section(
        "Data",
        f"**{data.label}.** {data.help}",
        (STREAM, *([STRATIFIED] if data.classes else []), made),
        tuple(each for each in constants if each.name != "CLASSES" or data.classes > 2 or isinstance(data, Blobs)),
    )


def files_beside(experiment: Experiment) -> dict[str, bytes]:
    """The files that belong beside a script, by name: the rows of an uploaded table."""
    data = experiment.data
    if not isinstance(data, OwnTable):
        return {}
    data.points(0)  # says what to do when the table is not here
    table, file = load_table(tables_folder(), data.table), io.BytesIO()
    np.savez_compressed(file, inputs=table.inputs, targets=table.targets)
    return {table_name(data): file.getvalue()}


def table_name(data: OwnTable) -> str:
    """The name of the file beside the script that holds the rows of an uploaded table."""
    return f"table-{data.table[:8]}.npz"


def _writer(data: Any) -> Callable[[Any], str]:
    kind = type(data)
    if kind in DRAWN:
        return lambda data: DRAWN[kind]
    if kind in BUNDLED:
        return _bundled
    if kind in DOWNLOADED:
        return _downloaded
    if kind is OwnTable:
        return _own
    raise RegdashError(f"{data.label} cannot be written as code: its rows are known to the program only that has them.")


def _kept(data: Any) -> str:
    """Which rows are used."""
    if not data.classes:
        return "kept = stream(ROWS).permutation(len(targets))[:ROWS_USED]"
    return "kept = stratified_order(targets, stream(ROWS))[:ROWS_USED]"


def _bundled(data: Any) -> str:
    lines = [
        f"inputs, targets = datasets.{BUNDLED[type(data)][:-1]}{', ' if 'scaled' in BUNDLED[type(data)] else ''}"
        "return_X_y=True)",
        _kept(data),
        "inputs, targets = inputs[kept], targets[kept]",
    ]
    return "\n".join(lines)


def _downloaded(data: Any) -> str:
    lines = [
        f"parts = keras.datasets.{data.name}.load_data()  # downloaded once",
        "images, targets = (np.concatenate(pair) for pair in zip(*parts))",
        "targets = targets.ravel().astype(int)",
        _kept(data),
        "inputs = images[kept].reshape(len(kept), -1) / np.float32(255)",
        "targets = targets[kept]",
    ]
    return "\n".join(lines)


def _own(data: Any) -> str:
    lines = [
        "# The rows of the uploaded table: the file comes with this script, keep them side by side",
        f'with np.load("{table_name(data)}", allow_pickle=False) as table:',
        '    inputs, targets = table["inputs"], table["targets"]',
        _kept(data),
        "inputs, targets = inputs[kept], targets[kept]",
    ]
    return "\n".join(lines)
