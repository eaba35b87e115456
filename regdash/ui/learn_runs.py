"""The runs of a lesson: which it needs, what of them is here, and what expressions may read from them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from regdash.comparison import Series
from regdash.errors import RegdashError
from regdash.experiment import Experiment
from regdash.jobs.queue import Queue
from regdash.lessons.lesson import Lesson, Prediction, Text
from regdash.links import Comparison, Entry
from regdash.record import RunRecord
from regdash.repeats import setting_key
from regdash.ui import compare_runs
from regdash.ui.compare_runs import Lane, Lanes
from regdash.ui.kept import kept
from regdash.ui.members import Runs

__all__ = ["Found", "comparison_of", "look"]


class MissingRuns(RegdashError):
    """A number asks for runs that are not here yet."""


@dataclass(frozen=True)
class Found:
    """The runs of a lesson as they stand."""

    lesson: Lesson
    lanes: Lanes

    @property
    def complete(self) -> bool:
        """Whether every run that the lesson needs has ended."""
        return not self.lanes.moving and not self.lanes.lacking

    @property
    def begun(self) -> bool:
        """Whether any run is here or on its way."""
        return bool(self.lanes.views)

    def evidence(self, experiment: Experiment) -> Sequence[RunRecord]:
        """The records of a setting in the order of its members; raises RegdashError while one of them is missing."""
        lane = self._lane(experiment)
        records = [view.record for view in lane.views if view is not None and view.record is not None]
        if len(records) < len(lane.views) or lane.moving:
            raise MissingRuns("these runs are not here yet")
        return records

    def partial(self, experiment: Experiment) -> Sequence[RunRecord]:
        """Those records of a setting that are here."""
        return [view.record for view in self._lane(experiment).views if view is not None and view.record is not None]

    def series(self, name: str) -> Series:
        """The runs of an experiment of the lesson, by its name, as charts read them."""
        return self.series_of(self.lesson.experiments[name], self.lesson.labels[name])

    def series_of(self, experiment: Experiment, label: str) -> Series:
        """The runs of a setting under a name for legends."""
        return replace(self._lane(experiment).series, name=label)

    def runs(self, name: str) -> Runs | None:
        """The runs of an experiment of the lesson as the charts of the Train page read them; None before they begin."""
        lane = self._lane(self.lesson.experiments[name])
        views = tuple(view for view in lane.views if view is not None)
        setting = lane.entry.setting
        return Runs(setting, views) if setting is not None and len(views) == len(lane.views) else None

    def _lane(self, experiment: Experiment) -> Lane:
        for lane in self.lanes.lanes:
            if lane.entry.experiment is not None and _key(lane.entry.experiment) == _key(experiment):
                return lane
        raise MissingRuns("this lesson does not train these settings")


def look(queue: Queue, lesson: Lesson) -> Found:
    """Read the runs of a lesson. Raises RegdashError when the store cannot be read."""
    return Found(lesson, compare_runs.look(queue, comparison_of(lesson)))


def comparison_of(lesson: Lesson) -> Comparison:
    """Every setting that the page of a lesson needs, each once, as a comparison that can be trained and watched."""
    return kept(("lesson comparison", lesson.kind, lesson.name, lesson.text), lambda: _comparison(lesson))


def _comparison(lesson: Lesson) -> Comparison:
    entries: dict[tuple[str, int], Entry] = {}
    for label, setting in lesson.settings.items():
        entries.setdefault(_key(setting.experiment), Entry(setting.experiment, setting.seeds, name=label))
    for experiment in _asked(lesson):
        entries.setdefault(_key(experiment), Entry(experiment, lesson.seeds))
    return Comparison(tuple(entries.values()))


def _asked(lesson: Lesson) -> list[Experiment]:
    """Settings that only a number in the text or a prediction asks for, such as val_accuracy(dropout=0.75)."""
    numbers = [each for block in lesson.blocks if isinstance(block, Text) for each in block.values.values()]
    found = [experiment for number in numbers for experiment in number.expression.needs]
    return found + [each for prediction in lesson.predictions.values() for each in _needs(prediction)]


def _needs(prediction: Prediction) -> list[Experiment]:
    found = list(prediction.number.needs) if prediction.number is not None else []
    return found + [each for choice in prediction.choices if choice.when for each in choice.when.needs]


def _key(experiment: Experiment) -> tuple[str, int]:
    """Equal for settings that train the same runs."""
    return setting_key(experiment), experiment.training.seed
