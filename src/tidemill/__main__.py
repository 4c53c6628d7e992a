"""``python -m tidemill`` is ``tidemill``."""

import sys

from tidemill.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
