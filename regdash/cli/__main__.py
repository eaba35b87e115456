"""`python -m regdash.cli` is `regdash`."""

import sys

from regdash.cli import main

if __name__ == "__main__":
    sys.exit(main())
