"""Which controls a lesson's front matter shows, and the ways it offers to go on."""

from collections.abc import Mapping
from typing import Any

from regdash.errors import RegdashError
from regdash.lessons.front_fields import Fields, only, words
from regdash.lessons.lesson import Further
from regdash.lessons.names import Consequence, Names
from regdash.links import fixable
from regdash.params import excerpt, nearest
from regdash.search.presets import SEARCH_PRESETS

CONTROLS = ("shown", "locked", "hidden")
WAYS = ("train", "compare", "search", "lesson")
LONGEST_BUTTON = 80
MOST_FURTHER = 12


def read_controls(fields: Fields) -> dict[str, tuple[str, ...]]:
    """The settings and parts in each of the lists shown, locked and hidden."""
    controls = fields.front.values.get("controls")
    controls = {} if controls is None else controls
    if not isinstance(controls, dict) or any(each not in CONTROLS for each in controls):
        fields.fault(("controls",), "controls has the lists shown, locked and hidden, and nothing else")
        return dict.fromkeys(CONTROLS, ())
    found = {key: fields.strings(("controls", key), controls.get(key)) for key in CONTROLS}
    for key, names in found.items():
        for name in names:
            if name not in fixable():
                hint = nearest(name, tuple(sorted(fixable()))) or "; write a part such as network, or such as l2.l2"
                fields.fault(("controls", key), f"{key}: there is no setting {excerpt(name)}{hint}")
    twice = {name for key in CONTROLS for other in CONTROLS if key < other for name in {*found[key]} & {*found[other]}}
    for name in sorted(twice):
        fields.fault(("controls",), f"{name[:40]} may stand in one of shown, locked and hidden only")
    return found


def read_further(fields: Fields, names: Names) -> tuple[Further, ...]:
    """Every way to go on, in their order."""
    listed = fields.front.values.get("further")
    listed = [] if listed is None else listed
    if not isinstance(listed, list) or len(listed) > MOST_FURTHER:
        fields.fault(("further",), f"further must be a list of at most {MOST_FURTHER} ways, got {excerpt(listed)}")
        return ()
    found = []
    for at, each in enumerate(listed):

        def read(each: Any = each) -> Further:
            return _further(each, names)

        found.append(fields.attempt(("further", at), read))
    return tuple(each for each in found if each is not None)


def _further(given: Any, names: Names) -> Further:
    if not isinstance(given, dict) or "say" not in given:
        raise RegdashError(f"a way to go on has the words on its button after say, got {excerpt(given)}")
    only(given, ("say", "against", *WAYS))
    if sum(key in given for key in WAYS) != 1 or ("against" in given and "train" not in given):
        raise RegdashError("a way to go on leads to one of train (with or without against), compare, search or lesson")
    for key in ("train", "against"):
        if key in given:
            _experiment(given[key], names)
    labels = tuple(each.label for each in SEARCH_PRESETS)
    search = words(given, "search", LONGEST_BUTTON)
    if search and search not in labels:
        raise RegdashError(f"search must be one of {', '.join(labels)}, got {excerpt(search)}{nearest(search, labels)}")
    return Further(
        say=words(given, "say", LONGEST_BUTTON),
        train=words(given, "train", LONGEST_BUTTON),
        against=words(given, "against", LONGEST_BUTTON),
        compare=_compared(given, names),
        search=search,
        lesson=words(given, "lesson", LONGEST_BUTTON),
    )


def _compared(given: Mapping[str, Any], names: Names) -> tuple[str, ...]:
    listed = given.get("compare", [])
    if not isinstance(listed, list) or ("compare" in given and not listed):
        raise RegdashError(f"compare must be a list of experiments, got {excerpt(listed)}")
    for name in listed:
        _experiment(name, names)
    return tuple(listed)


def _experiment(name: Any, names: Names) -> None:
    if isinstance(name, str) and name in names.broken:
        raise Consequence
    if not isinstance(name, str) or name not in names.experiments:
        hint = nearest(name, tuple(names.experiments))
        raise RegdashError(f"there is no experiment {excerpt(name)} in this lesson{hint}")
