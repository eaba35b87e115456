"""Space: what is searched, around one experiment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from math import prod
from typing import Any

from regdash.errors import InvalidExperiment
from regdash.experiment import CHOICES, Experiment, declaration, signature
from regdash.params import Param, excerpt, nearest, params_of
from regdash.search.dimension import Choice, Dimension, InvalidSearch

Values = Mapping[str, Any]
"""One point of a space: path -> value, such as {"dropout.rate": 0.3, "optimizer": "adam"}."""

MOST_DIMENSIONS = 12
PLACES = ("network", "optimizer", "schedule")  # that may hold another kind of part in each trial
NEVER = ("training.seed", "split.seed", "split.folds", "split.fold", "data.table")
COUNTED = 60  # combinations that are looked at to count programs
MOST_VALUES = 1_000  # of a range of numbers, each of which would be another program


@dataclass(frozen=True)
class Space:
    """The experiment whose settings hold wherever nothing is searched, and the dimensions.

    Wrong dimensions raise InvalidSearch with a sentence per path. The unit cube [0, 1)^D is mapped on the space by
    `at`; trials, strategies and charts know the space through that and through `grid`.
    """

    base: Experiment
    dimensions: tuple[Dimension, ...]

    def __post_init__(self) -> None:
        ordered = sorted(self.dimensions, key=lambda each: "." in each.path)  # parts before what is inside them
        object.__setattr__(self, "dimensions", tuple(ordered))
        found = self._problems()
        if found:
            raise InvalidSearch(found)

    def _problems(self) -> dict[str, str]:
        if not self.dimensions:
            return {"space": "There is nothing to search: tick at least one setting"}
        if len(self.dimensions) > MOST_DIMENSIONS:
            return {"space": f"At most {MOST_DIMENSIONS} settings can be searched at once, got {len(self.dimensions)}"}
        found: dict[str, str] = {}
        paths = [each.path for each in self.dimensions]
        for each in self.dimensions:
            param = _param(self.base, each.path, self._kinds(each.path))
            if isinstance(param, str):
                found[each.path] = param
            elif paths.count(each.path) > 1:
                found[each.path] = f"{param.label} is searched more than once; name it once"
            elif sentence := each.problem(param):
                found[each.path] = sentence
        return found or self._clashes()

    def _clashes(self) -> dict[str, str]:
        """Which values cannot even be tried alone."""
        found: dict[str, str] = {}
        for each, param in zip(self.dimensions, self.params, strict=True):
            if self._kinds(each.path) and each.path not in PLACES:
                continue  # its part is exchanged in each trial
            tried = each.values(param) if isinstance(each, Choice) else (each.low, each.high)
            for value in tried:
                try:
                    self.experiment({each.path: param.convert(value)})
                except InvalidExperiment as error:
                    found.setdefault(each.path, next(iter(error.errors.values())))
        return found

    def _kinds(self, path: str) -> tuple[type[Any], ...]:
        """The kinds of part that the place of a path may hold in this space."""
        place = path.partition(".")[0]
        for each in self.dimensions:
            if each.path == place and isinstance(each, Choice) and place in PLACES:
                return tuple(kind for kind in CHOICES[place] if kind.name in each.choices)
        return ()

    @cached_property
    def params(self) -> tuple[Param, ...]:
        """The declaration of each dimension."""
        found = (_param(self.base, each.path, self._kinds(each.path)) for each in self.dimensions)
        return tuple(each for each in found if isinstance(each, Param))

    @cached_property
    def axes(self) -> tuple[tuple[Any, ...], ...]:
        """The values of a grid along each dimension."""
        return tuple(each.values(param) for each, param in zip(self.dimensions, self.params, strict=True))

    @property
    def grid_size(self) -> int:
        """How many points the whole grid has."""
        return prod(len(axis) for axis in self.axes)

    def grid(self, number: int) -> Values:
        """The point of the grid with this number, from 0; the last dimension changes fastest."""
        paths = (each.path for each in self.dimensions)
        return _combination(dict(zip(paths, self.axes, strict=True)), number)

    def at(self, places: Sequence[float]) -> Values:
        """The point at a place [D] of the unit cube."""
        triples = zip(self.dimensions, self.params, places, strict=True)
        return {each.path: each.at(float(place), param) for each, param, place in triples}

    def places(self, values: Values) -> tuple[float, ...]:
        """Where in the unit cube [D] a point lies."""
        pairs = zip(self.dimensions, self.params, strict=True)
        return tuple(each.place(values[each.path], param) for each, param in pairs)

    def experiment(self, values: Values) -> Experiment:
        """The experiment at a point; raises InvalidExperiment where its values do not go together."""
        found = self.base
        for path, value in values.items():
            if path in PLACES and type(found.parts[path]).name != value:
                found = found.with_part(path, _exchanged(found.parts[path], path, value))
        return found.with_values({path: value for path, value in values.items() if path not in PLACES})

    def programs(self, most: int, grid: bool = False) -> int:
        """How many differently shaped programs at most so many trials make; each takes a moment to be traced.

        A grid proposes its own steps only. Places count independently, and of many combinations a sample is looked at.
        """
        places = dict.fromkeys(each.path.partition(".")[0] for each in self.dimensions)
        return min(prod(self._shapes(place, grid) for place in places), most)

    def _shapes(self, place: str, grid: bool) -> int:
        """How many shapes of program the settings of one place make among themselves."""
        trios = zip(self.dimensions, self.axes, self.params, strict=True)
        changing = {
            each.path: axis if grid else _all_of(each, axis, param)
            for each, axis, param in trios
            if each.path.partition(".")[0] == place and (not param.stack or each.path in PLACES)
        }
        if not changing:
            return 1
        size = prod(len(values) for values in changing.values())
        tried = range(0, size, -(-size // COUNTED))
        shapes = [shape for number in tried if (shape := self._shape(_combination(changing, number)))]
        different = len(set(shapes))
        return size if different == len(tried) else max(different, 1)

    def _shape(self, values: Values) -> tuple[Any, ...]:
        try:
            return signature(self.experiment(values))
        except InvalidExperiment:
            return ()


def searchable(experiment: Experiment) -> tuple[str, ...]:
    """The paths that can be searched: every hyper-parameter but seeds, folds and visitors' tables; and the places."""
    return (*(path for path in experiment.values if path not in NEVER), *PLACES)


