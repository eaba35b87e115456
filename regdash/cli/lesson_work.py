"""What `regdash lesson` does; loaded only when it is asked for, as it brings the charts with it."""

import argparse
import json
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from regdash.cli.bar import Bar
from regdash.cli.files import write_text
from regdash.cli.tables import aligned
from regdash.errors import Fault, InvalidLesson, RegdashError
from regdash.experiment import Experiment
from regdash.lessons.catalogue import FOLDERS, lesson_files, read_file
from regdash.lessons.checking import Report, check_lesson, evidence_of, runs_of
from regdash.lessons.claims import SEEDS
from regdash.lessons.lesson import Kind, Lesson
from regdash.lessons.template import TEMPLATE
from regdash.record import RunRecord
from regdash.settings import settings, site

KINDS: tuple[Kind, ...] = get_args(Kind)
WRONG, FAILED = 2, 1


@dataclass(frozen=True)
class Opened:
    """A lesson's file: what it is, or what is wrong with it."""

    path: Path
    lesson: Lesson | None
    faults: tuple[Fault, ...] = ()


def check(given: argparse.Namespace) -> int:
    """Print all faults of the form; without any, train and print every claim with its numbers."""
    opened = [_opened(folder, given.kind) for folder in given.folders]
    read = [each.lesson for each in opened if each.lesson is not None]
    reports: Sequence[Report] = () if given.quick or len(read) < len(opened) else _trained(read)
    if given.json:
        print(json.dumps(_tree(opened, reports), allow_nan=False))
    else:
        _say(opened, reports)
    if len(read) < len(opened):
        return WRONG
    return 0 if all(report.holds for report in reports) else FAILED


def _opened(path: Path, kind: Kind | None) -> Opened:
    file = path / "lesson.md" if path.is_dir() else path
    kinds = {folder: kind for kind, folder in FOLDERS.items()}
    try:
        return Opened(file, read_file(path, kind=kind or kinds.get(file.resolve().parent.name, "lesson")))
    except InvalidLesson as error:
        return Opened(file, None, error.faults)


def _trained(lessons: Sequence[Lesson]) -> tuple[Report, ...]:
    """The lessons after their runs, which all train together."""
    runs, bar = runs_of(lessons), Bar(sys.stderr)
    evidence = evidence_of(_records(runs, bar) if runs else ())
    bar.end()
    return tuple(check_lesson(lesson, evidence) for lesson in lessons)


def _records(runs: Sequence[Experiment], bar: Bar) -> list[RunRecord]:
    from regdash.training.groups import groups
    from regdash.training.loop import train_stack  # loads TensorFlow, so only once all lessons are known to be right

    total = sum(run.training.epochs for run in runs)
    words = f"epochs of {len(runs)} runs"
    found: dict[int, RunRecord] = {}
    bar.show(0, total, words)
    for members in groups(runs, settings().max_members):
        before = sum(runs[at].training.epochs for at in found)
        done = dict.fromkeys(range(len(members)), 0)

        def watch(progress: Mapping[int, Any], before: int = before, done: dict[int, int] = done) -> Collection[int]:
            done.update({place: each.epochs_done for place, each in progress.items()})
            bar.show(before + sum(done.values()), total, words)
            return ()

        stack = [runs[at] for at in members]
        records = train_stack(stack, on_progress=watch, segment_seconds=settings().segment_seconds)
        found.update(zip(members, records, strict=True))
    bar.show(total, total, words)
    return [found[at] for at in range(len(runs))]


def _say(opened: Sequence[Opened], reports: Sequence[Report]) -> None:
    """All faults as FILE:LINE: sentence; else every claim and prediction with its numbers."""
    by_lesson = {id(report.lesson): report for report in reports}
    for each in opened:
        for fault in each.faults:
            print(f"{each.path}:{fault.line}: {fault.sentence}", file=sys.stderr)
        report = by_lesson.get(id(each.lesson))
        if report is not None:
            for finding in report.findings:
                print(f"{each.path}:{finding.line}: {'' if finding.holds else 'NOT SHOWN: '}{finding.sentence}")
            shown = sum(finding.holds for finding in report.findings)
            print(f"{each.path}: {shown} of {len(report.findings)} hold over {SEEDS} seeds.")
        elif each.lesson is not None:
            print(f"{each.path}: well formed; nothing was trained.")


def _tree(opened: Sequence[Opened], reports: Sequence[Report]) -> list[dict[str, Any]]:
    by_lesson = {id(report.lesson): report for report in reports}
    found = []
    for each in opened:
        report = by_lesson.get(id(each.lesson))
        tree: dict[str, Any] = {"file": str(each.path), "lesson": each.lesson.name if each.lesson else None}
        tree["faults"] = [{"line": fault.line, "sentence": fault.sentence} for fault in each.faults]
        if report is not None:
            tree["holds"] = report.holds
            tree["findings"] = [vars(finding) for finding in report.findings]
        found.append(tree)
    return found


def listed(given: argparse.Namespace) -> int:
    """Print every lesson, card and question that comes with Regdash."""
    rows, titles, status = [], ["title"], 0
    for kind in KINDS:
        for _, path in lesson_files(site() / "assets", kind):
            opened = _opened(path, kind)
            if opened.lesson is None:
                _say([opened], ())
                status = FAILED
                continue
            titles.append(opened.lesson.title)
            level, minutes = (opened.lesson.level, str(opened.lesson.minutes)) if kind == "lesson" else ("-", "-")
            rows.append({"kind": kind, "name": opened.lesson.name, "level": level, "minutes": minutes})
    print("\n".join(f"{row}  {title}" for row, title in zip(aligned(rows), titles, strict=False)))
    return status


def new(given: argparse.Namespace) -> int:
    """Write a lesson to begin with."""
    file = given.folder / "lesson.md"
    if file.exists():
        raise RegdashError(f"{file} is there already; choose another folder.")
    try:
        given.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RegdashError(f"{given.folder} cannot be made: {error.strerror or error}.") from None
    write_text(file, TEMPLATE)
    print(f"{file} is written. Check it with: regdash lesson check {given.folder}")
    return 0
