"""`regdash lesson`: check lessons of one's own, list those that there are, begin a new one."""

import argparse
from pathlib import Path
from typing import Any

KINDS = ("lesson", "mistake", "question")


def add_to(commands: Any) -> None:
    """Declare the commands."""
    lesson = commands.add_parser("lesson", help="check lessons, list them, or begin one")
    actions = lesson.add_subparsers(title="commands", required=True, metavar="COMMAND")
    check = actions.add_parser("check", help="whether lessons are well formed and show what they claim")
    check.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="with lesson.md in it; or a file")
    check.add_argument("--quick", action="store_true", help="look at the form only and train nothing")
    check.add_argument("--kind", choices=KINDS, help="what they are; else by the folder around them, or a lesson")
    check.add_argument("--json", action="store_true", help="print everything that was found as JSON")
    check.set_defaults(run=_check)
    actions.add_parser("list", help="all lessons, cards and questions that come with Regdash").set_defaults(run=_list)
    new = actions.add_parser("new", help="write a small lesson to begin with")
    new.add_argument("folder", type=Path, metavar="FOLDER", help="a new one, for lesson.md")
    new.set_defaults(run=_new)


def _check(given: argparse.Namespace) -> int:
    from regdash.cli import lesson_work

    return lesson_work.check(given)


def _list(given: argparse.Namespace) -> int:
    from regdash.cli import lesson_work

    return lesson_work.listed(given)


def _new(given: argparse.Namespace) -> int:
    from regdash.cli import lesson_work

    return lesson_work.new(given)
