"""Plan: everything about a search that is chosen before it begins, as one frozen value."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from regdash.codec import from_dict as experiment_from
from regdash.codec import to_dict as experiment_to
from regdash.errors import InvalidExperiment
from regdash.experiment import Experiment
from regdash.params import excerpt, nearest
from regdash.search.dimension import Choice, Dimension, InvalidSearch, Range
from regdash.search.objective import Objective
from regdash.search.space import Space, Values
from regdash.search.strategies import STRATEGIES, Strategy, problem

SCHEMA = 1
MOST_TRIALS, MOST_SECONDS, MOST_SEED = 10_000, 86_400.0, 2**31 - 1
FEWEST_EPOCHS = 5  # of a rung of successive halving
MOST_TEXT, MOST_DEPTH, MOST_FIELDS, MOST_NAME, LARGEST = 500_000, 12, 200, 80, 2**63
HALVINGS = ("", "halving", "hyperband")


@dataclass(frozen=True)
class Plan:
    """A space, who proposes points in it, how many, and how they are judged.

    A grid tries each of its points once, whatever `trials` says. With `seconds` above 0 nothing new is proposed after
    so much time. `halving` gives most points a few epochs only: of each rung the best 1/eta go on with eta times as
    many. Wrong values raise InvalidSearch with a sentence per field.
    """

    space: Space
    strategy: str = "tpe"
    trials: int = 64
    seconds: float = 0.0
    objective: Objective = Objective()
    halving: str = ""
    eta: int = 3
    seed: int = 0

    def __post_init__(self) -> None:
        found = self._problems()
        if found:
            raise InvalidSearch(found)

    @property
    def proposer(self) -> type[Strategy]:
        """Who proposes."""
        return next(each for each in STRATEGIES if each.name == self.strategy)

    @property
    def total(self) -> int:
        """How many points are tried."""
        return self.space.grid_size if self.strategy == "grid" else self.trials

    def experiment(self, values: Values, epochs: int = 0) -> Experiment:
        """The experiment of a trial; raises InvalidExperiment where its values do not go together."""
        found = self.space.experiment(values)
        return found.with_values({"training.epochs": epochs}) if epochs else found

    def members(self, values: Values, epochs: int = 0) -> tuple[Experiment, ...]:
        """The runs of a trial, over all seeds and folds."""
        return self.objective.members(self.experiment(values, epochs))

    @property
    def _epochs(self) -> int:
        return self.space.base.training.epochs

    def _problems(self) -> dict[str, str]:
        found = self.objective.problems(self.space.base)
        names = tuple(each.name for each in STRATEGIES)
        if self.strategy not in names:
            hint = nearest(self.strategy, names)
            found["strategy"] = f"The strategy must be one of {', '.join(names)}, got {excerpt(self.strategy)}{hint}"
        elif sentence := problem(self.proposer, self.space):
            found["strategy"] = sentence
        elif self.total > MOST_TRIALS and self.strategy == "grid":
            found["trials"] = (
                f"The grid has {self.total:,} points, and at most {MOST_TRIALS:,} are tried: take fewer steps or "
                "fewer settings, or let random or Bayesian search choose among them"
            )
        if not 1 <= self.trials <= MOST_TRIALS:
            found.setdefault("trials", f"The budget must be between 1 and {MOST_TRIALS:,} trials, got {self.trials}")
        if not 0 <= self.seconds <= MOST_SECONDS:
            found["seconds"] = f"The time must be between 0 (no limit) and {MOST_SECONDS:,.0f} s, got {self.seconds:g}"
        if self.halving not in HALVINGS:
            found["halving"] = f"Halving must be halving, hyperband or nothing, got {excerpt(self.halving)}"
        if not 2 <= self.eta <= 10:
            found["eta"] = f"Eta must be between 2 and 10, got {self.eta}"
        if self.halving and any(each.path == "training.epochs" for each in self.space.dimensions):
            found["halving"] = "Halving chooses the epochs itself; do not search Epochs as well"
        elif self.halving and 2 <= self.eta <= 10 and (least := FEWEST_EPOCHS * self.eta) > self._epochs:
            found["halving"] = (
                f"Halving by {self.eta} needs at least {least} epochs, so that its first rung has {FEWEST_EPOCHS}, and "
                f"here are {self._epochs}; train for longer or without halving"
            )
        if not 0 <= self.seed <= MOST_SEED:
            found["seed"] = f"The seed must be between 0 and {MOST_SEED}, got {self.seed}"
        if not found and self.objective.folds:
            try:
                self.objective.setting(self.space.base)
            except InvalidExperiment as error:
                found |= {"folds": next(iter(error.errors.values()))}
        return found


def plan_to_dict(plan: Plan) -> dict[str, Any]:
    """Plain values: {"schema": 1, "base": {...}, "space": {"dropout.rate": {"low": 0, "high": 0.9}, ...}, ...}."""
    space = {each.path: _dimension_to(each) for each in plan.space.dimensions}
    rest = {name: getattr(plan, name) for name in ("strategy", "trials", "seconds", "halving", "eta", "seed")}
    base = experiment_to(plan.space.base, defaults=False)
    return {"schema": SCHEMA, "base": base, "space": space, **rest, "objective": asdict(plan.objective)}


def plan_to_json(plan: Plan) -> str:
    """The canonical JSON text; it keeps the order of the dimensions, on which proposals depend."""
    return json.dumps(plan_to_dict(plan), separators=(",", ":"))


def plan_from_json(text: str, **changes: Any) -> Plan:
    """Read a plan from JSON text; `changes` replace its fields. Raises InvalidSearch with a sentence per field."""
    if len(text) > MOST_TEXT:
        sentence = f"The text must have at most {MOST_TEXT:,} characters, got {len(text):,}"
        raise InvalidSearch({"json": sentence})
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidSearch({"json": f"The text must be JSON, but {str(error)[:120]}"}) from None
    return plan_from_dict(tree, **changes)


def plan_from_dict(tree: Any, **changes: Any) -> Plan:
    """Read a plan from plain values; what is left out keeps its default, except the space."""
    errors: dict[str, str] = {}
    if not isinstance(tree, dict):
        raise InvalidSearch({"json": f"A search must be an object, got {type(tree).__name__}"})
    if sentence := _unreadable(tree):
        raise InvalidSearch({"json": sentence})
    known = {"schema": int, "base": dict, "space": dict, "objective": dict, **SIMPLE}
    for key, value in tree.items():
        if key not in known:
            errors[str(key)[:40]] = f"A search has no field {excerpt(key)}{nearest(key, tuple(known))}"
        elif not _is(value, known[key]):
            errors[key] = f"{key} must be {WORDS[known[key]]}, got {excerpt(value)}"
    if "schema" not in errors and tree.get("schema", SCHEMA) != SCHEMA:
        errors["schema"] = f"schema must be {SCHEMA}, got {excerpt(tree['schema'])}; newer ones need a newer Regdash"
    if errors:
        raise InvalidSearch(errors)
    try:
        base = experiment_from(tree.get("base", {}))
    except InvalidExperiment as error:
        raise InvalidSearch({f"base.{path}": message for path, message in error.errors.items()}) from None
    objective = _objective_from(tree.get("objective", {}), errors)
    dimensions = [_dimension_from(str(path), facts, errors) for path, facts in tree.get("space", {}).items()]
    if errors:
        raise InvalidSearch(errors)
    space = Space(base, tuple(each for each in dimensions if each is not None))
    given = {name: SIMPLE[name](tree[name]) for name in SIMPLE if name in tree}
    return Plan(space, **{**given, "objective": objective, **changes})


SIMPLE: Mapping[str, type] = {
    "strategy": str,
    "trials": int,
    "seconds": float,
    "halving": str,
    "eta": int,
    "seed": int,
}
WORDS: Mapping[type, str] = {
    int: "a whole number",
    float: "a number",
    str: "a text",
    bool: "true or false",
    dict: "an object",
    list: "a list",
}
FACTS: Mapping[str, type] = {"low": float, "high": float, "log": bool, "steps": int, "off": bool}
JUDGED: Mapping[str, type] = {"metric": str, "epoch": str, "seeds": int, "folds": int}


def _is(value: Any, kind: type) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if isinstance(value, int) and abs(value) >= LARGEST:
        return False
    return isinstance(value, (int, float) if kind is float else kind)


def _unreadable(tree: Any) -> str | None:
    """Why nobody should look into it further: it is too deep, too wide, or has names that are no names."""
    level = [tree]
    for _ in range(MOST_DEPTH):
        inside: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                if len(each) > MOST_FIELDS or not all(isinstance(k, str) and len(k) <= MOST_NAME for k in each):
                    return f"An object must have at most {MOST_FIELDS} fields with names of up to {MOST_NAME} letters"
                inside += each.values()
            elif isinstance(each, (list, tuple)):
                inside += each
        level = inside
    return f"A search must be at most {MOST_DEPTH} levels deep" if level else None


def _dimension_to(each: Dimension) -> dict[str, Any]:
    if isinstance(each, Choice):
        return {"choices": [list(c) if isinstance(c, tuple) else c for c in each.choices]}
    return {name: value for name, value in asdict(each).items() if name != "path"}


def _dimension_from(path: str, facts: Any, errors: dict[str, str]) -> Dimension | None:
    if isinstance(facts, dict) and set(facts) == {"choices"} and isinstance(facts["choices"], list):
        return Choice(path, tuple(tuple(c) if isinstance(c, list) else c for c in facts["choices"]))
    if not isinstance(facts, dict) or not {"low", "high"} <= facts.keys() <= FACTS.keys():
        errors[path[:60]] = (
            f'A dimension must be {{"low": ..., "high": ...}} with "log", "steps" and "off" if wanted, or '
            f'{{"choices": [...]}}, got {excerpt(facts)}'
        )
        return None
    wrong = next((name for name, value in facts.items() if not _is(value, FACTS[name])), None)
    if wrong:
        errors[path[:60]] = f"{wrong} must be {WORDS[FACTS[wrong]]}, got {excerpt(facts[wrong])}"
        return None
    return Range(path, **facts)


def _objective_from(tree: Mapping[str, Any], errors: dict[str, str]) -> Objective:
    for key, value in tree.items():
        if key not in JUDGED:
            errors[f"objective.{str(key)[:40]}"] = (
                f"An objective has no field {excerpt(key)}{nearest(key, tuple(JUDGED))}"
            )
        elif not _is(value, JUDGED[key]):
            errors[f"objective.{key}"] = f"{key} must be {WORDS[JUDGED[key]]}, got {excerpt(value)}"
    right = {key: value for key, value in tree.items() if key in JUDGED and f"objective.{key}" not in errors}
    return replace(Objective(), **right)


__all__ = ["Plan", "plan_from_dict", "plan_from_json", "plan_to_dict", "plan_to_json"]
