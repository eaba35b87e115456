"""A lesson's file as a checked value: every fault is gathered with its line, none is thrown alone."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from regdash.charts.figures import FIGURES
from regdash.codec import from_dict
from regdash.errors import Fault, InvalidExperiment, InvalidLesson, RegdashError
from regdash.experiment import Experiment
from regdash.lessons.demos import DEMOS
from regdash.lessons.expressions import Names, parse_condition, parse_expression
from regdash.lessons.front import Front, Path, read_front
from regdash.lessons.lesson import LEVELS, Choice, Claim, Further, Kind, Lesson, Place, Prediction, Sweep
from regdash.lessons.measures import CURVES
from regdash.lessons.place_rules import place_faults
from regdash.lessons.places import attempt, long_silences, read_blocks
from regdash.links import MOST_SEEDS
from regdash.params import excerpt, nearest
from regdash.search.presets import SEARCH_PRESETS

MOST_RUNS = 250  # of one lesson
MOST_MINUTES = 120
LONGEST = 300  # letters of a title, question or answer
LONGEST_CODE = 4_000
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
CLAIM = re.compile(r"^(?P<condition>.+?)(?:\s+in\s+(?P<held>\d+)\s+of\s+(?P<of>\d+)\s+seeds)?$", re.S)
FIELDS: Mapping[Kind, tuple[str, ...]] = {
    "lesson": ("title", "question", "level", "minutes"),
    "mistake": ("title", "topic", "right", "sources"),
    "question": ("title",),
}
"""What must be given in the front matter of each kind."""
KNOWN = (
    "title", "question", "level", "minutes", "seeds", "experiments", "sweeps", "predictions", "claims", "controls",
    "further", "sources", "topic", "code", "right",
)  # fmt: skip
CLAIM_SEEDS = 5


def read_lesson(text: str, name: str, kind: Kind = "lesson") -> Lesson:
    """Read a lesson; raises InvalidLesson with a sentence and a line for every fault."""
    front = read_front(text)
    reader = _Reader(front, kind)
    lesson = reader.lesson(name, text)
    if reader.faults or lesson is None:
        raise InvalidLesson(reader.faults)
    return lesson


def known_numbers() -> dict[str, Sequence[str]]:
    """What expressions may ask of figures and demonstrations."""
    return {each.name: each.numbers for each in (*FIGURES, *DEMOS)}


@dataclass
class _Reader:
    front: Front
    kind: Kind
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: Path, sentence: str) -> None:
        self.faults.append(Fault(self.front.line(*path), sentence))

    def lesson(self, name: str, text: str) -> Lesson | None:
        values = self.front.values
        for key in values:
            if key not in KNOWN:
                self.fault((key,), f"there is no {excerpt(key)} in a lesson{nearest(key, KNOWN)}")
        for key in FIELDS[self.kind]:
            if key not in values:
                self.fault((), f"{key} is missing; every {self.kind} has one")
        experiments, labels = self._experiments()
        names = Names(experiments, known_numbers())
        seeds = self._whole("seeds", 3, 1, MOST_SEEDS)
        sweeps = self._sweeps(names)
        runs = seeds * (len(experiments) + sum(len(each.values) for each in sweeps.values()))
        if runs > MOST_RUNS:
            self.fault(("experiments",), f"a lesson trains at most {MOST_RUNS} runs, and this one has {runs}")
        lesson = Lesson(
            name=name,
            kind=self.kind,
            title=self._text("title"),
            question=self._text("question"),
            level=self._one_of("level", LEVELS),
            minutes=self._whole("minutes", 5, 1, MOST_MINUTES),
            seeds=seeds,
            experiments=experiments,
            labels=labels,
            sweeps=sweeps,
            predictions=self._predictions(names),
            claims=self._claims(names),
            shown=self._fixed("shown"),
            locked=self._fixed("locked"),
            hidden=self._fixed("hidden"),
            further=self._further(experiments),
            sources=tuple(self._strings(("sources",), values.get("sources", []))),
            blocks=read_blocks(self.front.body, self.front.body_line, names, self.faults),
            names=names,
            lines={key: self.front.line(key) for key in values},
            topic=self._text("topic"),
            code=self._text("code", LONGEST_CODE),
            right=self._text("right", 1_000),
            text=text,
        )
        self.faults += long_silences(lesson.blocks)
        self.faults += place_faults(lesson)
        self._whole_lesson(lesson)
        return lesson

    def _whole_lesson(self, lesson: Lesson) -> None:
        """What must be true of a lesson as a whole."""
        asked = [
            block.words[0]
            for block in lesson.blocks
            if isinstance(block, Place) and block.kind == "predict" and block.words
        ]
        if self.kind == "lesson" and not asked and not self.faults:
            self.fault((), "a lesson asks for a prediction: {{predict: name}} must stand somewhere in its text")
        for name in lesson.predictions:
            if name not in asked:
                self.fault(
                    ("predictions", name), f"the prediction {name} is asked for nowhere; write {{{{predict: {name}}}}}"
                )
        if (lesson.experiments or lesson.sweeps) and not lesson.claims and not self.faults:
            self.fault(("experiments",), "a lesson with experiments needs claims: what do they show?")

    def _text(self, key: str, longest: int = LONGEST) -> str:
        found = self.front.values.get(key, "")
        if not isinstance(found, str) or len(found) > longest:
            self.fault((key,), f"{key} must be a text of at most {longest} letters, got {excerpt(found)}")
            return ""
        return found.strip()

    def _one_of(self, key: str, allowed: Sequence[Any]) -> Any:
        found = self.front.values.get(key, allowed[0])
        if found not in allowed:
            self.fault((key,), f"{key} must be one of {', '.join(allowed)}, got {excerpt(found)}")
            return allowed[0]
        return found

    def _whole(self, key: str, default: int, low: int, high: int) -> int:
        found = self.front.values.get(key, default)
        if not isinstance(found, int) or isinstance(found, bool) or not low <= found <= high:
            self.fault((key,), f"{key} must be a whole number between {low} and {high}, got {excerpt(found)}")
            return default
        return found

    def _mapping(self, key: str) -> Mapping[str, Any]:
        found = self.front.values.get(key) or {}
        if not isinstance(found, dict):
            self.fault((key,), f"{key} must be names with values, got {excerpt(found)}")
            return {}
        kept = {}
        for name, value in found.items():
            if not NAME.fullmatch(name):
                self.fault((key, name), f"a name has small letters, digits and _, got {excerpt(name)}")
            elif not isinstance(value, dict):
                self.fault((key, name), f"{name} must be names with values, got {excerpt(value)}")
            else:
                kept[name] = value
        return kept

    def _strings(self, path: Path, found: Any) -> list[str]:
        listed = [found] if isinstance(found, str) else found
        if not isinstance(listed, list) or not all(isinstance(each, str) and len(each) <= LONGEST for each in listed):
            self.fault(path, f"{path[-1]} must be a list of texts of at most {LONGEST} letters, got {excerpt(found)}")
            return []
        return listed

    def _experiments(self) -> tuple[dict[str, Experiment], dict[str, str]]:
        trees: dict[str, dict[str, Any]] = {}
        found: dict[str, Experiment] = {}
        labels: dict[str, str] = {}
        for name, given in self._mapping("experiments").items():
            tree = dict(given)
            label, source = tree.pop("label", name.replace("_", " ")), tree.pop("from", None)
            if not isinstance(label, str) or not label or len(label) > 40 or label in labels.values():
                self.fault(
                    ("experiments", name, "label"),
                    f"a label must be a text of its own of at most 40 letters, got {excerpt(label)}",
                )
                label = name
            if source is not None and source not in trees:
                self.fault(("experiments", name, "from"), f"from must name an experiment above, got {excerpt(source)}")
                continue
            trees[name] = merged(trees.get(source, {}), tree)
            try:
                found[name], labels[name] = from_dict(trees[name]), label
            except InvalidExperiment as error:
                for place, sentence in error.errors.items():
                    self.fault(("experiments", name, *place.split(".")), f"{place}: {sentence}")
        return found, labels

    def _sweeps(self, names: Names) -> dict[str, Sweep]:
        found = {}
        for name, given in self._mapping("sweeps").items():
            sweep = self._attempt(("sweeps", name), lambda name=name, given=given: _sweep(name, given, names))
            if sweep is not None:
                found[name] = sweep
        return found

    def _predictions(self, names: Names) -> dict[str, Prediction]:
        found = {}
        for name, given in self._mapping("predictions").items():
            read = self._attempt(("predictions", name), lambda name=name, given=given: _prediction(name, given, names))
            if read is not None:
                found[name] = read
        return found

    def _claims(self, names: Names) -> tuple[Claim, ...]:
        found = []
        for at, text in enumerate(self._strings(("claims",), self.front.values.get("claims") or [])):
            line = self.front.line("claims", at)
            claim = attempt(line, self.faults, lambda text=text, line=line: _claim(text, line, names))
            found += [claim] if claim is not None else []
        return tuple(found)

    def _fixed(self, key: str) -> tuple[str, ...]:
        controls = self.front.values.get("controls") or {}
        if not isinstance(controls, dict) or any(each not in ("shown", "locked", "hidden") for each in controls):
            if key == "shown":
                self.fault(("controls",), "controls has the lists shown, locked and hidden, and nothing else")
            return ()
        return tuple(self._strings(("controls", key), controls.get(key) or []))

    def _further(self, experiments: Mapping[str, Experiment]) -> tuple[Further, ...]:
        listed = self.front.values.get("further") or []
        if not isinstance(listed, list):
            self.fault(("further",), f"further must be a list, got {excerpt(listed)}")
            return ()
        found = [
            attempt(self.front.line("further", at), self.faults, lambda each=each: _one_further(each, experiments))
            for at, each in enumerate(listed)
        ]
        return tuple(each for each in found if each is not None)

    def _attempt(self, path: Path, read: Callable[[], Any]) -> Any:
        return attempt(self.front.line(*path), self.faults, read)


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A tree with changes; a part of another kind takes the place of the old one whole."""
    found = dict(base)
    for key, value in changes.items():
        old = found.get(key)
        same = (
            isinstance(value, dict) and isinstance(old, dict) and value.get("name", old.get("name")) == old.get("name")
        )
        found[key] = merged(old, value) if same and isinstance(old, dict) else value
    return found


