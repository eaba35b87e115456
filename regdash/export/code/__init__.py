"""An experiment as code for plain Keras: a script, a notebook, and the rows that go with them."""

from regdash.export.code.data import files_beside
from regdash.export.code.notebook import notebook
from regdash.export.code.script import script

__all__ = ["files_beside", "notebook", "script"]
