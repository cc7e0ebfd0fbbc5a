"""``python -m berichtswerk``: derselbe Befehl wie ``berichtswerk``."""

import sys

from berichtswerk.cli import main

if __name__ == "__main__":
    sys.exit(main())