def _sweep(name: str, given: Mapping[str, Any], names: Names) -> Sweep:
    _only(given, ("from", "vary", "values", "label"))
    source, path, values = given.get("from"), given.get("vary"), given.get("values")
    if source not in names.experiments:
        raise RegdashError(
            f"from must name an experiment, got {excerpt(source)}{nearest(source, tuple(names.experiments))}"
        )
    base = names.experiments[source]
    if not isinstance(path, str) or path not in base.values:
        raise RegdashError(
            f"vary must be a setting such as l2.l2, got {excerpt(path)}{nearest(path, tuple(base.values))}"
        )
    if not isinstance(values, list) or not 2 <= len(values) <= 30:
        raise RegdashError(f"values must be a list of 2 to 30 numbers, got {excerpt(values)}")
    try:
        experiments = tuple(base.with_values({path: value}) for value in values)
    except InvalidExperiment as error:
        raise RegdashError("; ".join(error.errors.values())) from None
    label = given.get("label") or name.replace("_", " ")
    return Sweep(
        name, str(label)[:40], path, tuple(float(experiment.values[path]) for experiment in experiments), experiments
    )


def _prediction(name: str, given: Mapping[str, Any], names: Names) -> Prediction:
    _only(given, ("ask", "choices", "number", "sketch", "low", "high", "step", "unit"))
    ask = given.get("ask")
    if not isinstance(ask, str) or not 0 < len(ask) <= LONGEST:
        raise RegdashError(f"ask must be a question of at most {LONGEST} letters, got {excerpt(ask)}")
    kinds = [kind for kind in ("choices", "number", "sketch") if kind in given]
    if len(kinds) != 1:
        raise RegdashError("a prediction has either choices, a number or a sketch")
    low, high, step = (_number(given, key, default) for key, default in (("low", 0.0), ("high", 1.0), ("step", 0.01)))
    if low >= high or step <= 0:
        raise RegdashError(f"low must be below high and step above 0, got {low:g}, {high:g} and {step:g}")
    around = {"low": low, "high": high, "step": step, "unit": str(given.get("unit", ""))[:20]}
    if kinds == ["choices"]:
        return Prediction(name, ask, choices=_choices(given["choices"], names), **around)
    if kinds == ["number"]:
        return Prediction(name, ask, number=parse_expression(str(given["number"]), names), **around)
    found = re.fullmatch(r"\s*([a-z_0-9]+)\(\s*([a-z_0-9]+)\s*\)\s*", str(given["sketch"]))
    if not found or found[1] not in CURVES or found[2] not in names.experiments:
        raise RegdashError(
            f"sketch must be a curve of an experiment, such as val_loss(plain), got {excerpt(given['sketch'])}"
        )
    return Prediction(name, ask, curve=found[1], of=found[2], **around)


