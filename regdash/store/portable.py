"""Take what is kept from one store to another, of whichever kind: `regdash store export` and `import`."""

from regdash.store.exporting import export_store
from regdash.store.importing import Imported, import_store

__all__ = ["Imported", "export_store", "import_store"]
