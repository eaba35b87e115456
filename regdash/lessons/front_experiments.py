"""The experiments and sweeps of a lesson's front matter."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from regdash.codec import from_dict
from regdash.errors import InvalidExperiment, RegdashError
from regdash.experiment import Experiment, declaration
from regdash.lessons.front_fields import Fields, only, words
from regdash.lessons.lesson import Sweep
from regdash.lessons.names import Consequence, Names
from regdash.params import excerpt, nearest
from regdash.regularizers import REGULARIZERS

LONGEST_LABEL = 40
MOST_VALUES = 30  # of one sweep
REPEATS = ("training.seed", "split.fold")  # they tell the runs of one setting apart
_REGULARIZERS = tuple(kind.name for kind in REGULARIZERS)


def read_experiments(fields: Fields) -> tuple[dict[str, Experiment], dict[str, str]]:
    """Every experiment by name, and its words in legends."""
    trees: dict[str, dict[str, Any]] = {}
    found: dict[str, Experiment] = {}
    labels: dict[str, str] = {}
    for name, given in fields.named("experiments").items():
        tree = dict(given)
        label, source = tree.pop("label", name.replace("_", " ")), tree.pop("from", None)
        if not isinstance(label, str) or not label.strip() or len(label) > LONGEST_LABEL or label in labels.values():
            what = f"a label must be a text of its own of at most {LONGEST_LABEL} letters, got {excerpt(label)}"
            fields.fault(("experiments", name, "label"), what)
            label = name
        if source is not None and (not isinstance(source, str) or source not in trees):
            if source not in tuple(fields.broken):
                what = f"from must name an experiment above, got {excerpt(source)}{nearest(source, tuple(trees))}"
                fields.fault(("experiments", name, "from"), what)
            fields.broken.add(name)
            continue
        trees[name] = merged(trees[source] if source is not None else {}, tree)
        try:
            found[name], labels[name] = from_dict(trees[name]), label
            _refuse_repeats(fields, name, found[name])
        except InvalidExperiment as error:
            fields.broken.add(name)
            _say(fields, name, source if source in fields.broken else None, tree, error)
    return found, labels


def _refuse_repeats(fields: Fields, name: str, experiment: Experiment) -> None:
    for path in REPEATS:
        if experiment.values[path]:
            place, _, key = path.partition(".")
            what = f"{path} is given by the lesson, which repeats every setting; leave it out"
            fields.fault(("experiments", name, place, key), what)


def _say(fields: Fields, name: str, broken: str | None, tree: Mapping[str, Any], error: InvalidExperiment) -> None:
    """A fault for each wrong setting, but for those that have come from a wrong experiment above."""
    for place, sentence in error.errors.items():
        path = place.split(".")
        path = ["regularizers", *path] if path[0] in _REGULARIZERS else path
        if broken is None or _at(tree, path):
            fields.fault(("experiments", name, *path), f"{place}: {sentence}")


def _at(tree: Any, path: list[str]) -> bool:
    """Whether a tree says something itself at that path."""
    for key in path:
        if not isinstance(tree, Mapping) or key not in tree:
            return False
        tree = tree[key]
    return True


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A tree with changes; a part of another kind takes the place of the old one whole."""
    found = dict(base)
    for key, value in changes.items():
        old = found.get(key)
        if isinstance(value, dict) and isinstance(old, dict) and value.get("name", old.get("name")) == old.get("name"):
            found[key] = merged(old, value)
        else:
            found[key] = value
    return found


def read_sweeps(fields: Fields, names: Names, labels: Mapping[str, str]) -> dict[str, Sweep]:
    """Every sweep by name."""
    found: dict[str, Sweep] = {}
    taken = Counter(labels.values())
    for name, given in fields.named("sweeps").items():

        def read(name: str = name, given: Mapping[str, Any] = given) -> Sweep:
            return _sweep(name, given, names)

        sweep = fields.attempt(("sweeps", name), read)
        if sweep is None:
            fields.broken.add(name)
            continue
        taken.update(sweep.points)
        if twice := [label for label, times in taken.items() if times > 1]:
            what = (
                f"every setting needs a label of its own in charts, and {twice[0]} is there twice; give another label"
            )
            fields.fault(("sweeps", name, "label"), what)
            taken = Counter(set(taken))
        found[name] = sweep
    return found


def _sweep(name: str, given: Mapping[str, Any], names: Names) -> Sweep:
    only(given, ("from", "vary", "values", "label"))
    source, path, values = given.get("from"), given.get("vary"), given.get("values")
    if isinstance(source, str) and source in names.broken:
        raise Consequence
    if not isinstance(source, str) or source not in names.experiments:
        hint = nearest(source, tuple(names.experiments))
        raise RegdashError(f"from must name an experiment, got {excerpt(source)}{hint}")
    base = names.experiments[source]
    if not isinstance(path, str) or path not in base.values:
        hint = nearest(path, tuple(base.values))
        raise RegdashError(f"vary must be a setting such as l2.l2, got {excerpt(path)}{hint}")
    if declaration(base, path).kind not in ("number", "integer"):
        raise RegdashError(f"vary must be a setting that is one number, and {path} is none")
    if path in REPEATS:
        raise RegdashError(f"vary must be a setting that every seed repeats, and {path} tells the repeats apart")
    if not isinstance(values, list) or not 2 <= len(values) <= MOST_VALUES:
        raise RegdashError(f"values must be a list of 2 to {MOST_VALUES} numbers, got {excerpt(values)}")
    try:
        experiments = tuple(base.with_values({path: value}) for value in values)
    except InvalidExperiment as error:
        raise RegdashError("; ".join(error.errors.values())) from None
    if len(set(experiments)) < len(experiments):
        raise RegdashError(f"values must be different from each other, got {excerpt(values)}")
    label = words(given, "label", LONGEST_LABEL, name.replace("_", " "))
    return Sweep(name, label, path, tuple(float(each.values[path]) for each in experiments), experiments)
