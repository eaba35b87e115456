"""A lesson's file as a checked value: every fault is gathered with its line, none is thrown alone."""

from collections.abc import Mapping, Sequence

from regdash.charts.figures import FIGURES
from regdash.errors import InvalidLesson
from regdash.lessons.demos import DEMOS
from regdash.lessons.front import read_front
from regdash.lessons.front_experiments import read_experiments, read_sweeps
from regdash.lessons.front_fields import Fields
from regdash.lessons.front_further import read_controls, read_further
from regdash.lessons.front_questions import read_claims, read_predictions
from regdash.lessons.lesson import LEVELS, Kind, Lesson
from regdash.lessons.names import Names
from regdash.lessons.order_rules import order_faults
from regdash.lessons.place_rules import place_faults
from regdash.lessons.places import long_silences, read_blocks
from regdash.links import MOST_SEEDS
from regdash.params import excerpt, nearest

MOST_RUNS = 250  # of one lesson
MOST_MINUTES = 120
MOST_STRANGERS = 10  # names that are not known; a sentence for each of thousands would help nobody
LONGEST_CODE = 4_000
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


def read_lesson(text: str, name: str, kind: Kind = "lesson") -> Lesson:
    """Read a lesson; raises InvalidLesson with a sentence and a line for every fault."""
    fields = Fields(read_front(text))
    fields.faults.extend(fields.front.faults)
    lesson = _lesson(fields, name, kind, text)
    _check_whole(fields, lesson)
    if fields.faults:
        raise InvalidLesson(tuple(dict.fromkeys(fields.faults)))
    return lesson


def known_numbers() -> dict[str, Sequence[str]]:
    """What expressions may ask of figures and demonstrations."""
    found: dict[str, Sequence[str]] = {each.name: each.numbers for each in FIGURES}
    return found | {each.name: each.numbers for each in DEMOS}


def _lesson(fields: Fields, name: str, kind: Kind, text: str) -> Lesson:
    values, front = fields.front.values, fields.front
    experiments, labels = read_experiments(fields)
    names = Names(experiments, known_numbers(), fields.broken)
    sweeps = read_sweeps(fields, names, labels)
    predictions = read_predictions(fields, names)
    controls = read_controls(fields)
    lines = {key: front.line(key) for key in values}
    lines |= {f"predictions.{each}": front.line("predictions", each) for each in predictions}
    return Lesson(
        name=name,
        kind=kind,
        title=fields.text("title"),
        question=fields.text("question"),
        level=fields.one_of("level", LEVELS),
        minutes=fields.whole("minutes", 5, 1, MOST_MINUTES),
        seeds=fields.whole("seeds", 3, 1, MOST_SEEDS),
        experiments=experiments,
        labels=labels,
        sweeps=sweeps,
        predictions=predictions,
        claims=read_claims(fields, names),
        shown=controls["shown"],
        locked=controls["locked"],
        hidden=controls["hidden"],
        further=read_further(fields, names),
        sources=fields.strings(("sources",), values.get("sources")),
        blocks=read_blocks(front.body, front.body_line, names, fields.faults),
        names=names,
        lines=lines,
        topic=fields.text("topic"),
        code=fields.text("code", LONGEST_CODE),
        right=fields.text("right", 1_000),
        text=text,
    )


def _check_whole(fields: Fields, lesson: Lesson) -> None:
    """What must be true of a lesson as a whole."""
    values = fields.front.values
    for key in [key for key in values if key not in KNOWN][:MOST_STRANGERS]:
        fields.fault((key,), f"there is no {excerpt(key)} in a lesson{nearest(key, KNOWN)}")
    for key in FIELDS[lesson.kind]:
        if not str(values.get(key) or "").strip():
            fields.fault((key,), f"{key} is missing; every {lesson.kind} has one")
    runs = sum(setting.seeds * setting.folds for setting in lesson.settings.values())
    if runs > MOST_RUNS:
        what = f"a lesson trains at most {MOST_RUNS} runs, and this one has {runs}; take fewer settings or seeds"
        fields.fault(("experiments",), what)
    fields.faults.extend([*long_silences(lesson.blocks), *place_faults(lesson)])
    if not any(fault.line >= fields.front.body_line for fault in fields.faults):
        fields.faults.extend(order_faults(lesson))
    if (lesson.experiments or lesson.sweeps) and not values.get("claims"):
        fields.fault(("experiments",), "a lesson with experiments needs claims: what do they show?")
