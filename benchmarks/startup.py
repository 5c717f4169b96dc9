"""How long whole commands take beside the imports that they cannot do without: medians of 20 processes, in turn.

python -m benchmarks.startup
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNS = 20
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""With bytecode: without it, each start compiles what was changed since the bytecode was written."""
PYTHON = sys.executable
STANDOFF = str(Path(sys.executable).with_name("standoff"))
TABLE = str(ROOT / "releases" / "v1.0.0" / "events.parquet")
COMMANDS = {
    "import polars": [PYTHON, "-c", "import polars"],
    "standoff check (the dataset)": [STANDOFF, "check"],
    "standoff check (a table of 67 rows)": [STANDOFF, "check", TABLE],
    "import argparse": [PYTHON, "-c", "import argparse"],
    "standoff --help": [STANDOFF, "--help"],
}
TARGETS = (
    ("standoff check (the dataset)", "import polars", 1.3),
    ("standoff check (a table of 67 rows)", "import polars", 2.2),
    ("standoff --help", "import argparse", 3.0),
)


def seconds(command: list[str]) -> float:
    """Run the command and return its time."""
    started = time.perf_counter()
    nowhere = subprocess.DEVNULL
    subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, stdout=nowhere, stderr=nowhere, check=False)
    return time.perf_counter() - started


def main() -> None:
    """Print the median of each command, and each target beside what was measured. The first round is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for number in range(RUNS + 1):
        for name, command in COMMANDS.items():
            took = seconds(command)
            if number:
                taken[name].append(took)
    median = {name: statistics.median(times) for name, times in taken.items()}
    for name, value in median.items():
        print(f"{name:40} {value:6.3f} s")
    for name, beside, limit in TARGETS:
        print(f"{name} / {beside}: {median[name] / median[beside]:.2f} (at most {limit})")


if __name__ == "__main__":
    main()
