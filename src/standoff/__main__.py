"""`python -m standoff`, the same as the command."""

import sys

from standoff.cli import main

if __name__ == "__main__":
    sys.exit(main())
