"""Compile dataset/ into releases/v<version>/: `python build.py`, the same as `standoff build`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "src"))

from standoff.cli import main  # noqa: E402 - works in a checkout that nothing is installed from

if __name__ == "__main__":
    sys.exit(
        main(
            ["build", "--dataset", str(ROOT / "dataset"), "--releases", str(ROOT / "releases"), *sys.argv[1:]]
        )
    )