def _choices(given: Any, names: Names) -> tuple[Choice, ...]:
    if not isinstance(given, list) or not 2 <= len(given) <= 6:
        raise RegdashError("choices must be a list of 2 to 6 answers")
    found = []
    for each in given:
        if not isinstance(each, dict) or not isinstance(each.get("text"), str) or len(each["text"]) > LONGEST:
            raise RegdashError("every choice has a text, and when it is right: when: a condition, or when: otherwise")
        _only(each, ("text", "when"))
        when = str(each.get("when", "otherwise"))
        found.append(Choice(each["text"], None if when == "otherwise" else parse_condition(when, names)))
    if sum(each.when is None for each in found) > 1:
        raise RegdashError("at most one choice is right otherwise; give each other one a condition after when")
    return tuple(found)


def _claim(text: str, line: int, names: Names) -> Claim:
    found = CLAIM.match(text.strip())
    assert found is not None
    held, of = (int(each) if each else None for each in (found["held"], found["of"]))
    if of is not None and (of != CLAIM_SEEDS or held is None or not 0 < held <= of):
        raise RegdashError(
            f"claims are checked over {CLAIM_SEEDS} seeds: in {CLAIM_SEEDS} of {CLAIM_SEEDS} seeds, got {held} of {of}"
        )
    return Claim(text.strip(), line, parse_condition(found["condition"], names), held)


