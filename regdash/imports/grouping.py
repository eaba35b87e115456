"""Which imported curves are probably seeds of one setting, told by their names."""

import re
from collections.abc import Sequence
from dataclasses import replace

from regdash.comparison.imported import Imported, clean_name
from regdash.imports.histories import MOST_CURVES

_WORD = "seed|fold|run|rep|repeat|member"
_NUMBERED = re.compile(rf"(?:[-_/ ]*(?:{_WORD})[-_ ]*\d{{1,6}})+$|[-_/ ]+\d{{1,6}}$", re.IGNORECASE)
_SURE = re.compile(rf"(?:^|[-_/ ])(?:{_WORD})[-_ ]*\d{{1,6}}$", re.IGNORECASE)


def stem(name: str) -> str:
    """A name without the number of its seed: "run-0" and "run-1" are "run", "plain/seed-3" is "plain"."""
    found = _NUMBERED.search(name)
    if found is None:
        return name
    return name[: found.start()].rstrip("-_/ ") or re.sub(r"[-_ ]*\d+$", "", name) or name


def groups(imported: Sequence[Imported]) -> dict[str, list[int]]:
    """The indices of those that have a stem in common with others, by the stem; each with a single history."""
    found: dict[str, list[int]] = {}
    for index, each in enumerate(imported):
        if len(each.histories) == 1:
            found.setdefault(stem(each.name), []).append(index)
    return {name: indices for name, indices in found.items() if 1 < len(indices) <= MOST_CURVES}


def sure(imported: Sequence[Imported], indices: Sequence[int]) -> bool:
    """Whether their names say that they are seeds, as "run-0" does and "dropout 5" does not."""
    return all(_SURE.search(imported[index].name) for index in indices)


def grouped(imported: Sequence[Imported], together: dict[str, list[int]]) -> list[Imported]:
    """The same curves with each of these groups as one setting, at the place of its first member."""
    first = {indices[0]: (name, indices) for name, indices in together.items()}
    inside = {index for indices in together.values() for index in indices}
    found = []
    for index, each in enumerate(imported):
        if index in first:
            name, indices = first[index]
            members = [imported[k] for k in indices]
            histories = tuple(history for member in members for history in member.histories)
            notes = tuple(dict.fromkeys(note for member in members for note in member.notes))
            found.append(replace(each, name=clean_name(name), histories=histories, notes=notes))
        elif index not in inside:
            found.append(each)
    return found
