"""Every part written in a room's folder stands in that room's tuple."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import regdash.datasets
import regdash.networks
import regdash.optimizers
import regdash.regularizers

CATALOGUES = [
    (regdash.datasets, "DATASETS", "points"),
    (regdash.networks, "NETWORKS", "layers"),
    (regdash.regularizers, "REGULARIZERS", "station"),
    (regdash.optimizers, "OPTIMIZERS", "step"),
    (regdash.optimizers, "SCHEDULES", "factor"),
]
"""Each room, the name of its tuple, and the member by which its parts are known."""

OF_PROGRAMS = {regdash.datasets.Given}
"""Parts that only a program can hand in, so that no menu offers them."""


def written_in(room: ModuleType, member: str) -> Iterator[type[Any]]:
    """The classes with that member that are written in the files of a room; protocols are none."""
    for found in pkgutil.iter_modules(room.__path__, room.__name__ + "."):
        for thing in vars(importlib.import_module(found.name)).values():
            own = isinstance(thing, type) and thing.__module__ == found.name
            if (
                own
                and hasattr(thing, member)
                and not getattr(thing, "_is_protocol", False)
                and thing not in OF_PROGRAMS
            ):
                yield thing


def forgotten(room: ModuleType, name: str, member: str) -> list[str]:
    """What to do about each part that is written but not listed."""
    listed = getattr(room, name)
    place = room.__name__.replace(".", "/") + "/__init__.py"
    return [f"Add {kind.__name__} to {name} in {place}" for kind in written_in(room, member) if kind not in listed]


@pytest.mark.parametrize(("room", "name", "member"), CATALOGUES, ids=[name for _, name, _ in CATALOGUES])
def test_every_part_in_the_folder_is_listed(room: ModuleType, name: str, member: str) -> None:
    assert not forgotten(room, name, member), "; ".join(forgotten(room, name, member))


@pytest.mark.parametrize(("room", "name", "member"), CATALOGUES, ids=[name for _, name, _ in CATALOGUES])
def test_every_listed_part_has_a_file_in_the_folder(room: ModuleType, name: str, member: str) -> None:
    assert set(getattr(room, name)) == set(written_in(room, member))


@pytest.mark.parametrize(("room", "name", "member"), CATALOGUES, ids=[name for _, name, _ in CATALOGUES])
def test_every_part_has_a_name_of_its_own_and_words_for_people(room: ModuleType, name: str, member: str) -> None:
    listed = getattr(room, name)
    names = [kind.name for kind in listed]
    assert len(set(names)) == len(names)
    for kind in listed:
        assert kind.name.replace("_", "").isalnum(), "the name stands in links"
        assert kind.name.islower()
        assert kind.label.strip()
        assert kind.help.endswith((".", ":"))
        assert kind.__doc__


def test_a_part_that_is_not_listed_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "__init__.py").write_text("DATASETS = ()\n")
    (folder / "blobs.py").write_text("class Blobs:\n    def points(self, seed): ...\n\nclass Other:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    shelf = importlib.import_module("shelf")
    try:
        assert forgotten(shelf, "DATASETS", "points") == ["Add Blobs to DATASETS in shelf/__init__.py"]
    finally:
        for module in ("shelf", "shelf.blobs"):
            sys.modules.pop(module, None)
