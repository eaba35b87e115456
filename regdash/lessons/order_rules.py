"""What stands where in a lesson: nothing of the runs before the reader has made a prediction."""

from collections.abc import Iterator

from regdash.errors import Fault
from regdash.experiment import Experiment
from regdash.lessons.lesson import Lesson, Place, Text


def order_faults(lesson: Lesson) -> list[Fault]:
    """Predictions that are not asked or asked twice, results that come too early, and runs that nobody trains."""
    return [*_asking(lesson), *_too_early(lesson), *_untrained(lesson)]


def _asking(lesson: Lesson) -> Iterator[Fault]:
    places = [block for block in lesson.blocks if isinstance(block, Place) and block.kind == "predict"]
    if lesson.kind == "lesson" and not places:
        yield Fault(1, "a lesson asks for a prediction: {{predict: name}} must stand somewhere in its text")
    seen: set[str] = set()
    for place in places:
        name = next(iter(place.words), "")
        if name in seen:
            yield Fault(place.line, f"the prediction {name[:40]} is asked for twice; ask once")
        seen.add(name)
    for name in lesson.predictions:
        if name not in seen:
            line = lesson.lines[f"predictions.{name}"]
            yield Fault(line, f"the prediction {name} is asked for nowhere; write {{{{predict: {name}}}}} in the text")


def _too_early(lesson: Lesson) -> Iterator[Fault]:
    """What shows results before the first prediction, where there is one."""
    first = next((at for at, block in enumerate(lesson.blocks) if getattr(block, "kind", "") == "predict"), 0)
    for block in lesson.blocks[:first]:
        if isinstance(block, Place) and (block.kind == "compare" or "of" in block.options):
            yield Fault(block.line, f"a {block.kind} of runs must stand after the first {{{{predict: ...}}}}")
        if isinstance(block, Text) and any(number.expression.needs for number in block.values.values()):
            yield Fault(
                block.line, "a value of runs must stand after the first {{predict: ...}}, not in this paragraph"
            )


def _untrained(lesson: Lesson) -> Iterator[Fault]:
    """Numbers in the text and in predictions that ask for runs which the page does not train."""
    trained = {setting.experiment for setting in lesson.settings.values()}

    def strange(needs: tuple[Experiment, ...]) -> bool:
        return any(each not in trained for each in needs)

    hint = "asks for a changed experiment that the page does not train; list it under experiments with a name"
    for block in lesson.blocks:
        for number in block.values.values() if isinstance(block, Text) else ():
            if strange(number.expression.needs):
                yield Fault(block.line, f"{number.expression.text} {hint}")
    for name, prediction in lesson.predictions.items():
        needs = [prediction.number.needs] if prediction.number else []
        needs += [choice.when.needs for choice in prediction.choices if choice.when]
        if any(map(strange, needs)):
            yield Fault(lesson.lines[f"predictions.{name}"], f"the prediction {name} {hint}")
