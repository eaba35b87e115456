"""Experiment <-> dict and JSON, with a schema version; the hash of the canonical form is the run's id."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Any

from regdash.datasets import Given
from regdash.errors import InvalidExperiment, RegdashError
from regdash.experiment import CHOICES, Experiment, assemble
from regdash.params import excerpt, nearest, params_of
from regdash.regularizers import REGULARIZERS

SCHEMA = 1
MOST_STRANGERS = 10

RENAMED: Mapping[str, str] = {}
"""Paths of older schemas and what they are called now, such as {"regularizers.l2.strength": "regularizers.l2.l2"}."""


def to_dict(experiment: Experiment, defaults: bool = True) -> dict[str, Any]:
    """A tree of plain values: {"schema": 1, "data": {"name": "moons", ...}, ...}.

    Without `defaults` it holds only what differs from them. Arrays that a program handed in cannot be written down.
    """
    if isinstance(experiment.data, Given):
        raise RegdashError("arrays handed in by a program cannot be stored or linked; upload them as a table")
    tree: dict[str, Any] = {"schema": SCHEMA}
    for place, allowed in CHOICES.items():
        part = getattr(experiment, place)
        named = {"name": part.name} if len(allowed) > 1 or place in ("data", "network") else {}
        tree[place] = named | _fields(part, defaults)
    tree["regularizers"] = {r.name: _fields(r, defaults) for r in experiment.regularizers}
    return tree


def to_json(experiment: Experiment, defaults: bool = True) -> str:
    """The canonical JSON text: sorted keys, no spaces."""
    return _canonical(to_dict(experiment, defaults))


def identity(experiment: Experiment) -> str:
    """The id of the run: the first 20 hexadecimal digits of the SHA-256 of the JSON of all that is not a default.

    So a setting that a later version adds leaves the ids of earlier runs as they are, while a default that changes
    needs a new SCHEMA.
    """
    return digest(to_dict(experiment, defaults=False))


def digest(tree: Mapping[str, Any]) -> str:
    """The first 20 hexadecimal digits of the SHA-256 of a tree's canonical JSON."""
    return hashlib.sha256(_canonical(tree).encode()).hexdigest()[:20]


def from_json(text: str) -> Experiment:
    """Read an experiment from JSON text; raises InvalidExperiment with a sentence for each faulty field."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidExperiment({"json": f"the text must be JSON, but {_first_line(error)}"}) from None
    return from_dict(tree)


def from_dict(tree: Any) -> Experiment:
    """Read an experiment from plain values; places and fields left out keep their defaults."""
    if not isinstance(tree, dict):
        raise InvalidExperiment({"json": f"an experiment must be an object, got {type(tree).__name__}"})
    schema = tree.get("schema", SCHEMA)
    if isinstance(schema, bool) or not isinstance(schema, int) or not 1 <= schema <= SCHEMA:
        message = f"schema must be between 1 and {SCHEMA}, got {excerpt(schema)}; newer ones need a newer Regdash"
        raise InvalidExperiment({"schema": message})
    errors: dict[str, str] = {}
    known = ("schema", *CHOICES, "regularizers")
    for key in _strangers(tree, known):
        errors[_name(key)] = f"there is no place called {excerpt(key)}{nearest(key, known)}"
    tree = _renamed(tree)
    parts = {place: _part(place, allowed, tree.get(place, {}), errors) for place, allowed in CHOICES.items()}
    given = tree.get("regularizers", {})
    if not isinstance(given, dict):
        errors["regularizers"] = f"regularizers must be an object, got {type(given).__name__}"
        given = {}
    by_name = {kind.name: kind for kind in REGULARIZERS}
    for name in _strangers(given, by_name):
        hint = nearest(name, tuple(by_name))
        errors[f"regularizers.{_name(name)}"] = f"there is no regulariser called {excerpt(name)}{hint}"
    parts |= {n: _part(n, (kind,), given[n], errors) for n, kind in by_name.items() if n in given}
    return _assembled(parts, errors)


def _canonical(tree: Mapping[str, Any]) -> str:
    return json.dumps(tree, sort_keys=True, separators=(",", ":"))


def _assembled(parts: dict[str, Any], errors: dict[str, str]) -> Experiment:
    try:
        experiment = assemble({place: part for place, part in parts.items() if part is not None})
    except InvalidExperiment as error:
        raise InvalidExperiment(errors | dict(error.errors)) from None
    if errors:
        raise InvalidExperiment(errors)
    return experiment


def _part(place: str, allowed: tuple[type[Any], ...], values: Any, errors: dict[str, str]) -> Any:
    """Build one part; what is wrong goes into `errors` under its path."""
    if not isinstance(values, dict):
        errors[place] = f"{place} must be an object, got {type(values).__name__}"
        return None
    default = type(getattr(Experiment, place)) if place in CHOICES else allowed[0]
    by_name = {kind.name: kind for kind in allowed}
    name = values.get("name", default.name)
    if not isinstance(name, str) or name not in by_name:
        hint = nearest(name, tuple(by_name))
        errors[place] = f"{place} must be one of {', '.join(by_name)}, got {excerpt(name)}{hint}"
        return None
    kind = by_name[name]
    declared = {p.name: p for p in params_of(kind)}
    for key in _strangers(values, (*declared, "name")):
        hint = nearest(key, tuple(declared))
        errors[f"{place}.{_name(key)}"] = f"{kind.label} has no setting {excerpt(key)}{hint}"
    return kind(**{key: declared[key].convert(value) for key, value in values.items() if key in declared})


def _strangers(given: Iterable[Any], known: Collection[str]) -> list[Any]:
    """The first few names that are not known; a sentence for each of thousands would help nobody."""
    return list(islice((key for key in given if key not in known), MOST_STRANGERS))


def _name(key: Any) -> str:
    return str(key)[:40].encode("utf-8", "backslashreplace").decode()


def _renamed(tree: dict[str, Any]) -> dict[str, Any]:
    for old, new in RENAMED.items():
        *where, key = old.split(".")
        *there, new_key = new.split(".")
        source = _descend(tree, where)
        if isinstance(source, dict) and key in source:
            target = _descend(tree, there)
            if isinstance(target, dict):
                target.setdefault(new_key, source.pop(key))
    return tree


def _descend(tree: Any, path: list[str]) -> Any:
    for key in path:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def _fields(part: Any, defaults: bool) -> dict[str, Any]:
    values = {p: p.convert(getattr(part, p.name)) for p in params_of(type(part))}
    return {p.name: _plain(value) for p, value in values.items() if defaults or value != p.default}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["it is nested too deeply"])[0][:120]
