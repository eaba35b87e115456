"""What a lesson is: the values of its file, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from regdash.experiment import Experiment
from regdash.lessons.expressions import Condition, Expression
from regdash.lessons.names import Names
from regdash.repeats import Setting

Kind = Literal["lesson", "mistake", "question"]
Level = Literal["beginner", "intermediate", "advanced"]
LEVELS: tuple[Level, ...] = ("beginner", "intermediate", "advanced")


@dataclass(frozen=True)
class Sweep:
    """One setting varied over some values: the experiments of a curve against that setting."""

    name: str
    label: str
    path: str
    values: tuple[float, ...]
    experiments: tuple[Experiment, ...]

    @property
    def points(self) -> tuple[str, ...]:
        """What its experiments are called in charts: L2 0, L2 0.001, ..."""
        return tuple(f"{self.label} {value:g}" for value in self.values)


@dataclass(frozen=True)
class Choice:
    """One answer of a question, and when it is the right one; None for the answer that is right when no other is."""

    text: str
    when: Condition | None


@dataclass(frozen=True)
class Prediction:
    """What the reader is asked before the run: one of some choices, a number, or a sketch of a curve.

    Exactly one of `choices`, `number` and `curve` is given. A sketch is of the curve `curve` of the experiment
    `of`, over its epochs, between `low` and `high`.
    """

    name: str
    ask: str
    choices: tuple[Choice, ...] = ()
    number: Expression | None = None
    curve: str = ""
    of: str = ""
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    unit: str = ""

    @property
    def kind(self) -> Literal["choice", "number", "sketch"]:
        return "choice" if self.choices else "number" if self.number is not None else "sketch"


@dataclass(frozen=True)
class Claim:
    """What a lesson says that its runs show: in at least `seeds` of them, or on average where `seeds` is None."""

    text: str
    line: int
    condition: Condition
    seeds: int | None = None


@dataclass(frozen=True)
class Further:
    """A way to go on: `say` on a button that opens a page with everything filled in.

    `train` and `compare` name experiments, `search` one of SEARCH_PRESETS by its label, `lesson` another lesson.
    """

    say: str
    train: str = ""
    against: str = ""
    compare: tuple[str, ...] = ()
    search: str = ""
    lesson: str = ""


@dataclass(frozen=True)
class Text:
    """Some paragraphs of Markdown; numbers of the runs stand in them as {{value: ...}}."""

    markdown: str
    line: int
    values: Mapping[str, "Number"] = field(default_factory=dict)


@dataclass(frozen=True)
class Number:
    """A number within a text, and how it is written: plain, percent or whole."""

    expression: Expression
    form: Literal["plain", "percent", "whole"] = "plain"


@dataclass(frozen=True)
class Place:
    """Something that is drawn between two texts: {{chart: soft_threshold; threshold=0.5}}.

    `kind` is chart, predict, compare, objective or demo; `words` are what stands before the first semicolon,
    `options` what comes after it.
    """

    kind: str
    words: tuple[str, ...]
    options: Mapping[str, str]
    line: int


Block = Text | Place


@dataclass(frozen=True)
class Lesson:
    """A lesson, a card about an error, or an answered question: all are files of one form."""

    name: str
    kind: Kind
    title: str
    question: str
    level: Level
    minutes: int
    seeds: int
    experiments: Mapping[str, Experiment]
    labels: Mapping[str, str]
    sweeps: Mapping[str, Sweep]
    predictions: Mapping[str, Prediction]
    claims: tuple[Claim, ...]
    shown: tuple[str, ...]
    locked: tuple[str, ...]
    hidden: tuple[str, ...]
    further: tuple[Further, ...]
    sources: tuple[str, ...]
    blocks: tuple[Block, ...]
    names: Names
    lines: Mapping[str, int] = field(default_factory=dict)
    topic: str = ""
    code: str = ""
    right: str = ""
    text: str = field(default="", repr=False)

    @property
    def settings(self) -> Mapping[str, Setting]:
        """Every setting that the page trains, by the name that it has in charts."""
        plain = {self.labels[name]: Setting(each, self.seeds) for name, each in self.experiments.items()}
        swept = {
            label: Setting(each, self.seeds)
            for sweep in self.sweeps.values()
            for label, each in zip(sweep.points, sweep.experiments, strict=True)
        }
        return plain | swept
