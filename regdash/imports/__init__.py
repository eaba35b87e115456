"""Imports: curves that were trained elsewhere, read from what people upload; nothing of it is trusted."""

from regdash.comparison.imported import Imported
from regdash.imports.grouping import grouped, groups, sure
from regdash.imports.histories import BrokenImport
from regdash.imports.reading import Found, read_import
from regdash.imports.settings_json import Planned

__all__ = ["BrokenImport", "Found", "Imported", "Planned", "grouped", "groups", "read_import", "sure"]