def _param(base: Experiment, path: str, kinds: tuple[type[Any], ...]) -> Param | str:
    """The declaration behind a path, in every kind that its place may hold; or a sentence."""
    if path in PLACES:
        names = tuple(kind.name for kind in CHOICES[path])
        return Param(path, "choice", names[0], path.capitalize(), "", choices=names)
    if path in NEVER:
        return f"{path} cannot be searched: it is a matter of chance, not of choice"
    if path not in base.values and not any(_has(kind, path) for kind in kinds):
        hint = nearest(path, tuple(base.values))
        place = path.partition(".")[0]
        part = base.parts.get(place)
        where = f"{part.label} has" if part is not None else "This experiment has"
        return f"{where} no setting {excerpt(path)}{hint}"
    lacking = [kind.label for kind in kinds if not _has(kind, path)]
    if lacking:
        return f"{', '.join(lacking)} has no setting {excerpt(path)}: leave one of the two out of the search"
    if kinds:
        name = path.partition(".")[2]
        return next(each for each in params_of(kinds[0]) if each.name == name)
    return declaration(base, path)


def _has(kind: type[Any], path: str) -> bool:
    return path.partition(".")[2] in {each.name for each in params_of(kind)}


def _exchanged(before: Any, place: str, name: str) -> Any:
    """Another kind of part with what both have in common, such as the learning rate of another optimizer."""
    kind = next(each for each in CHOICES[place] if each.name == name)
    common = {field.name for field in fields(before)} & {field.name for field in fields(kind)}
    return kind(**{each: getattr(before, each) for each in common})


def _all_of(each: Dimension, axis: Sequence[Any], param: Param) -> Sequence[Any]:
    """Every value that a strategy may propose; of a range of numbers as many as there can be trials."""
    if isinstance(each, Choice):
        return axis
    off = (param.off,) if each.off else ()
    if param.kind == "integer":
        return (*off, *range(int(each.low), int(each.high) + 1))
    return tuple(dict.fromkeys(each.at(k / MOST_VALUES, param) for k in range(MOST_VALUES)))


def _combination(axes: Mapping[str, Sequence[Any]], number: int) -> Values:
    """One of all combinations by its number; the last axis changes fastest."""
    found: dict[str, Any] = {}
    for path in reversed(tuple(axes)):
        number, place = divmod(number, len(axes[path]))
        found[path] = axes[path][place]
    return dict(reversed(found.items()))