def _one_further(given: Any, experiments: Mapping[str, Experiment]) -> Further:
    if not isinstance(given, dict) or not isinstance(given.get("say"), str) or len(given["say"]) > 80:
        raise RegdashError("a way to go on has the words on its button after say, at most 80 letters")
    _only(given, ("say", "train", "against", "compare", "search", "lesson"))
    if sum(key in given for key in ("train", "compare", "search", "lesson")) != 1:
        raise RegdashError("a way to go on leads to one of train, compare, search or lesson")
    compare = given.get("compare", [])
    named = [given[key] for key in ("train", "against") if key in given] + (
        compare if isinstance(compare, list) else [compare]
    )
    for name in named:
        if name not in experiments:
            raise RegdashError(
                f"there is no experiment {excerpt(name)} in this lesson{nearest(name, tuple(experiments))}"
            )
    labels = tuple(each.label for each in SEARCH_PRESETS)
    if "search" in given and given["search"] not in labels:
        raise RegdashError(
            f"search must be one of {', '.join(labels)}, got {excerpt(given['search'])}{nearest(given['search'], labels)}"
        )
    words = {key: str(given[key])[:80] for key in ("train", "against", "search", "lesson") if key in given}
    return Further(given["say"], compare=tuple(compare), **words)


def _number(given: Mapping[str, Any], key: str, default: float) -> float:
    found = given.get(key, default)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise RegdashError(f"{key} must be a number, got {excerpt(found)}")
    return float(found)


def _only(given: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in given:
        if key not in known:
            raise RegdashError(
                f"there is no {excerpt(key)} here; there are {', '.join(known)}{nearest(key, tuple(known))}"
            )
