"""What the lesson of this session fixes, for the controls that show it."""

from regdash.ui import session
from regdash.ui.lesson import covers


def locked(path: str) -> bool:
    """Whether the lesson fixes this setting or part in sight."""
    given = session.lesson()
    return given is not None and covers(given.locked, path)


def hidden(path: str) -> bool:
    """Whether the lesson fixes this setting or part out of sight."""
    given = session.lesson()
    return given is not None and covers(given.hidden, path)


def fixes(place: str) -> bool:
    """Whether the lesson fixes a part or any setting of it."""
    given = session.lesson()
    names = (*given.locked, *given.hidden) if given else ()
    return covers(names, place) or any(name.startswith(f"{place}.") for name in names)
