"""`python build.py` compiles dataset/ into releases/v<version>/, as `standoff build` does.

`python -m build` in this folder starts this file too, because Python looks in the working directory first. It is handed
over to the package `build`, which builds the wheel.
"""

import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def build_wheel() -> None:
    """Run the package `build` as `python -m build` would from another folder."""
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != ROOT]
    try:
        runpy.run_module("build", run_name="__main__", alter_sys=True)
    except ImportError as error:
        if error.name is not None:  # `build` is there, and something that it imports is not
            raise
        sys.exit("the package build is not installed: pip install build")


def compile_release() -> int:
    """Compile the release and return the exit status."""
    sys.path.insert(0, str(ROOT / "src"))
    from standoff.cli import main  # works in a checkout without an installation

    folders = ["--dataset", str(ROOT / "dataset"), "--releases", str(ROOT / "releases")]
    return main(["build", *folders, *sys.argv[1:]])


if __name__ == "__main__":
    if __spec__ is not None:  # started with -m
        build_wheel()
    else:
        sys.exit(compile_release())
