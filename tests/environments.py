"""An environment with polars and a wheel: nothing else can be imported there."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path


def environment(folder: Path, wheel: Path | None = None) -> Path:
    """Make an environment with polars, and with the files of a wheel; return its interpreter.

    A wheel of Python code is unpacked, which is what pip does, in a tenth of the time.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    [packages] = folder.glob("lib/python*/site-packages")
    for name in ("polars", "_polars_runtime_32"):  # the installed ones, to spare a download
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        (packages / name).symlink_to(Path(spec.origin).parent)
    if wheel is not None:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(packages)
    return folder / "bin" / "python"


def pip_installs(wheel: Path, folder: Path) -> set[str]:
    """Install a wheel with pip into a new environment; return the names of all files that are there then."""
    python = environment(folder)
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel]
    subprocess.run(pip, check=True, capture_output=True)
    [packages] = folder.glob("lib/python*/site-packages")
    return {path.relative_to(packages).as_posix() for path in packages.rglob("*")}
