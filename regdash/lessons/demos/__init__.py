"""Demonstrations: small programs of tutorials that are run as they are printed, on the spot."""

from regdash.lessons.demos.base import Demo, Output

DEMOS: tuple[Demo, ...] = ()
"""Every demonstration; a new one is one file and one line."""

__all__ = ["DEMOS", "Demo", "Output"]
